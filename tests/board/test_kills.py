# SPDX-License-Identifier: Apache-2.0
"""QEMU is killed at random instants of a download, a swap and a revert: the device never bricks and never runs a mixed set.

30 kills in every run, 500 at night. The seed is printed; MERLON_SEED=N plays it again.
"""
import os
import random
import re
import secrets
import time

import pytest
from device import Device
from maker import NAMES, NONSECURE, SECURE, Maker
from origin import Origin

SETS = {"1.0.0": 1, "1.1.0": 1}   # version: security counter
FILLER_SIZE = 160 << 10           # makes a swap long enough to be hit
SWAP_S = 0.04                     # about how long it takes
BOOT_S, UPDATE_S = 60, 120
STARTED = r"starting image 0 (\S+) and image 1 (\S+)"
LIFE_S = (0.3, 4.0)               # a boot takes about half a second, a download about two
RATE, SERIAL = "24k", "KILLS-1"
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


@pytest.fixture
def kills(request):
    """How often to kill in each of the two campaigns."""
    return 250 if request.config.getoption("--merlon-mode") == "nightly" else 15


@pytest.fixture
def seed(capsys):
    number = int(os.environ.get("MERLON_SEED", secrets.randbits(32)))
    with capsys.disabled():
        print(f" seed {number} ", end="")
    return number


@pytest.mark.slow
@pytest.mark.claim("update.kill", "power-cut")
def test_random_kills_during_swap(tmp_path, kills, seed):
    campaign = Campaign(tmp_path, seed)
    ran = {"1.0.0": 0, "1.1.0": 0}
    try:
        while campaign.kills < kills:
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


class Field:
    """A device in the field that updates itself from a server to one release after the other."""

    def __init__(self, folder, origin, seed):
        self.random, self.origin, self.release = random.Random(seed), origin, 0
        self.maker = Maker(folder / "images")
        self.device = Device(folder / "device")
        self.maker.provision(self.device.folder, SERIAL, server=origin)
        self.maker.flash(self.device.folder, self.images())
        self.publish()

    def images(self):
        """Each release counts one up, so that kills meet the counters in OTP as well."""
        return {image: self.maker.sign(image, f"1.{self.release}.0", 1 + self.release) for image in (SECURE, NONSECURE)}

    def publish(self):
        self.release += 1
        self.origin.publish(f"1.{self.release}.0", self.images())

    def live(self):
        """Run for a random while and die."""
        seen = len(self.device.lines)
        self.device.start()
        time.sleep(self.random.uniform(*LIFE_S))
        self.device.kill()
        for line in self.device.lines[seen:]:
            assert "nothing may run" not in line, f"bricked\n{self.device.tail()}"
            match = re.search(STARTED, line)
            assert match is None or match[1] == match[2], f"a mixed set runs: {line}"

    def recover(self):
        """Left in peace, the device takes one more release and confirms it."""
        self.origin.stop()
        self.origin.rate = "0"
        self.origin.start()
        self.publish()
        self.device.start()
        self.device.wait(rf"starting image 0 1\.{self.release}\.0\+0 and image 1 1\.{self.release}\.0\+0", UPDATE_S)
        self.device.wait(rf"ota: confirmed 1\.{self.release}\.0", UPDATE_S)

    def events(self):
        return [report["event"] for report in self.origin.reports(SERIAL)]


@pytest.mark.slow
@pytest.mark.claim("update.kill", "power-cut")
def test_random_kills_from_download_to_confirm(tmp_path, kills, seed):
    with Origin(tmp_path / "server", rate=RATE) as origin:
        field, ended = Field(tmp_path, origin, seed), 0
        try:
            for _ in range(kills):
                field.live()
                now = field.events().count("confirmed") + field.events().count("reverted")
                if now > ended:
                    field.publish()
                ended = now
            field.recover()
        finally:
            field.device.kill()
    resumed = sum("resumes at byte" in line for line in field.device.lines)
    print(f"{kills} kills, {ended} updates ended, {resumed} downloads resumed")
    assert resumed > 0, "no download was cut"
