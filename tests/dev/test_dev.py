# SPDX-License-Identifier: Apache-2.0
"""The script ./dev itself."""
import subprocess

import common
import pytest


def dev(*words):
    return subprocess.run([common.ROOT / "dev", *words], capture_output=True, text=True, cwd="/")


@pytest.mark.claim("dev.commands", "functional")
def test_help_lists_every_command():
    result = dev("help")
    assert result.returncode == 0
    commands = {path.stem for path in (common.ROOT / "tools/dev").glob("*.py")
                if "argparse.ArgumentParser" in path.read_text(encoding="utf-8")}
    assert {"run", "test", "build", "qemu", "bench", "fuzz", "fmt", "lint"} <= commands
    for command in commands:
        assert f" {command}" in result.stdout, command


@pytest.mark.claim("dev.commands", "malformed")
def test_an_unknown_command_is_refused_with_a_way_out():
    result = dev("brew")
    assert result.returncode == 2 and "brew" in result.stderr and "try: ./dev help" in result.stderr


@pytest.mark.claim("dev.setup", "functional")
def test_set_up_is_quick_when_nothing_is_missing():
    result = subprocess.run([common.ROOT / "dev", "setup"], capture_output=True, text=True, timeout=10)
    assert result.returncode == 0 and result.stderr == ""
