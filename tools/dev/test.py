# SPDX-License-Identifier: Apache-2.0
"""./dev test [--quick|--nightly] [NAME...]: build, then run host tests, the same under sanitizers, and tests on the emulated board.

NAME chooses tests by a part of their path, for example `./dev test lib/mem` or `./dev test board/test_boot`;
`negative` is the negative controls.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import time

import common
import fuzz
import negative

RESULTS = common.BUILD / "test" / "results.jsonl"
NIGHTLY_FUZZ_S = 300
BOARD_PRODUCTS = [("an521", "default"), ("an521", "demo"), ("an505", "default")]
# Of the other upgrade modes only what differs from product `default`, or what tests start.
UPGRADE_MODES = {"an521-overwrite": ["image_bl2"], "an521-external": ["image_bl2", "image_secure"], "an521-xip": ["image_bl2", "image_secure", "image_nonsecure"],
                 "an521-xip-secondary": ["image_secure", "image_nonsecure"]}
LEVEL_PRODUCTS = ("level1", "level3")


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, passed, failed):
        self.passed += passed
        self.failed += failed


def ctest(preset, names, mode, tally):
    """One ctest run; its own summary is read, so that a run of nothing is seen."""
    command = ["ctest", "--preset", preset, "-j2", "--no-tests=ignore"]
    if mode == "quick":
        command += ["-LE", "slow"]
    if names:
        command += ["-R", "|".join(re.escape(name) for name in names)]
    environment = dict(os.environ, MERLON_TEST_RESULTS=str(RESULTS), **({"MERLON_NIGHTLY": "1"} if mode == "nightly" else {}))
    result = subprocess.run(command, cwd=common.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    (common.BUILD / "log").mkdir(exist_ok=True)
    (common.BUILD / "log" / f"{preset}.test.log").write_text(result.stdout)
    summary = re.search(r"(\d+) tests failed out of (\d+)", result.stdout)
    failed, total = (int(summary[1]), int(summary[2])) if summary else (0, 0)
    if result.returncode != 0:
        print(result.stdout)
    if result.returncode != 0 and failed == 0:
        failed = 1
    common.say(f"{preset}: {total - failed} of {total} test programs passed")
    tally.add(total - failed, failed)


def pytest(names, mode, tally, folder="tests", product="default"):
    """Tests that drive tools and the emulated board; the devices are of `product`."""
    folder = common.ROOT / folder
    if not list(folder.rglob("test_*.py")):
        return
    command = [str(common.PYTHON), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=failed", f"--rootdir={common.ROOT}",
               f"--merlon-mode={mode}", f"--product={product}", str(folder)]
    if names:
        command += ["-k", " or ".join(re.sub(r"\W", "_", name.split("/")[-1]) for name in names)]
    environment = dict(os.environ, MERLON_TEST_RESULTS=str(RESULTS), PYTHONDONTWRITEBYTECODE="1")
    result = subprocess.run(command, cwd=common.ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    print(result.stdout)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|errors)", result.stdout)}
    failed = counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
    if result.returncode not in (0, 5) and failed == 0:
        failed = 1
    tally.add(counts.get("passed", 0), failed)


def main():
    parser = argparse.ArgumentParser(prog="./dev test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_const", const="quick", dest="mode", help="the inner loop: host tests, no sanitizers")
    mode.add_argument("--nightly", action="store_const", const="nightly", dest="mode", help="long campaigns")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of a test's path")
    arguments = parser.parse_args()
    mode = arguments.mode or "normal"
    started = time.monotonic()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text("")

    tally = Tally()
    common.build("host")
    ctest("host", arguments.names, mode, tally)
    if mode != "quick":
        common.build("host-asan")
        ctest("host-asan", arguments.names, mode, tally)
    for board, product in BOARD_PRODUCTS if mode != "quick" else BOARD_PRODUCTS[:1]:
        common.build(f"{board}-{product}")
    for preset, targets in UPGRADE_MODES.items() if mode != "quick" else ():
        common.build(preset, targets)
    pytest(arguments.names, mode, tally)
    for product in LEVEL_PRODUCTS if mode == "nightly" else ():
        common.build(f"an521-{product}")
        pytest(arguments.names, "normal", tally, "tests/board", product)

    if mode != "quick" and (not arguments.names or "negative" in arguments.names):
        tally.add(*negative.run(nightly=mode == "nightly"))
    if mode == "nightly" and not arguments.names:
        tally.add(*fuzz.run(seconds=NIGHTLY_FUZZ_S))

    claims = {json.loads(line)["claim"] for line in RESULTS.read_text().splitlines()}
    common.say(f"{len(claims)} claims touched, {time.monotonic() - started:.0f} s")
    common.say(f"{tally.passed} passed, {tally.failed} failed")
    sys.exit(1 if tally.failed or tally.passed == 0 else 0)


if __name__ == "__main__":
    main()
