# SPDX-License-Identifier: Apache-2.0
"""The update agent on the emulated board, against nginx: what a device in the field lives through."""
import re
import time
from contextlib import closing
from types import SimpleNamespace

import pytest
from maker import NONSECURE, SECURE
from origin import Origin, make_ca
from workshop import Workshop

BOOT_S, DOWNLOAD_S, INSTALL_S = 20, 60, 60
WINDOW_S = (55, 75)   # what the 60 s of product default may take by the host's clock
ALIVE_BEATS = 30      # one a second: three times as long as the liveness watchdog of 10 s would wait
SLOW = "16k"   # bytes per second and request: two seconds for a range


@pytest.fixture
def origin(tmp_path):
    with Origin(tmp_path / "server") as server:
        yield server


@pytest.fixture
def slow_origin(tmp_path):
    with Origin(tmp_path / "server", rate=SLOW) as server:
        yield server


def device_with(workshop, server, version="1.0.0"):
    return workshop.device(workshop.images(version, nonsecure="nonsecure"), server=server)


def events(server, device):
    return [report["event"] for report in server.reports(device.serial)]


def wait_report(server, device, event, timeout_s):
    """The first report with this event."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        for report in server.reports(device.serial):
            if report["event"] == event:
                return report
        time.sleep(0.05)
    raise AssertionError(f"no report '{event}': {events(server, device)}\n{device.tail()}")


@pytest.mark.claim("net.tls", "functional")
@pytest.mark.parametrize("board", ["an521", "an505"])
def test_address_and_first_report(tmp_path, origin, board):
    with closing(Workshop(tmp_path, board)) as workshop:
        check_first_report(device_with(workshop, origin), origin)


def check_first_report(device, origin):
    device.start()
    device.wait(r"net: address 10\.0\.2\.15", BOOT_S)
    report = wait_report(origin, device, "boot", BOOT_S)
    assert report["reset_cause"] == "power-on" and report["running"] == {"secure": "1.0.0+0", "nonsecure": "1.0.0+0"}
    assert report["lifecycle"] == 0x3000 and report["refusals"] == []


def check_refused(workshop, origin, **wrong):
    """A device that was told another CA or name talks to nobody."""
    told = SimpleNamespace(url=origin.url, server_name=origin.server_name, ca=origin.ca)
    vars(told).update(wrong)
    device = device_with(workshop, told)
    device.start()
    device.wait(r"ota: failed, status -149", BOOT_S)
    device.wait(r"app: beat [3-9]", BOOT_S)
    assert origin.requests() == [] and origin.reports(device.serial) == []


@pytest.mark.claim("ota.origin", "attack")
def test_another_ca_is_refused(workshop, origin, tmp_path):
    make_ca(tmp_path / "other")
    check_refused(workshop, origin, ca=tmp_path / "other/ca.pem")


@pytest.mark.claim("ota.origin", "attack")
def test_another_name_is_refused(workshop, origin):
    check_refused(workshop, origin, server_name="other.example")


@pytest.mark.claim("update.end_to_end", "functional")
def test_update_to_confirmed_while_the_application_runs(workshop, slow_origin):
    device = device_with(workshop, slow_origin)
    slow_origin.publish("1.1.0", workshop.images("1.1.0", 2, nonsecure="nonsecure"))
    device.start()
    wait_report(slow_origin, device, "confirmed", DOWNLOAD_S + INSTALL_S)
    told = events(slow_origin, device)
    assert told == ["boot", "found", "verified", "verified", "staged", "boot", "trial", "confirmed"]
    assert slow_origin.reports(device.serial)[-1]["running"] == {"secure": "1.1.0+0", "nonsecure": "1.1.0+0"}
    # The heartbeat has no gap from the first range to the last.
    lines = device.lines
    first = next(i for i, line in enumerate(lines) if re.match(r"ota: secure: \d+ of", line))
    last = next(i for i, line in enumerate(lines) if line.startswith("ota: nonsecure: verified"))
    beats = [int(match[1]) for match in (re.match(r"app: beat (\d+)$", line) for line in lines[first:last]) if match]
    assert len(beats) >= 3 and beats == list(range(beats[0], beats[0] + len(beats))), beats
    # Every byte was asked for once.
    for component in (SECURE, NONSECURE):
        ranges = slow_origin.ranges(component)
        assert all(end + 1 == start for (_, end), (start, _) in zip(ranges, ranges[1:])) and ranges[0][0] == 0


@pytest.mark.claim("ota.resume", "power-cut")
@pytest.mark.parametrize("component", [SECURE, NONSECURE])
def test_power_cut_resumes_at_the_committed_byte(workshop, slow_origin, component):
    name = ("secure", "nonsecure")[component]
    device = device_with(workshop, slow_origin)
    slow_origin.publish("1.1.0", workshop.images("1.1.0", 2, nonsecure="nonsecure"))
    device.start()
    device.wait(rf"ota: {name}: \d+ of \d+ bytes", DOWNLOAD_S)
    device.kill()
    before = len(slow_origin.ranges(component))
    device.start()
    offset = int(device.wait(rf"ota: {name}: resumes at byte (\d+) of", BOOT_S)[1])
    assert offset > 0
    wait_report(slow_origin, device, "confirmed", DOWNLOAD_S + INSTALL_S)
    # The request that the power cut ended may be logged late; no other one asks again for what was committed.
    starts = [start for start, *_ in slow_origin.ranges(component)[before:]]
    assert offset in starts and sum(start < offset for start in starts) <= 1
    assert next(report for report in slow_origin.reports(device.serial) if report["event"] == "resumed")["offset"] == offset


@pytest.mark.claim("ota.report", "attack")
def test_foreign_image_is_refused_reported_and_not_fetched_again(workshop, origin):
    device = device_with(workshop, origin)
    stranger = workshop.maker.key("stranger")
    origin.publish("1.1.0", {NONSECURE: workshop.images("1.1.0", 2, nonsecure="nonsecure", key=stranger)[NONSECURE]})
    device.start()
    report = wait_report(origin, device, "refused", DOWNLOAD_S)
    assert report["component"] == NONSECURE and report["reason"] == "KEY_UNKNOWN"
    asked = len(origin.ranges())
    device.kill()
    device.start()
    device.wait(r"app: beat 6", BOOT_S)
    assert len(origin.ranges()) == asked


@pytest.mark.claim("ota.server_input", "attack")
def test_file_that_changes_between_ranges_is_refused(workshop, slow_origin):
    """The server swaps the file under the same name in the middle of the download."""
    device = device_with(workshop, slow_origin)
    slow_origin.publish("1.1.0", {NONSECURE: workshop.images("1.1.0", 2, nonsecure="nonsecure")[NONSECURE]})
    device.start()
    device.wait(r"ota: nonsecure: \d+ of \d+ bytes", DOWNLOAD_S)
    image = next((slow_origin.root / "images").glob("1-*.bin"))
    data = bytearray(image.read_bytes())
    data[-2000] ^= 1   # in the payload, in the last range
    image.write_bytes(data)
    report = wait_report(slow_origin, device, "refused", DOWNLOAD_S)
    assert report["reason"] == "HASH"


@pytest.fixture
def demo_workshop(tmp_path):
    """Product demo: a confirm window of 5 s."""
    one = Workshop(tmp_path, product="demo")
    yield one
    one.close()


@pytest.mark.slow
@pytest.mark.claim("update.revert", "functional")
@pytest.mark.parametrize("firmware,causes", [("nonsecure_hang", {"confirm-window"}), ("nonsecure_fault", {"nonsecure-fault"})])
def test_bad_release_is_reverted_reported_and_not_fetched_again(demo_workshop, origin, firmware, causes):
    device = device_with(demo_workshop, origin)
    origin.publish("1.2.0", {NONSECURE: demo_workshop.images("1.2.0", 2, nonsecure=firmware)[NONSECURE]})
    device.start()
    report = wait_report(origin, device, "reverted", DOWNLOAD_S + INSTALL_S)
    assert report["running"] == {"secure": "1.0.0+0", "nonsecure": "1.0.0+0"} and report["version"] == "1.2.0+0"
    assert origin.reports(device.serial)[-2]["event"] == "boot" and origin.reports(device.serial)[-2]["reset_cause"] in causes
    asked = len(origin.ranges())
    device.wait(r"app: beat 6", BOOT_S)
    assert len(origin.ranges()) == asked


@pytest.mark.slow
@pytest.mark.claim("update.confirm_window", "attack")
def test_trial_without_a_server_ends_with_the_window(demo_workshop, origin):
    """The new release runs well but cannot reach the server: it must not stay."""
    device = device_with(demo_workshop, origin)
    origin.publish("1.1.0", demo_workshop.images("1.1.0", 2, nonsecure="nonsecure"))
    device.start()
    wait_report(origin, device, "staged", DOWNLOAD_S)
    origin.stop()
    device.wait(r"ota: on trial 1\.1\.0", INSTALL_S)
    device.wait(r"BL2: RESET .*reset cause 3", BOOT_S)
    origin.start()
    report = wait_report(origin, device, "reverted", INSTALL_S)
    assert report["running"] == {"secure": "1.0.0+0", "nonsecure": "1.0.0+0"}
    assert "confirmed" not in events(origin, device)


@pytest.mark.slow
@pytest.mark.claim("update.confirm_window", "functional")
def test_the_window_of_the_default_product_by_the_clock(workshop, origin):
    """A padded set on trial, well and alive, with no server to be accepted by: the window ends it, the liveness watchdog does not."""
    origin.stop()
    device = device_with(workshop, origin)
    workshop.maker.flash(device.folder, workshop.images("1.1.0", 2, nonsecure="nonsecure", options=("--pad",)), slot="secondary")
    device.start()
    device.wait(r"the set is on trial", BOOT_S)
    start = time.monotonic()
    device.wait(r"starting image 0 1\.1\.0\+0 and image 1 1\.1\.0\+0", BOOT_S)
    reset = device.wait(r"BL2: RESET .*reset cause (\d+)", WINDOW_S[1])
    lasted = time.monotonic() - start
    assert reset[1] == "3" and WINDOW_S[0] <= lasted <= WINDOW_S[1], f"reset cause {reset[1]} after {lasted:.1f} s\n{device.tail()}"
    trial = device.lines[next(i for i, line in enumerate(device.lines) if "the set is on trial" in line):device.lines.index(reset.string)]
    beats = [int(match[1]) for match in (re.match(r"app: beat (\d+)$", line) for line in trial) if match]
    assert beats == list(range(1, len(beats) + 1)) and len(beats) >= ALIVE_BEATS, beats
    device.wait(r"the old set is back", INSTALL_S)
    device.wait(r"starting image 0 1\.0\.0\+0 and image 1 1\.0\.0\+0", BOOT_S)
    device.wait(r"app: beat 3$", BOOT_S)


@pytest.mark.claim("ota.server_input", "attack")
def test_server_without_a_catalogue_changes_nothing(workshop, origin):
    device = device_with(workshop, origin)
    device.start()
    device.wait(r"ota: failed, status -140", BOOT_S)
    device.wait(r"app: beat 5", BOOT_S)
    assert origin.ranges() == []
