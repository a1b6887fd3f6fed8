# SPDX-License-Identifier: Apache-2.0
"""What one stage leaves to the next, looked at with a debugger at the next one's first instruction."""
import debugger
import pytest
from workshop import symbol

BL2_RAM, BL2_RAM_SIZE, SHARED_DATA = 0x30000000, 0x7800, 0x30007800
MPC_SRAM0 = 0x50083000
STACK_SEAL = bytes.fromhex("a5edf5fe") * 2


@pytest.fixture
def stopped(workshop):
    """A device that has not executed its first instruction, and the debugger on it."""
    device = workshop.device()
    device.start(extra=debugger.ARGUMENTS)
    with debugger.Debugger(device.folder) as one:
        one.device = device
        yield one


@pytest.mark.claim("boot.lock", "functional")
def test_the_boot_loader_leaves_no_trace(stopped):
    stopped.run_to(symbol("bl2", "jump_to_image"))
    assert stopped.memory(symbol("bl2", "stack_top"), 8) == STACK_SEAL
    stopped.run_to(symbol("secure", "start_reset"))
    ram = b"".join(stopped.memory(BL2_RAM + offset, 0x400) for offset in range(0, BL2_RAM_SIZE, 0x400))
    assert not any(ram)
    assert not any(stopped.registers()[:13])
    assert stopped.memory(SHARED_DATA, 2) == bytes.fromhex("1620")


@pytest.mark.claim("boot.lock", "functional")
def test_the_boot_loader_locks_the_owner_of_its_memory(stopped):
    """At the Secure image's first instruction the controller in front of BL2's RAM and the shared data takes no change any more."""
    stopped.run_to(symbol("secure", "start_reset"))
    control = int.from_bytes(stopped.memory(MPC_SRAM0, 4), "little")
    assert control >> 31 == 1, f"control register {control:#x}"


@pytest.mark.claim("isolation.stack_seal", "functional")
def test_tfmv_1_the_secure_stack_is_sealed(stopped):
    stopped.run_to(symbol("secure", "main"))
    assert stopped.memory(symbol("secure", "stack_top"), 8) == STACK_SEAL


@pytest.mark.claim("isolation.stack_seal", "attack")
def test_a_forged_return_finds_the_seal(stopped):
    """The first thing that the Non-secure world does is to return from a Secure function that it never called."""
    start = symbol("probe", "start_reset")
    stopped.run_to(start)
    code = stopped.memory(start & ~1, 0x200)
    bx_lr = next(offset for offset in range(0, len(code), 2) if code[offset:offset + 2] == bytes.fromhex("7047"))
    stopped.set_register(14, 0xfeffffff)
    stopped.set_register(15, (start & ~1) + bx_lr)
    stopped.go()
    # INVPC: the seal is no return state. Anything else on top of the stack would have been taken for one.
    stopped.device.wait(r"S: fault of the Non-secure world, .* cfsr_ns 0x00040000", 10)
    stopped.device.wait(r"BL2: RESET .*reset cause 5", 10)


@pytest.mark.claim("isolation.registers", "functional")
def test_no_secure_register_reaches_the_nonsecure_world(stopped):
    """The link register is the jump's own target; r0 to r12 carry nothing."""
    stopped.run_to(symbol("probe", "start_reset"))
    assert not any(stopped.registers()[:13])


@pytest.mark.claim("fault.recover", "functional")
def test_a_full_stack_is_a_fault_and_no_lockup(stopped):
    """The Secure stack pointer is moved to the end of its stack: the next push faults, is reported and retained, and the device resets."""
    stopped.run_to(symbol("secure", "world_set_up"))
    stopped.set_register(13, symbol("secure", "stack_limit"))
    stopped.go()
    assert "cfsr 0x0010" in stopped.device.wait(r"S: fault of the Secure world, .*", 10)[0]
    stopped.device.wait(r"BL2: RESET .*reset cause 6", 10)


@pytest.mark.claim("fault.recover", "functional")
def test_a_fault_of_the_boot_loader_is_reported_and_retained(stopped):
    """It is sent to execute where nothing may be executed."""
    stopped.run_to(symbol("bl2", "jump_to_image"))
    stopped.set_register(15, 0xe0000000)
    stopped.go()
    stopped.device.wait(r"BL2: FAULT \(115\): exception 3", 10)
    stopped.device.wait(r"BL2: RESET .*reset cause 6", 10)
    stopped.device.wait("probe: ready", 20)
