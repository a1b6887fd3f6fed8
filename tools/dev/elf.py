# SPDX-License-Identifier: Apache-2.0
"""Sizes and addresses of a firmware image, from its ELF file and its link map."""
import re
import subprocess

SECTION = re.compile(r"^\s*\[\s*\d+\]\s+(\.\S+)\s+\S+\s+[0-9a-f]+\s+[0-9a-f]+\s+([0-9a-f]+)\s+\S+\s+([A-Z]+)", re.MULTILINE)
# An input section with its size and object file; a long name has the rest on a line of its own.
MAP_ENTRY = re.compile(r"^ (\.[\w.$-]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+)$", re.MULTILINE)
MAP_DISCARDED, MAP_START = "Discarded input sections", "Linker script and memory map"
LOG_SECTION, STACK_SECTION = ".rodata.log", ".stack"


def tool(name, *words):
    return subprocess.run([f"arm-none-eabi-{name}", *map(str, words)], capture_output=True, text=True, check=True).stdout


def sections(elf):
    """{name: (size in bytes, flags)} of the sections that are in memory when the image runs."""
    return {name: (int(size, 16), flags) for name, size, flags in SECTION.findall(tool("readelf", "-SW", elf)) if "A" in flags}


def text_size(elf):
    """Everything in ROM but the log strings: vectors, code, constants, and the initial values of data are not counted twice."""
    return sum(size for name, (size, flags) in sections(elf).items() if "W" not in flags and name != LOG_SECTION)


def ram_size(elf, with_stack):
    """.data and .bss, and the main stack where asked for."""
    return sum(size for name, (size, flags) in sections(elf).items() if "W" in flags and (with_stack or name != STACK_SECTION))


def symbols(elf, kinds):
    """{name: (first address, first address after it)} of one kind of symbols, by nm's letters; local ones of one name are kept once."""
    rows = (line.split() for line in tool("nm", "-S", "--defined-only", elf).splitlines())
    return {row[3]: (int(row[0], 16), int(row[0], 16) + int(row[1], 16)) for row in rows if len(row) == 4 and row[2] in kinds}


def functions(elf):
    """{name: (first address, first address after it)} of the functions, without the Thumb bit."""
    return {name: (start & ~1, end & ~1) for name, (start, end) in symbols(elf, "tTwW").items()}


def objects_size(link_map, pattern, kinds):
    """Bytes of the input sections whose name begins with one of `kinds` and whose object file matches `pattern`."""
    text = re.sub(r"^( \.\S+)\n\s+", r"\1 ", link_map.read_text(encoding="utf-8").split(MAP_START)[-1], flags=re.MULTILINE)
    return sum(int(size, 16) for name, size, file in MAP_ENTRY.findall(text)
               if name.startswith(kinds) and re.search(pattern, file) and not name.startswith(LOG_SECTION))
