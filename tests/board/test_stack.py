# SPDX-License-Identifier: Apache-2.0
"""How deep the stacks of the Secure world get: a debugger looks at what was written of them. For `merlon partitions`."""
import re

import common
import debugger
import elf
import pytest
from workshop import Workshop, symbol

BOOT_S, LIMIT, PIECE = 20, 0.9, 1024
WORDS = ("random", "generate")


def stacks(folder):
    """{name: (lowest address, first address above)}: the main stack and those of partitions."""
    listing = elf.tool("nm", "-S", folder / "bin/secure.elf")
    found = {match[3]: (int(match[1], 16), int(match[1], 16) + int(match[2], 16))
             for match in re.finditer(r"^(\w+) (\w+) b stack_(\w+)$", listing, re.MULTILINE)}
    edge = {name: int(address, 16) for address, name in re.findall(r"^(\w+) \w stack_(limit|top)$", listing, re.MULTILINE)}
    return {"main": (edge["limit"], edge["top"]), **found}


def used(debug, lowest, above):
    """Bytes from the lowest one that is not zero, as all are at the start, to the top."""
    data = b"".join(debug.memory(at, min(PIECE, above - at)) for at in range(lowest, above, PIECE))
    return len(data) - next((i for i, byte in enumerate(data) if byte != 0), len(data))


@pytest.fixture(name="depths", params=("default", "level3"), scope="module")
def depths_after_some_calls(request, tmp_path_factory):
    """{stack: (bytes used, bytes allowed)}"""
    preset = f"an521-{request.param}"
    log = common.BUILD / f"log/{preset}.log"
    common.run_quiet(["cmake", "--preset", preset], log)
    common.run_quiet(["cmake", "--build", common.BUILD / preset, "--target", "image_bl2", "image_secure", "image_psa"], log)
    one = Workshop(tmp_path_factory.mktemp("stack"), product=request.param)
    found = {}
    try:
        device = one.device(one.images(nonsecure="psa"))
        device.start(extra=debugger.ARGUMENTS)
        with debugger.Debugger(device.folder) as debug:
            debug.go()
            device.wait("psa: ready", BOOT_S)
            for word in WORDS:
                device.send(word + "\n")
                device.wait(rf"psa: {word} 0x00000000", BOOT_S)
            debug.stop_at(symbol("secure", "__acle_se_merlon_veneer_call", preset))
            device.send("random\n")
            debug.wait_stop(BOOT_S)    # in the Secure state, which sees Secure memory
            for name, (lowest, above) in stacks(common.BUILD / preset).items():
                found[name] = used(debug, lowest, above), above - lowest
    finally:
        one.close()
    (common.BUILD / "test" / f"stack-{preset}.txt").write_text("".join(f"{name} {depth[0]}\n" for name, depth in found.items() if depth[0] > 0))
    return request.param, found


@pytest.mark.slow
@pytest.mark.claim("partitions.stack", "property")
def test_stacks_are_deep_enough(depths):
    product, found = depths
    assert len(found) > (5 if product == "level3" else 0)
    assert found["main"][0] > 0
    assert not [f"{name}: {depth} of {allowed}" for name, (depth, allowed) in found.items() if depth > LIMIT * allowed]
