# SPDX-License-Identifier: Apache-2.0
"""What Non-secure code cannot do, tried by the probe on the emulated board, and what the device does about it."""
import re

import pytest
from workshop import symbol

BOOT_S = 20
SECURE_PLACES = {
    "Secure RAM": 0x38000000, "its Non-secure alias": 0x28000000, "boot loader": 0x10000000, "shared data": 0x30007800,
    "reset cause": 0x30007c00, "Secure image": 0x80001000, "other slot": 0x80080000, "journal": 0x80202000, "factory data": 0x80226000,
    "external flash": 0x80800000, "Secure console": 0x50201000, "memory protection": 0x58007000,
}
# Behind an expansion port the hardware answers zero and drops writes instead of faulting.
SILENT_PLACES = {"OTP": 0x4020d000, "Secure console": 0x40201000, "noise": 0x40204000}


@pytest.fixture
def probe(workshop):
    device = workshop.device()
    device.start()
    device.wait("probe: ready", BOOT_S)
    return device


def faults(device, command, what="SecureFault", cause=4):
    """The command ends in a fault that is reported and retained; the device starts again by itself."""
    device.send(command + "\n")
    report = device.wait(rf"S\| S: {what} of the Non-secure world, .*", 5)[0]
    device.wait(rf"BL2: RESET .*reset cause {cause}", 5)
    device.wait("probe: ready", BOOT_S)
    return report


@pytest.mark.claim("isolation.memory", "attack")
def test_secure_memory_cannot_be_read(probe):
    for name, address in SECURE_PLACES.items():
        probe.send(f"read {address:x}\n")
        match = probe.wait(r"of the Non-secure world|probe: read (\w+)", 5)
        assert match[1] is None, f"{name}: read {match[1]}"
        probe.wait("probe: ready", BOOT_S)


def flash_around_audit(device):
    """flash.bin before and behind the audit log, in which the Secure world records each fault."""
    header = (device.firmware.parent / "generated/board/include/merlon/board/flash_map.h").read_text(encoding="utf-8")
    offset, size = (int(re.search(rf"#define BOARD_FLASH_AUDIT_{name}\s+(\w+?)u\b", header)[1], 0) for name in ("OFFSET", "SIZE"))
    flash = (device.folder / "flash.bin").read_bytes()
    return flash[:offset], flash[offset + size:]


@pytest.mark.claim("isolation.memory", "attack")
def test_secure_memory_cannot_be_written(probe):
    before = flash_around_audit(probe)
    for address in (0x38000000, 0x80000400, 0x80202000, 0x10000000):
        faults(probe, f"write {address:x} 0")
    assert flash_around_audit(probe) == before


@pytest.mark.claim("isolation.memory", "attack")
def test_secure_devices_behind_a_port_are_silent(probe):
    for name, address in SILENT_PLACES.items():
        probe.send(f"read {address:x}\n")
        assert probe.wait(r"probe: read (\w+)", 5)[1] == "0x00000000", name


@pytest.mark.claim("isolation.memory", "attack")
def test_secure_code_is_entered_by_veneers_only(probe):
    """An inner function, and the second instruction of a veneer."""
    assert "sfsr 0x00000001" in faults(probe, f"call {symbol('secure', 'main') | 1:x}")
    faults(probe, f"call {symbol('secure', 'veneers_start') + 4 | 1:x}")


@pytest.mark.claim("isolation.core", "attack")
def test_the_nonsecure_world_cannot_reset_the_device(probe):
    probe.send("write e000ed0c 05fa0004\n")
    probe.wait("probe: written", 5)
    probe.send("read 20400\n")
    probe.wait("probe: read", 5)


@pytest.mark.claim("fault.recover", "functional")
def test_the_cause_of_a_fault_survives_the_reset(probe):
    faults(probe, "read 38000000")
    report = faults(probe, "undefined", "fault", cause=5)
    assert "cfsr_ns 0x00010000" in report
    probe.kill()
    probe.start()
    probe.wait(r"BL2: RESET .*reset cause 0", BOOT_S)


@pytest.mark.slow
@pytest.mark.claim("watchdog.liveness", "functional")
def test_a_world_that_hangs_is_reset_by_the_watchdog(probe):
    probe.send("hang\n")
    probe.wait(r"S: the watchdog was not fed", 40)
    probe.wait(r"BL2: RESET .*reset cause 2", 10)
    probe.wait("probe: ready", BOOT_S)
