# SPDX-License-Identifier: Apache-2.0
"""boardgen on the boards of the tree, as a build runs it."""
import difflib
import re
import shutil
import subprocess

import common
import pytest

BOARDGEN = common.BUILD / "host/bin/boardgen"


def generate(boards, board, out):
    (out / "include/merlon/board").mkdir(parents=True)
    subprocess.run(["dtc", "-@", "-I", "dts", "-O", "dtb", "-i", boards, "-o", out / "board.dtb", boards / board / "board.dts"], check=True)
    command = [BOARDGEN, out / "board.dtb", f"boards/{board}/board.dts", out]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def defines(path):
    return dict(re.findall(r"^#define (BOARD_\w+) (\w+)$", path.read_text(), re.MULTILINE))


def world(out):
    """The world table as numbers: SAU rows, PPC words by address, interrupt targets."""
    text = (out / "world_table.c").read_text()
    tables = dict(re.findall(r"static const \S+ ?\S* (\w+)\[\] = \{\n(.*?)\n\};", text, re.DOTALL))
    numbers = {name: [[int(number, 0) for number in re.findall(r"\b(0x[0-9a-f]+|\d+)u?\b", row.split("/*")[0])]
                      for row in body.splitlines()] for name, body in tables.items()}
    return numbers["sau"], dict(numbers["ppc"]), [row[0] for row in numbers["interrupt_targets"]]


@pytest.fixture(name="boards")
def copy_of_boards(tmp_path):
    return shutil.copytree(common.ROOT / "boards", tmp_path / "boards")


@pytest.mark.claim("isolation.one_line", "functional")
def test_moving_a_uart_to_the_other_world_is_one_line(boards, tmp_path):
    source = boards / "common/sse_bus.dtsi"
    before, after = tmp_path / "before", tmp_path / "after"
    assert generate(boards, "an521", before).returncode == 0
    old = source.read_text()
    head, tail = old.split("uart2: serial", 1)
    new = head + "uart2: serial" + tail.replace('merlon,world = "secure"', 'merlon,world = "non-secure"', 1)
    source.write_text(new)
    changed = [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]
    assert len(changed) == 2   # one line out, one in
    assert generate(boards, "an521", after).returncode == 0

    sau, ppc, targets = world(before)
    moved_sau, moved_ppc, moved_targets = world(after)
    assert moved_sau == sau
    apb_ppc_exp1 = 0x50080084
    assert moved_ppc == ppc | {apb_ppc_exp1: ppc[apb_ppc_exp1] | 1 << 7}
    interrupts = (36, 37, 44)
    assert all(not targets[1] >> (number - 32) & 1 for number in interrupts)
    assert moved_targets == [targets[0], targets[1] | sum(1 << (number - 32) for number in interrupts), *targets[2:]]

    headers = "include/merlon/board/devices_{}.h"
    secure, moved_secure = (defines(folder / headers.format("secure")) for folder in (before, after))
    nonsecure, moved_nonsecure = (defines(folder / headers.format("nonsecure")) for folder in (before, after))
    uart2 = {key for key in secure if key.startswith("BOARD_UART2_")}
    assert set(secure) - set(moved_secure) == uart2 == set(moved_nonsecure) - set(nonsecure)
    assert secure["BOARD_UART2_BASE"] == "0x50202000u" and moved_nonsecure["BOARD_UART2_BASE"] == "0x40202000u"


@pytest.mark.claim("isolation.tables", "functional")
def test_both_boards_have_the_same_map(boards, tmp_path):
    files = ["include/merlon/board/flash_map.h", "include/merlon/board/memory.h", "include/merlon/board/devices_secure.h", "host_map.c",
             "include/merlon/board/devices_nonsecure.h", "memory_bl2.ld", "memory_secure.ld", "memory_nonsecure.ld"]
    for board in ("an505", "an521"):
        assert generate(boards, board, tmp_path / board).returncode == 0
    for name in files:
        assert (tmp_path / "an505" / name).read_text() == (tmp_path / "an521" / name).read_text(), name


@pytest.mark.claim("isolation.tables", "property")
def test_what_the_world_table_opens_is_what_the_design_opens(boards, tmp_path):
    """The split of the an521, written down a second time."""
    assert generate(boards, "an521", tmp_path / "out").returncode == 0
    sau, ppc, targets = world(tmp_path / "out")
    assert sau == [[0x00020000, 0x0009ffff, 0], [0x28200000, 0x283fffff, 0], [0x40000000, 0x4fffffff, 0]]
    # Ethernet; no DMA; timers 0 and 1; UART0; FPGAIO; no master; bus errors on; no veneers in the aliases.
    assert ppc == {0x50080060: 1 << 5, 0x50080064: 0, 0x50080070: 0b11, 0x50080074: 0, 0x50080080: 0, 0x50080084: 1 << 5,
                   0x50080088: 1 << 2, 0x500800d0: 0, 0x50080010: 1, 0x50080014: 0,
                   # Devices on the peripheral buses answer unprivileged Secure code: a partition's domain says which.
                   0x500800b0: 0b111, 0x500800c4: 0xffff}
    nonsecure = {0, 1, 3, 4, 32, 33, 42, 48}
    assert {32 * i + bit for i, word in enumerate(targets) for bit in range(32) if word >> bit & 1} == nonsecure


@pytest.mark.claim("isolation.tables", "malformed")
def test_a_refused_board_writes_nothing(boards, tmp_path):
    source = boards / "common/memory_map.dtsi"
    source.write_text(source.read_text().replace("reg = <0x202000 0x2000>", "reg = <0x202000 0x2800>"))
    result = generate(boards, "an521", tmp_path / "out")
    assert result.returncode == 1
    area = "/memory@80000000/flash@0/area@202000"
    assert f"boardgen: boards/an521/board.dts: {area}: reg: 0x202000 + 0x2800 are not whole erase sectors" in result.stderr
    assert "\n  try: " in result.stderr
    assert not (tmp_path / "out/world_table.c").exists()


@pytest.mark.claim("tools.errors", "functional")
def test_wrong_usage_is_not_a_refusal(tmp_path):
    assert subprocess.run([BOARDGEN], capture_output=True, check=False).returncode == 2
    assert subprocess.run([BOARDGEN, tmp_path / "none.dtb", "x", tmp_path], capture_output=True, check=False).returncode == 2
