# SPDX-License-Identifier: Apache-2.0
"""The steps of `./dev run`: one device, one maker with keys, one server, several power cuts and attacks."""
import json
import re
import time
from pathlib import Path

import common
import debugger
from device import Device
from maker import NONSECURE, SECURE, Maker, merlon
from origin import Origin
from story import require

BOARD, PRODUCT, SERIAL = "an521", "demo", "merlon-0001"
# Security counters of the releases: 1.1.0 repairs something, so that what is older must stay out afterwards.
COUNTERS = {"1.0.0": 1, "1.1.0": 2, "1.2.0": 3, "1.3.0": 4, "1.4.0": 5}
FIRMWARE = common.BUILD / f"{BOARD}-{PRODUCT}"
SLOW = "16k"
BOOT_S, DOWNLOAD_S, REVERT_S = 20, 40, 60


class Scene:
    """Everything that plays: the folder, keys, images, server and device."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.maker = Maker(self.folder / "images", BOARD, PRODUCT)
        self.origin = Origin(self.folder / "server")
        self.device = Device(self.folder / "device", board=BOARD, product=PRODUCT)
        self.seen = 0

    def __enter__(self):
        self.origin.start()
        return self

    def __exit__(self, *exception):
        self.device.kill()
        self.origin.stop()

    def sign(self, image, version, key=None, firmware=None):
        return self.maker.sign(image, version, COUNTERS[version], key, firmware)

    def both(self, version, key=None):
        return {image: self.sign(image, version, key) for image in (SECURE, NONSECURE)}

    def power_cycle(self):
        self.device.kill()
        self.device.start()

    def report(self, timeout_s, event, **members):
        """Wait for the next report of the device with this event and these members; return it. Reports before it are passed over."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            reports = self.origin.reports(SERIAL)
            for index in range(self.seen, len(reports)):
                report = reports[index]
                if report["event"] == event and all(report.get(name) == value for name, value in members.items()):
                    self.seen = index + 1
                    return report
            time.sleep(0.05)
        raise TimeoutError(f"no report '{event}' {members or ''} within {timeout_s} s; the device last said:\n{self.device.tail()}")

    def serve(self, rate):
        """Restart the server at this many bytes per second and request; "0": as fast as it can."""
        self.origin.stop()
        self.origin.rate = rate
        self.origin.start()

    def start_to_cut(self, images):
        """Start the device under a debugger that will stop it in the middle of the swap of image 0: at the first write into the
        middle sector of its primary slot."""
        header = (FIRMWARE / "generated/board/include/merlon/board/flash_map.h").read_text(encoding="utf-8")
        base, slot, sector = (int(re.search(rf"#define BOARD_FLASH_{name}\s+(\w+?)u?\b", header)[1], 0)
                              for name in ("BASE", "S_PRIMARY_OFFSET", "ERASE_SIZE"))
        middle = images[SECURE].stat().st_size // 2 // sector * sector
        self.device.start(extra=debugger.ARGUMENTS)
        self.debugger = debugger.Debugger(self.device.folder)
        self.debugger.watch(base + slot + middle)
        self.debugger.go()

    def cut(self, timeout_s):
        """Wait for that moment and cut the power."""
        try:
            self.debugger.wait_stop(timeout_s)
        finally:
            self.device.kill()


def running(report):
    return report["running"]["nonsecure"].split("+")[0]


def step_boot(scene, fact):
    development = scene.maker.key("development", development=True)
    other = scene.folder / "second"
    scene.maker.provision(other, "merlon-0002", development, scene.origin)
    scene.maker.flash(other, scene.both("1.0.0", development))
    with Device(other) as second:
        refusal = second.wait(r"image 0 refused: KEY_DEVELOPMENT \(\d+\)", BOOT_S)
    fact(f"second device: {refusal[0]}")
    scene.maker.provision(scene.device.folder, SERIAL, server=scene.origin)
    scene.maker.flash(scene.device.folder, scene.both("1.0.0"))
    scene.device.start()
    scene.device.wait(r"starting image 0 1\.0\.0", BOOT_S)
    report = scene.report(BOOT_S, "boot")
    require(running(report) == "1.0.0", f"runs {running(report)}")
    fact(f"{SERIAL} runs 1.0.0, lifecycle {report['lifecycle']:#x}")


def step_download(scene, fact):
    images = scene.both("1.1.0")
    scene.serve(SLOW)   # a second for each range: time enough to cut between two, however busy the host is
    scene.origin.publish("1.1.0", images)
    scene.report(DOWNLOAD_S, "verified", component=SECURE)
    size = images[NONSECURE].stat().st_size
    scene.device.wait(rf"nonsecure: \d+ of {size} bytes", DOWNLOAD_S)
    scene.device.kill()
    fact("power cut in the middle of the download")
    scene.serve("0")
    scene.start_to_cut(images)
    report = scene.report(DOWNLOAD_S, "resumed", component=NONSECURE)
    require(0 < report["offset"] < size, f"resumed at {report['offset']} of {size}")
    fact(f"resumes at byte {report['offset']} of {size}")


def step_swap(scene, fact):
    scene.report(DOWNLOAD_S, "staged", version="1.1.0+0")
    sectors = scene.device.wait(r"moving image 0, (\d+) sectors", BOOT_S)[1]
    scene.cut(BOOT_S)
    fact(f"power cut in the middle of moving {sectors} sectors")
    scene.device.start()
    done = scene.device.wait(r"going on after half step (\d+)", BOOT_S)[1]
    fact(f"goes on after half step {done} of {2 * int(sectors)}")
    scene.report(BOOT_S, "trial", version="1.1.0+0")
    scene.report(BOOT_S, "confirmed", version="1.1.0+0")
    fact("1.1.0 on trial, confirmed")
    scene.power_cycle()
    counter = scene.device.wait(r"security counter of image 0 rises to (\d+)", BOOT_S)[1]
    require(int(counter) == COUNTERS["1.1.0"], f"the counter rose to {counter}")
    require(running(scene.report(BOOT_S, "boot")) == "1.1.0", "1.1.0 does not run")
    fact(f"next boot: counter {counter}")


def play_bad_release(scene, fact, version, firmware, cause):
    """Offer a release that cannot confirm itself; the device must come back to 1.1.0, and for this cause."""
    scene.origin.publish(version, {NONSECURE: scene.sign(NONSECURE, version, firmware=firmware)})
    scene.report(DOWNLOAD_S, "staged", version=f"{version}+0")
    scene.device.wait(r"the set is on trial", BOOT_S)
    scene.device.wait(r"the old set is back", REVERT_S)
    boot = scene.report(BOOT_S, "boot")
    require(running(boot) == "1.1.0", f"runs {running(boot)}")
    require(boot["reset_cause"] == cause, f"reset by {boot['reset_cause']}")
    scene.report(BOOT_S, "reverted", version=f"{version}+0")
    fact(f"{version} on trial, reset by {boot['reset_cause']}, 1.1.0 is back and reports it")


def step_hang(scene, fact):
    play_bad_release(scene, fact, "1.2.0", "nonsecure_hang", "confirm-window")


def step_fault(scene, fact):
    play_bad_release(scene, fact, "1.3.0", "nonsecure_fault", "nonsecure-fault")


def step_attacks(scene, fact):
    tampered = scene.maker.folder / "nonsecure-1.4.0-tampered.bin"
    data = bytearray(scene.sign(NONSECURE, "1.4.0").read_bytes())
    data[len(data) // 2] ^= 1
    tampered.write_bytes(data)
    for what, version, image, reason in (
            ("one bit changed", "1.4.0", tampered, "HASH"),
            ("another key", "1.4.0", scene.sign(NONSECURE, "1.4.0", scene.maker.key("stranger")), "KEY_UNKNOWN"),
            ("older, valid signature", "1.0.0", scene.sign(NONSECURE, "1.0.0"), "COUNTER")):
        scene.origin.publish(version, {NONSECURE: image})
        report = scene.report(DOWNLOAD_S, "refused", component=NONSECURE)
        require(report["reason"] == reason, f"{what}: refused with {report['reason']}, not {reason}")
        fact(f"{what}: {reason} ({report['refusal']})")


def step_secure_fault(scene, fact):
    scene.device.send("read-secure\n")
    match = scene.device.wait(r"SecureFault.*pc 0x[0-9a-f]+", BOOT_S)
    fact(match[0])
    boot = scene.report(BOOT_S, "boot")
    require(boot["reset_cause"] == "secure-fault", f"reset by {boot['reset_cause']}")
    require(running(boot) == "1.1.0", f"runs {running(boot)}")
    fact("reported, 1.1.0 runs again")


def step_answers(scene, fact):
    evidence = ("report", "--product", PRODUCT, "--device", scene.device.folder, "--root", common.ROOT, "--format")
    answers = json.loads(merlon(*evidence, "json"))
    for name in ("psa_certified_level", "isolation_level", "version"):
        require(answers[name], f"{name} is missing")
    require(answers["boot_chain"] and answers["configuration"], "boot chain or configuration is missing")
    start = next((line for line in answers["boot_chain"] if "starting" in line), "missing")
    window = answers["configuration"]["MERLON_CONFIRM_WINDOW_S"]
    fact(f"targets PSA Certified Level {answers['psa_certified_level']}")
    fact(f"isolation level {answers['isolation_level']}")
    fact(f"boot chain: {re.sub(r'^.*: ', '', start)}")
    fact(f"update: HTTPS by ranges, swap of the set, trial, confirm within {window} s or revert")
    fact(f"version {answers['version']}")
    merlon(*evidence, "html", "-o", scene.folder / "report")


STEPS = (
    ("boot a secured device; a development key is refused", step_boot),
    ("find 1.1.0 and download it through a power cut", step_download),
    ("install it through a power cut, try, confirm, count", step_swap),
    ("1.2.0 hangs: back to 1.1.0", step_hang),
    ("1.3.0 faults: back to 1.1.0", step_fault),
    ("tampered, foreign and old images are refused", step_attacks),
    ("the application reads a Secure address", step_secure_fault),
    ("the five answers", step_answers),
)
