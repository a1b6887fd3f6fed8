# SPDX-License-Identifier: Apache-2.0
"""What board tests work with: emulated devices, provisioned afresh, and the symbols of their images."""
import itertools
import os
import subprocess
from pathlib import Path

import common
import maker as makers
from device import Device

serials = itertools.count(1)


class Workshop:
    """Makes devices of one board and product in a test's folder and switches them off."""

    def __init__(self, folder, board="an521", product=None):
        self.folder = Path(folder)
        self.maker = makers.Maker(self.folder / "images", board, product or os.environ["MERLON_PRODUCT"], keys=self.folder / "keys")
        self.devices = []

    def images(self, version="1.0.0", counter=1, nonsecure="probe", key=None, options=()):
        """Signed images of a set: the product's Secure image and a Non-secure one, by default the probe."""
        return {makers.SECURE: self.maker.sign(makers.SECURE, version, counter, key, options=options),
                makers.NONSECURE: self.maker.sign(makers.NONSECURE, version, counter, key, nonsecure, options)}

    def blank(self, lifecycle="secured", key=None, server=None, older=()):
        """A provisioned device without images, switched off; with a server (url, server_name, ca) it has a network."""
        number = next(serials)
        folder = self.folder / f"device{number}"
        self.maker.provision(folder, f"TEST-{number}", key=key, server=server, lifecycle=lifecycle, older=older)
        self.devices.append(Device(folder, network=server is not None))
        return self.devices[-1]

    def device(self, images=None, **options):
        """A provisioned device with images in its primary slots, switched off."""
        device = self.blank(**options)
        self.maker.flash(device.folder, images or self.images())
        return device

    def close(self):
        for device in self.devices:
            device.kill()


def symbol(image, name, preset=None):
    """The address of a symbol of an image."""
    preset = preset or f"an521-{os.environ['MERLON_PRODUCT']}"
    listing = subprocess.run(["arm-none-eabi-nm", common.BUILD / preset / f"bin/{image}.elf"], capture_output=True, text=True, check=True)
    return next(int(line.split()[0], 16) for line in listing.stdout.splitlines() if line.split()[-1] == name)
