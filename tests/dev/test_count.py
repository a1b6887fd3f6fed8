# SPDX-License-Identifier: Apache-2.0
"""The counting plugin counts exactly, seen on a program whose instructions are known."""
import subprocess
import time

import bench
import elf
import pytest

# Vectors, then 10 turns of a loop of 2 instructions, a call, and an endless loop.
SOURCE = """
.syntax unified
.cpu cortex-m33
.thumb
.word 0x30001000, _start + 1
.global _start, work, after
.type _start, %function
_start: movs r0, #10
1: subs r0, #1
bne 1b
bl work
b after
.size _start, . - _start
.type work, %function
work: nop
nop
bx lr
.size work, . - work
.type after, %function
after: b after
.size after, . - after
"""


@pytest.mark.claim("bench.count", "functional")
def test_each_instruction_counts_once(tmp_path):
    (tmp_path / "a.S").write_text(SOURCE)
    subprocess.run(["arm-none-eabi-gcc", "-mcpu=cortex-m33", "-mthumb", "-nostdlib", "-Wl,-Ttext=0x10000000", "-o", "a.elf", "a.S"],
                   cwd=tmp_path, check=True)
    marks = elf.functions(tmp_path / "a.elf")
    words = [f"mark={name}:{start:x}:{end:x}" for name, (start, end) in marks.items() if name in ("_start", "work", "after")]
    qemu = subprocess.Popen(["qemu-system-arm", "-M", "mps2-an521", "-kernel", tmp_path / "a.elf", "-display", "none", "-monitor", "none",
                             "-serial", "none", "-nic", "none", "-plugin", ",".join([str(bench.PLUGIN), f"out={tmp_path}/count", *words])])
    try:
        end = time.monotonic() + 20
        while "after" not in ((tmp_path / "count").read_text() if (tmp_path / "count").exists() else ""):
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        qemu.kill()
        qemu.wait()
    counted = bench.Counted(tmp_path / "count", [word.split(":")[0].removeprefix("mark=") for word in words])
    assert counted.first("_start") == 0
    assert counted.first("work") == 1 + 10 * 2 + 1
    assert counted.first("after") == counted.first("work") + 3 + 1
    assert counted.inside("work", "after") == 3
