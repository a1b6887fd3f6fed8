# SPDX-License-Identifier: Apache-2.0
"""Running `merlon` and MCUboot's imgtool, each in the test's own folder."""
import subprocess
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[3] / "build"


class Program:
    """A program under test; a call gives status, stdout and stderr as text."""

    def __init__(self, path, folder):
        self.path = path
        self.folder = folder

    def __call__(self, *arguments):
        result = subprocess.run([str(self.path), *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        return result.returncode, result.stdout, result.stderr

    def ok(self, *arguments):
        """Call and expect exit status 0; give stdout."""
        status, output, errors = self(*arguments)
        assert status == 0, f"{self.path.name} {' '.join(map(str, arguments))}: {status}\n{output}{errors}"
        return output


@pytest.fixture
def merlon(tmp_path):
    return Program(BUILD / "host/bin/merlon", tmp_path)


@pytest.fixture
def imgtool(tmp_path):
    return Program(BUILD / "venv/bin/imgtool", tmp_path)


@pytest.fixture(scope="session")
def mode(request):
    """quick, normal or nightly: how long a campaign may take."""
    return request.config.getoption("--merlon-mode")
