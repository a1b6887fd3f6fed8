# SPDX-License-Identifier: Apache-2.0
"""QEMU is killed at random instants of a swap and of a revert: the device never bricks and never runs a mixed set.

30 kills in every run, 500 at night. The seed is printed; MERLON_SEED=N plays it again.
"""
import os
import random
import secrets
import time

import pytest
from device import Device
from maker import NAMES, NONSECURE, SECURE, Maker

SETS = {"1.0.0": 1, "1.1.0": 1}   # version: security counter
FILLER_SIZE = 160 << 10           # makes a swap long enough to be hit
SWAP_S = 0.04                     # about how long it takes
BOOT_S = 60
STARTED = r"starting image 0 (\S+) and image 1 (\S+)"
SEEN = rf"moving image|going on after half step|nothing may run|{STARTED}"


class Campaign:
    """One device on which a set is staged again and again."""

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.maker = Maker(folder / "images")
        self.folder = folder / "device"
        self.device = Device(self.folder, network=False)
        filler = self.random.randbytes(FILLER_SIZE)
        self.firmware = folder / "firmware"
        self.firmware.mkdir()
        for name in NAMES:
            (self.firmware / f"{name}.bin").write_bytes((self.maker.firmware / f"{name}.bin").read_bytes() + filler)
        self.maker.firmware = self.firmware
        self.maker.provision(self.folder, "kills")
        self.maker.flash(self.folder, self.images("1.0.0"))
        self.kills = self.resumed = 0

    def images(self, version, *options):
        return {image: self.maker.sign(image, version, SETS[version], options=options) for image in (SECURE, NONSECURE)}

    def stage(self):
        self.maker.flash(self.folder, self.images("1.1.0", "--pad"), slot="secondary")

    def boot(self):
        """Boot until the set runs or sectors move; kill a move at a random instant. Return the version of the set that ran."""
        self.device.start()
        while True:
            match = self.device.wait(SEEN, BOOT_S)
            assert "nothing may run" not in match[0], f"bricked\n{self.device.tail()}"
            self.resumed += "half step" in match[0]
            if match[1] is not None:
                assert match[1] == match[2], f"a mixed set runs: {match[0]}"
                self.device.kill()
                return match[1].split("+")[0]
            if self.random.random() < 0.8:
                time.sleep(self.random.uniform(0, SWAP_S))
                self.device.kill()
                self.kills += 1
                return None


@pytest.mark.slow
@pytest.mark.claim("update.kill", "power-cut")
def test_random_kills_during_swap(request, tmp_path):
    wanted = 500 if request.config.getoption("--merlon-mode") == "nightly" else 30
    seed = int(os.environ.get("MERLON_SEED", secrets.randbits(32)))
    print(f"seed {seed}")
    campaign = Campaign(tmp_path, seed)
    ran = {"1.0.0": 0, "1.1.0": 0}
    try:
        while campaign.kills < wanted:
            version = campaign.boot()
            if version is None:
                continue
            ran[version] += 1
            if version == "1.0.0":
                campaign.stage()
    finally:
        campaign.device.kill()
    print(f"{campaign.kills} kills, {campaign.resumed} swaps resumed, sets ran {ran}")
    assert campaign.resumed > 0 and all(ran.values()), f"the campaign did not cut what it wanted to cut: {campaign.resumed}, {ran}"
