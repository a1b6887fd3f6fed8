# SPDX-License-Identifier: Apache-2.0
"""Sizes are read right: from a program made here, whose sizes are known."""
import subprocess

import elf
import pytest

SOURCE = """
__attribute__((section(".rodata.log"), used)) const char log_text[100] = "x";
__attribute__((used)) const char constant[64] = "y";
__attribute__((used)) char filled[32] = "z";
__attribute__((used)) char zeroed[256];
__attribute__((section(".stack"), used)) char stack[512];
__attribute__((naked, used)) void _start(void) { __asm__("nop"); }
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elf")
    (folder / "a.c").write_text(SOURCE)
    script = ".text", ".rodata.log", ".rodata", ".data", ".bss"
    (folder / "a.ld").write_text("SECTIONS {" + "".join(f"{name} : {{ *({name}) }}\n" for name in script)
                                 + ".stack (NOLOAD) : { *(.stack) } }")
    subprocess.run(["arm-none-eabi-gcc", "-mcpu=cortex-m33", "-mthumb", "-nostdlib", "-T", "a.ld", "-Wl,-Map=a.map", "-Wl,-n",
                    "-o", "a.elf", "a.c"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return folder


@pytest.mark.claim("bench.sizes", "functional")
def test_log_strings_and_stack_count_apart(program):
    code = elf.sections(program / "a.elf")[".text"][0]
    assert elf.text_size(program / "a.elf") == code + 64
    assert elf.ram_size(program / "a.elf", with_stack=False) == 32 + 256
    assert elf.ram_size(program / "a.elf", with_stack=True) == 32 + 256 + 512


@pytest.mark.claim("bench.sizes", "functional")
def test_the_link_map_is_read(program):
    assert elf.objects_size(program / "a.map", r"\.o$", (".rodata",)) == 64
    assert elf.objects_size(program / "a.map", r"nothing", (".rodata",)) == 0
    start, end = elf.functions(program / "a.elf")["_start"]
    assert start % 2 == 0 and end - start == elf.sections(program / "a.elf")[".text"][0]
