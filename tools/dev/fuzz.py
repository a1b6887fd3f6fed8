# SPDX-License-Identifier: Apache-2.0
"""./dev fuzz [TARGET] [SECONDS]: run fuzz targets under libFuzzer, ASan and UBSan; default every target for 60 seconds.

New inputs go to build/fuzz/corpus/TARGET; what makes a target fail is left in build/fuzz/crash/. A new input worth keeping is
added to tests/fuzz/corpus/TARGET by hand.
"""
import argparse
import subprocess
import sys

import common

FOLDER = common.BUILD / "fuzz"
PREFIX = "fuzz_"


def targets():
    return sorted(path.name.removeprefix(PREFIX) for path in (FOLDER / "fuzz").glob(f"{PREFIX}*") if path.is_file())


def fuzz(target, seconds):
    """Run one target; return True when nothing was found."""
    corpus, crash = FOLDER / "corpus" / target, FOLDER / "crash"
    corpus.mkdir(parents=True, exist_ok=True)
    crash.mkdir(exist_ok=True)
    seeds = common.ROOT / "tests/fuzz/corpus" / target
    command = [FOLDER / "fuzz" / f"{PREFIX}{target}", f"-max_total_time={seconds}", f"-artifact_prefix={crash}/{target}-",
               "-print_final_stats=1", "-verbosity=0", corpus, seeds]
    log = common.BUILD / "log" / f"fuzz.{target}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as output:
        status = subprocess.run([str(word) for word in command], cwd=common.ROOT, stdout=output, stderr=subprocess.STDOUT).returncode
    text = log.read_text(encoding="utf-8", errors="replace")
    runs = text.split("stat::number_of_executed_units:")[-1].split()[0] if "stat::number_of_executed_units:" in text else "?"
    common.say(f"{'ok  ' if status == 0 else 'FAIL'} fuzz {target}: {runs} inputs in {seconds} s; {log.relative_to(common.ROOT)}")
    if status != 0:
        print(text[-3000:], file=sys.stderr)
    return status == 0


def run(names=(), seconds=60):
    """Build and run the chosen targets; return (passed, failed)."""
    common.build("fuzz", ["fuzzers"])
    known = targets()
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        common.fail(f"fuzz: there is no target {' '.join(unknown)}", f"one of {' '.join(known)}")
    results = [fuzz(name, seconds) for name in names or known]
    return results.count(True), results.count(False)


def main():
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="TARGET|SECONDS")
    words = parser.parse_args().words
    numbers = [int(word) for word in words if word.isdigit()]
    _, failed = run([word for word in words if not word.isdigit()], numbers[0] if numbers else 60)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
