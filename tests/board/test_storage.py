# SPDX-License-Identifier: Apache-2.0
"""The thief's kit on the board: Protected Storage under a flash programmer (firmware/storage.c)."""
import re

import pytest

BOOT_S = 30
EXTERNAL = 0x800000
REFUSED = {-149, -152}   # PSA_ERROR_INVALID_SIGNATURE, PSA_ERROR_DATA_CORRUPT


def start(device):
    """One start of the device: what it got and stored, as {word: (status, number)}."""
    device.start()
    try:
        device.wait(r"storage: audit", BOOT_S)
        lines = list(device.lines)
    finally:
        device.kill()
    found = [re.fullmatch(r"storage: (\w+) (-?\d+), (\d+)", line) for line in lines]
    return {match[1]: (int(match[2]), int(match[3])) for match in found if match}


@pytest.mark.claim("ps.replay", "attack")
def test_the_thiefs_kit(workshop):
    device = workshop.device(workshop.images(nonsecure="storage"))
    flash = device.folder / "flash.bin"
    assert start(device)["get"][0] == -140
    old = flash.read_bytes()[EXTERNAL:]
    assert b"CANARY" not in old and old.strip(b"\xff"), "external flash holds the object, and tells nothing"
    second = start(device)
    assert second["get"] == (0, 1) and second["set"] == (0, 2)
    waiting = second["audit"][1]
    with open(flash, "r+b") as file:   # external flash as it was
        file.seek(EXTERNAL)
        file.write(old)
    third = start(device)
    assert third["get"][0] in REFUSED and third["audit"][1] == waiting + 1
    assert third["set"] == (0, 1), "who stores anew goes on"
    assert start(device)["get"] == (0, 1)
