# SPDX-License-Identifier: Apache-2.0
"""Third-party sources: a wrong signature and a wrong digest stop the set-up before anything is unpacked. Needs the Debian mirror."""
import os
import re
import shutil
import subprocess

import common
import pytest


@pytest.fixture
def tree(tmp_path):
    """What set-up needs of the tree, with nothing fetched."""
    (tmp_path / "tools/dev").mkdir(parents=True)
    shutil.copy(common.ROOT / "tools/dev/setup.sh", tmp_path / "tools/dev")
    lock = (common.ROOT / "deps.lock").read_text(encoding="utf-8")
    (tmp_path / "deps.lock").write_text("".join(line for line in lock.splitlines(True) if line.startswith(("#", "lwip"))))
    return tmp_path


def set_up(tree, **environment):
    return subprocess.run(["sh", "tools/dev/setup.sh"], cwd=tree, capture_output=True, text=True, env=dict(os.environ, **environment))


def unpacked(tree):
    return [path for path in (tree / "build/deps").glob("lwip*") if path.is_dir() or path.suffix == ".fetched"]


@pytest.mark.slow
@pytest.mark.claim("tree.deps", "attack")
def test_a_suite_signed_by_somebody_else_is_refused(tree):
    keyring = tree / "other.gpg"
    keyring.write_bytes(b"")
    result = set_up(tree, MERLON_KEYRING=str(keyring))
    assert result.returncode != 0 and not unpacked(tree)


@pytest.mark.slow
@pytest.mark.claim("tree.deps", "attack")
def test_a_source_with_another_digest_is_refused(tree):
    lock = tree / "deps.lock"
    lock.write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, lock.read_text()))
    result = set_up(tree)
    assert result.returncode != 0 and "differs from deps.lock" in result.stderr and not unpacked(tree)
