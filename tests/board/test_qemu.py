# SPDX-License-Identifier: Apache-2.0
"""./dev qemu: both consoles on one output, and a power cut that leaves nothing running."""
import os
import signal
import subprocess
import sys
import time

import common
import pytest


def dev_qemu(*arguments):
    return subprocess.Popen([sys.executable, common.ROOT / "tools/dev/qemu.py", *map(str, arguments)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def children(pid):
    return [int(word) for word in open(f"/proc/{pid}/task/{pid}/children", encoding="ascii").read().split()]


def until(process, words):
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"no '{words}': {process.stderr.read()}")


@pytest.mark.claim("tools.qemu", "functional")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_killing_it_cuts_the_power(workshop, how):
    process = dev_qemu("--dir", workshop.device().folder)
    try:
        assert until(process, "BL2: START").startswith("S| ")
        assert until(process, "probe: ready") == "probe: ready\n"
        process.stdin.write("read 20400\n")
        process.stdin.flush()
        until(process, "probe: read 0x")
        (emulator,) = children(process.pid)
    finally:
        process.send_signal(how)
        process.communicate(timeout=10)
    deadline = time.monotonic() + 5
    while os.path.exists(f"/proc/{emulator}") and time.monotonic() < deadline:
        time.sleep(0.05)
    outlives = os.path.exists(f"/proc/{emulator}")
    if outlives:
        os.kill(emulator, signal.SIGKILL)
    assert not outlives


@pytest.mark.claim("tools.qemu", "malformed")
def test_a_folder_without_a_device_is_an_error(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        process = dev_qemu("--dir", folder)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 2 and "try: " in errors and "Traceback" not in errors
