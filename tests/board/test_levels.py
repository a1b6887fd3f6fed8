# SPDX-License-Identifier: Apache-2.0
"""Products `level1` and `level3` start, and their services answer. By night the whole board suite runs on each (./dev test --nightly)."""
import common
import pytest
from workshop import Workshop

BOOT_S = 20
PRODUCTS = {"level1": 1, "level3": 3}


@pytest.fixture(name="device", params=PRODUCTS, scope="module")
def device_of_a_level(request, tmp_path_factory):
    """Its firmware is built here: what every test run needs of it is little."""
    preset = f"an521-{request.param}"
    log = common.BUILD / f"log/{preset}.log"
    common.run_quiet(["cmake", "--preset", preset], log)
    common.run_quiet(["cmake", "--build", common.BUILD / preset, "--target", "image_bl2", "image_secure", "image_psa"], log)
    one = Workshop(tmp_path_factory.mktemp(request.param), product=request.param)
    device = one.device(one.images(nonsecure="psa"))
    device.start()
    device.wait("S: ready", BOOT_S)
    yield device
    one.close()


def ask(device, word):
    device.send(word + "\n")
    return device.wait(rf"psa: {word} 0x(\w+) 0x(\w+)", 20)


@pytest.mark.slow
@pytest.mark.claim("isolation.levels", "functional")
def test_a_service_answers_through_its_domain(device):
    """Crypto calls Internal Trusted Storage calls flash; noise comes from a device of Crypto's own."""
    first, second = ask(device, "random"), ask(device, "random")
    assert first[1] == second[1] == "00000000" and first[2] != second[2]
    assert ask(device, "generate")[1] == "00000000"


@pytest.mark.slow
@pytest.mark.claim("isolation.levels", "property")
def test_the_build_says_its_level(device):
    text = (device.firmware.parent / "generated/product/include/merlon/product/config.h").read_text()
    assert f"#define MERLON_ISOLATION_LEVEL UINT32_C({PRODUCTS[device.product]})" in text
    confined = (device.firmware.parent / "generated/spm/partitions.json").read_text().count('"confined": true')
    assert (confined > 5) == (PRODUCTS[device.product] == 3)
