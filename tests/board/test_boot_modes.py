# SPDX-License-Identifier: Apache-2.0
"""Overwrite-only and direct-XIP on the emulated board: a real update, a power cut, the way back where there is one, refusals."""
import time
from contextlib import closing

import common
import pytest
from maker import NONSECURE, SECURE, Maker
from origin import Origin
from workshop import Workshop

BOOT_S, UPDATE_S = 30, 120
OVERWRITE_BL2 = common.BUILD / "an521-overwrite/bin/bl2.elf"   # the rest of that product is product `default`
PRIMARY, SECONDARY = {SECURE: 0x80000000, NONSECURE: 0x80080000}, {SECURE: 0x80100000, NONSECURE: 0x80181000}


def events(server, device):
    return [report["event"] for report in server.reports(device.serial)]


def wait_event(server, device, event, count=1):
    end = time.monotonic() + UPDATE_S
    while events(server, device).count(event) < count:
        assert time.monotonic() < end, f"no report '{event}': {events(server, device)}\n{device.tail()}"
        time.sleep(0.05)


class InPlace:
    """The images of product xip, for either slot."""

    def __init__(self, workshop):
        folder = workshop.folder / "secondary"
        self.makers = {"primary": workshop.maker, "secondary": Maker(folder, "an521", "xip", keys=workshop.maker.keys)}
        self.makers["secondary"].firmware = common.BUILD / "an521-xip-secondary/bin"

    def images(self, slot, version, counter, *options):
        addresses = PRIMARY if slot == "primary" else SECONDARY
        return {image: self.makers[slot].sign(image, version, counter, options=("--rom-fixed", hex(addresses[image]), *options))
                for image in (SECURE, NONSECURE)}


def starts(device, version):
    device.wait(rf"starting image 0 {version}\+0 and image 1 {version}\+0", BOOT_S)


@pytest.fixture
def origin(tmp_path):
    with Origin(tmp_path / "server") as server:
        yield server


@pytest.mark.claim("boot.overwrite", "functional")
def test_overwrite_updates_over_the_air_for_good(workshop, origin):
    device = workshop.device(workshop.images("1.0.0", nonsecure="nonsecure"), server=origin)
    origin.publish("1.1.0", workshop.images("1.1.0", 2, nonsecure="nonsecure"))
    device.start(bl2=OVERWRITE_BL2)
    device.wait(r"NO_WAY_BACK \(116\)", UPDATE_S)
    starts(device, "1.1.0")
    wait_event(origin, device, "confirmed")
    assert "trial" not in events(origin, device)
    device.kill()
    device.start(bl2=OVERWRITE_BL2)
    starts(device, "1.1.0")


@pytest.mark.claim("boot.overwrite.power_cut", "power-cut")
def test_overwrite_goes_on_after_kills(workshop):
    device = workshop.device(workshop.images("1.0.0", nonsecure="nonsecure"))
    workshop.maker.flash(device.folder, workshop.images("1.1.0", 2, nonsecure="nonsecure", options=("--pad",)), slot="secondary")
    for pause in (0, 0.01, 0.02, 0.03):
        device.start(bl2=OVERWRITE_BL2)
        match = device.wait(r"moving image|going on after|starting image 0 1\.1\.0", BOOT_S)
        time.sleep(pause)
        device.kill()
    device.start(bl2=OVERWRITE_BL2)
    starts(device, r"1\.1\.0")
    assert match is not None


@pytest.mark.claim("boot.overwrite", "attack")
def test_overwrite_refuses_a_foreign_set(workshop):
    device = workshop.device(workshop.images("1.0.0", nonsecure="nonsecure"))
    foreign = workshop.images("1.1.0", 2, nonsecure="nonsecure", key=workshop.maker.key("stranger"), options=("--pad",))
    workshop.maker.flash(device.folder, foreign, slot="secondary")
    device.start(bl2=OVERWRITE_BL2)
    device.wait(r"image 0 refused: KEY_UNKNOWN", BOOT_S)
    starts(device, r"1\.0\.0")


@pytest.fixture
def external(tmp_path):
    """Product external: its boot loader and Secure image; the Non-secure image knows no flash and is product default's."""
    with closing(Workshop(tmp_path, product="external")) as one:
        folder = tmp_path / "firmware"
        folder.mkdir()
        for product, name in (("external", "secure"), ("default", "nonsecure")):
            (folder / f"{name}.bin").symlink_to(common.BUILD / f"an521-{product}/bin/{name}.bin")
        one.maker.firmware = folder
        yield one


@pytest.mark.claim("boot.swap.external", "power-cut")
def test_updates_through_flash_with_larger_sectors(external, origin):
    """Over the air into the external slots; the first swap is cut in the middle, the second one goes back."""
    def images(version, counter):
        return external.images(version, counter, nonsecure="nonsecure")

    device = external.device(images("1.0.0", 1), server=origin)
    origin.publish("1.1.0", images("1.1.0", 2))
    device.start()
    device.wait(r"moving image 0, (\d+) sectors", UPDATE_S)
    device.kill()
    device.start()
    starts(device, r"1\.1\.0")
    wait_event(origin, device, "confirmed")
    origin.publish("1.2.0", images("1.2.0", 3))
    device.wait("the set is on trial", UPDATE_S)
    device.kill()
    device.start()
    device.wait("the old set is back", BOOT_S)
    starts(device, r"1\.1\.0")


@pytest.fixture
def xip(tmp_path):
    with closing(Workshop(tmp_path, product="xip")) as one:
        yield one


@pytest.mark.claim("boot.xip", "functional")
def test_xip_updates_into_each_slot_over_the_air(xip, origin):
    images = InPlace(xip)
    device = xip.device(images.images("primary", "1.0.0", 1), server=origin)
    origin.publish("1.1.0", images.images("secondary", "1.1.0", 2))
    device.start()
    starts(device, r"1\.0\.0")
    wait_event(origin, device, "confirmed")
    origin.publish("1.2.0", images.images("primary", "1.2.0", 3))
    wait_event(origin, device, "confirmed", 2)
    device.kill()
    device.start()
    starts(device, r"1\.2\.0")
    assert not any("moving image" in line for line in device.lines)


@pytest.mark.claim("boot.xip", "functional")
def test_xip_goes_back_when_nobody_confirms(xip):
    images = InPlace(xip)
    device = xip.device(images.images("primary", "1.0.0", 1))
    xip.maker.flash(device.folder, images.images("secondary", "1.1.0", 2, "--pad"), slot="secondary")
    device.start()
    device.wait("the set is on trial, attempt 1 of 1", BOOT_S)
    starts(device, r"1\.1\.0")
    device.wait(r"app: beat 1", BOOT_S)   # the Non-secure image runs in its other slot
    device.kill()
    device.start()
    device.wait("the old set is back", BOOT_S)
    starts(device, r"1\.0\.0")
    device.wait(r"app: beat 1", BOOT_S)


@pytest.mark.claim("boot.xip", "attack")
def test_xip_refuses_an_image_for_the_other_slot(xip):
    images = InPlace(xip)
    device = xip.device(images.images("primary", "1.0.0", 1))
    xip.maker.flash(device.folder, images.images("primary", "1.1.0", 2, "--pad"), slot="secondary")
    device.start()
    device.wait(r"image 0 refused: ADDRESS", BOOT_S)
    starts(device, r"1\.0\.0")


@pytest.mark.claim("boot.fallback", "functional")
def test_xip_falls_back_to_the_other_slot(xip):
    """A release with the same counters is confirmed; then a bit of it turns."""
    images = InPlace(xip)
    device = xip.device(images.images("primary", "1.0.0", 1))
    xip.maker.flash(device.folder, images.images("secondary", "1.1.0", 1, "--pad", "--confirm"), slot="secondary")
    device.start()
    starts(device, r"1\.1\.0")
    device.kill()
    with open(device.folder / "flash.bin", "r+b") as flash:
        flash.seek(SECONDARY[NONSECURE] - PRIMARY[SECURE] + 0x2000)
        byte = flash.read(1)[0]
        flash.seek(-1, 1)
        flash.write(bytes([byte ^ 1]))
    device.start()
    device.wait(r"FALLBACK \(117\)", BOOT_S)
    starts(device, r"1\.0\.0")
    device.wait(r"app: beat 1", BOOT_S)
