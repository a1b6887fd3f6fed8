# SPDX-License-Identifier: Apache-2.0
"""A peripheral moves to the other world by one line of device tree: another firmware build, the same drivers."""
import common
import pytest

BOOT_S = 20
OVERLAY = common.ROOT / "tests/board/uart2_nonsecure.dtso"
UART2_PART = 0x40202fe0   # peripheral identification 0 of a CMSDK UART reads 0x21
CMSDK_UART_PART = "0x00000021"


@pytest.fixture(name="moved", scope="module")
def firmware_with_uart2_nonsecure():
    """The an521's firmware once more, with the overlay."""
    folder = common.BUILD / "an521-default-uart2"
    log = common.BUILD / "log/an521-default-uart2.log"
    common.run_quiet(["cmake", "--preset", "an521-default", "-B", folder, f"-DMERLON_BOARD_OVERLAYS={OVERLAY}"], log)
    common.run_quiet(["cmake", "--build", folder, "--target", "image_secure", "image_probe"], log)
    return folder


def part_as_seen_by_nonsecure_code(device):
    device.start()
    device.wait("probe: ready", BOOT_S)
    device.send(f"read {UART2_PART:x}\n")
    return device.wait(r"probe: read (\w+)", 5)[1]


@pytest.mark.slow
@pytest.mark.claim("isolation.one_line", "functional")
def test_uart2_answers_the_world_that_the_line_names(workshop, moved):
    assert part_as_seen_by_nonsecure_code(workshop.device()) == "0x00000000"
    workshop.maker.firmware = moved / "bin"
    assert part_as_seen_by_nonsecure_code(workshop.device(images=workshop.images(version="1.0.1"))) == CMSDK_UART_PART


@pytest.mark.slow
@pytest.mark.claim("isolation.one_line", "property")
def test_no_driver_changes(moved):
    drivers = [path.relative_to(moved) for path in (moved / "drivers").rglob("*.obj")]
    assert drivers
    for driver in drivers:
        assert (moved / driver).read_bytes() == (common.BUILD / "an521-default" / driver).read_bytes(), driver
