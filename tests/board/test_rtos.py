# SPDX-License-Identifier: Apache-2.0
"""The kernel on the emulated board: context switch, tick, inheritance, stack limits."""
import pytest

BOOT_S = 20


@pytest.fixture
def kernel(workshop):
    device = workshop.device(workshop.images(nonsecure="kernel"))
    device.start()
    return device


def measured(device, what):
    return int(device.wait(rf"kernel: {what} (\d+)", BOOT_S)[1])


@pytest.mark.claim("rtos.mutex.inheritance", "functional")
def test_high_waits_for_low_and_not_for_middle(kernel):
    """Low holds the mutex for 20 ms; middle would keep the core for 300."""
    assert 15 <= measured(kernel, "waited") < 150


@pytest.mark.claim("rtos.timeout", "functional")
def test_delay_lasts_its_ticks(kernel):
    assert 50 <= measured(kernel, "delayed") <= 52


@pytest.mark.claim("rtos.schedule", "functional")
def test_equals_share_the_core(kernel):
    first, second = measured(kernel, "turns"), measured(kernel, "turns")
    assert min(first, second) > 0 and max(first, second) < 3 * min(first, second)


@pytest.mark.claim("rtos.stack", "attack")
def test_stack_overflow_faults(kernel):
    kernel.wait("kernel: ready", BOOT_S)
    kernel.send("x")
    report = kernel.wait(r"S\| S: .*cfsr_ns 0x(\w+)", BOOT_S)
    assert int(report[1], 16) & 1 << 20, report[0]   # UFSR.STKOF
    kernel.wait(r"BL2: RESET .*reset cause 5", BOOT_S)
    assert not [line for line in kernel.lines if "unnoticed" in line]
