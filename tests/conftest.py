# SPDX-License-Identifier: Apache-2.0
"""The test harness for pytest. A test says which claim it supports and how, as in C:

    @pytest.mark.claim("boot.refuse.signature", "functional")
    def test_tampered_image_is_refused(...):

A test without a claim is an error. With MERLON_TEST_RESULTS set, a JSON line per test is appended to that file. `--merlon-mode`
chooses what runs: `quick` leaves out tests marked `slow`, only `nightly` runs tests marked `nightly`.
"""
import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("functional", "malformed", "power-cut", "attack", "property")
sys.path.insert(0, str(ROOT / "tools/dev"))


def pytest_addoption(parser):
    parser.addoption("--merlon-mode", choices=("quick", "normal", "nightly"), default="normal")


    parser.addoption("--product", default="default", help="of the devices that board tests make")


def pytest_configure(config):
    os.environ["MERLON_PRODUCT"] = config.getoption("--product")
    config.addinivalue_line("markers", "claim(id, kind): the claim that this test supports")
    config.addinivalue_line("markers", "slow: left out by ./dev test --quick")
    config.addinivalue_line("markers", "nightly: a long campaign, only in ./dev test --nightly")


def claim_of(item):
    """The (claim, kind) of a test, or None when it has no well-formed one."""
    marker = item.get_closest_marker("claim")
    if marker is None or len(marker.args) != 2 or marker.args[1] not in KINDS:
        return None
    return marker.args


def pytest_collection_modifyitems(config, items):
    mode = config.getoption("--merlon-mode")
    left_out = {"quick": {"slow", "nightly"}, "normal": {"nightly"}, "nightly": set()}[mode]
    bare = [item.nodeid for item in items if claim_of(item) is None]
    if bare:
        raise pytest.UsageError("tests without @pytest.mark.claim(id, kind): " + " ".join(bare))
    chosen = [item for item in items if not left_out & {marker.name for marker in item.iter_markers()}]
    dropped = [item for item in items if item not in chosen]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = chosen


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """One line per test: from its call, or from the set-up that kept it from being called."""
    report = (yield).get_result()
    path = os.environ.get("MERLON_TEST_RESULTS")
    if path is None or not (report.when == "call" or (report.when == "setup" and not report.passed)):
        return
    claim, kind = claim_of(item)
    row = {"claim": claim, "kind": kind, "test": item.nodeid, "passed": report.passed}
    with open(path, "a", encoding="utf-8") as results:
        results.write(json.dumps(row) + "\n")
