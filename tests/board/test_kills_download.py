# SPDX-License-Identifier: Apache-2.0
"""QEMU is killed at random instants of whole updates over HTTPS: the device never bricks, never runs a mixed set, and ends at the newest.

30 kills in every run, 500 at night. The seed is printed; MERLON_SEED=N plays it again.
"""
import os
import random
import re
import secrets
import time

import pytest
from device import DeviceError
from maker import NONSECURE, SECURE
from origin import Origin
from workshop import Workshop

# A life ends within AFTER_S of one of these lines, chosen by chance, or of LIFE_S, whichever comes first.
PLACES = (r"starting image", r"ota: secure: \d+ of", r"ota: nonsecure: \d+ of", r"ota: nonsecure: verified", r"moving image", r"ota: on trial")
AFTER_S, LIFE_S, SETTLE_S = 0.15, 2, 60
STARTED = re.compile(r"starting image 0 (\S+) and image 1 (\S+)")


def versions_that_ran(device, begin):
    """Each (Secure, Non-secure) version that BL2 started since line `begin`."""
    return [match.groups() for match in map(STARTED.search, device.lines[begin:]) if match]


@pytest.mark.slow
@pytest.mark.claim("update.kill", "power-cut")
def test_random_kills_during_updates(request, tmp_path):
    wanted = 500 if request.config.getoption("--merlon-mode") == "nightly" else 30
    seed = int(os.environ.get("MERLON_SEED", secrets.randbits(32)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    workshop = Workshop(tmp_path)
    with Origin(tmp_path / "server") as origin:
        try:
            device = workshop.device(workshop.images(nonsecure="nonsecure"), server=origin)
            kills = release = confirmed = resumed = 0
            while kills < wanted:
                if confirmed == release:
                    release += 1
                    version = f"1.{release % 256}.{release // 256}"
                    images = workshop.images(version, nonsecure="nonsecure")
                    origin.publish(version, {SECURE: images[SECURE], NONSECURE: images[NONSECURE]})
                begin = len(device.lines)
                device.start()
                try:
                    device.wait(chance.choice(PLACES), LIFE_S)
                except DeviceError:
                    pass
                time.sleep(chance.uniform(0, AFTER_S))
                device.kill()
                kills += 1
                assert not any("nothing may run" in line for line in device.lines[begin:]), device.tail()
                for secure, nonsecure in versions_that_ran(device, begin):
                    assert secure == nonsecure, f"a mixed set runs: {secure} and {nonsecure}"
                resumed += any("resumes at byte" in line for line in device.lines[begin:])
                if any(report["event"] == "confirmed" and report["version"] == version + "+0" for report in origin.reports(device.serial)):
                    confirmed = release
            # Left alone, it goes on: to the newest release or, when trials were cut again and again, to the one after it.
            device.start()
            device.wait(r"ota: started", SETTLE_S)
            images = workshop.images("2.0.0", nonsecure="nonsecure")
            origin.publish("2.0.0", {SECURE: images[SECURE], NONSECURE: images[NONSECURE]})
            device.wait(r"ota: confirmed 2\.0\.0", SETTLE_S)
            print(f"{kills} kills, {confirmed} releases confirmed on the way, {resumed} downloads resumed")
        finally:
            workshop.close()
