# SPDX-License-Identifier: Apache-2.0
"""From reset to the Non-secure image, and every reason to refuse: on the emulated board, with the real boot loader."""
import random
import time

import maker as makers
import pytest
from workshop import Workshop

BOOT_S = 20
NOTHING_S = 0.5


def refused(device, image, code):
    """The boot loader says why, and neither world runs."""
    device.start()
    match = device.wait(rf"BL2: image {image} refused: (\w+) \((\d+)\): .+", BOOT_S)
    assert match[1] == code
    time.sleep(NOTHING_S)
    assert device.poll(r"S\| S: |probe|NS") is None
    assert device.is_running()
    return match


def spoil(device, offset, change):
    """Rewrite one byte of flash.bin behind the device's back."""
    with open(device.folder / "flash.bin", "r+b") as flash:
        flash.seek(offset)
        byte = flash.read(1)[0]
        flash.seek(offset)
        flash.write(bytes([change(byte)]))


@pytest.mark.claim("boot.chain", "functional")
@pytest.mark.parametrize("board", ["an521", pytest.param("an505", marks=pytest.mark.slow)])
def test_boots_to_the_nonsecure_image(tmp_path, board):
    workshop = Workshop(tmp_path, board)
    try:
        device = workshop.device()
        device.start()
        device.wait(r"BL2: START .*image 0 1\.0\.0\+0 and image 1 1\.0\.0\+0", BOOT_S)
        device.wait("probe: ready", BOOT_S)
    finally:
        workshop.close()


@pytest.mark.claim("boot.refuse.hash", "attack")
@pytest.mark.parametrize("image, offset", [(0, 0x1000), (1, 0x80800)])
def test_a_tampered_image_is_refused(workshop, image, offset):
    device = workshop.device()
    spoil(device, offset, lambda byte: byte ^ 0x10)
    refused(device, image, "HASH")


@pytest.mark.claim("boot.refuse.key_unknown", "attack")
def test_an_image_by_another_key_is_refused(workshop):
    refused(workshop.device(workshop.images(key=workshop.maker.key("stranger"))), 0, "KEY_UNKNOWN")


@pytest.mark.claim("boot.refuse.signature", "attack")
def test_a_wrong_signature_is_refused(workshop):
    """Its last TLV is the signature: one bit of s changes, the encoding stays exact."""
    images = workshop.images()
    data = bytearray(images[1].read_bytes())
    data[-1] ^= 1
    images[1].write_bytes(data)
    refused(workshop.device(images), 1, "SIGNATURE")


@pytest.mark.claim("boot.refuse.counter", "attack")
def test_an_image_below_the_stored_counter_is_refused(workshop):
    device = workshop.device(workshop.images(version="1.1.0", counter=2))
    device.start()
    device.wait("probe: ready", BOOT_S)
    device.kill()
    workshop.maker.flash(device.folder, workshop.images(version="1.0.0", counter=1))
    refused(device, 0, "COUNTER")


@pytest.mark.claim("boot.refuse.key_development", "attack")
@pytest.mark.parametrize("lifecycle", ["assembly", "secured"])
def test_a_development_key_counts_until_the_device_is_secured(workshop, lifecycle):
    key = workshop.maker.key("development", development=True)
    device = workshop.device(workshop.images(key=key), key=key, lifecycle=lifecycle)
    if lifecycle == "secured":
        refused(device, 0, "KEY_DEVELOPMENT")
    else:
        device.start()
        device.wait("probe: ready", BOOT_S)


@pytest.mark.claim("boot.refuse.malformed", "malformed")
def test_an_empty_slot_is_refused(workshop):
    refused(workshop.blank(), 0, "EMPTY")


@pytest.mark.claim("boot.verified_copy", "attack")
def test_what_runs_is_the_copy(workshop):
    """The slot is spoilt while the device runs: the running image does not change, the next start refuses."""
    device = workshop.device()
    device.start()
    device.wait("probe: ready", BOOT_S)
    spoil(device, 0x80000 + makers.HEADER_SIZE + 0x300, lambda byte: byte ^ 1)
    device.send("read 20400\n")
    device.wait(r"probe: read 0x\w+")
    device.kill()
    refused(device, 1, "HASH")


@pytest.mark.claim("update.kill", "power-cut")
def test_kills_while_booting_lose_nothing(workshop):
    """A first boot raises the counters in OTP; wherever it is cut, the next one goes on."""
    device = workshop.device(workshop.images(version="1.1.0", counter=5))
    for _ in range(8):
        device.start()
        time.sleep(random.uniform(0.05, 0.4))
        device.kill()
    device.start()
    device.wait("probe: ready", BOOT_S)
    device.kill()
    workshop.maker.flash(device.folder, workshop.images(version="1.0.0", counter=4))
    refused(device, 0, "COUNTER")
