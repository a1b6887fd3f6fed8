# SPDX-License-Identifier: Apache-2.0
"""./dev negative [--nightly] [NAME...]: take each guarded check out and require that the test which guards it turns red.

A control is tests/negative/NAME.patch: a head, an empty line and a unified diff against the tree.

    Turns-red: tests/lib/test_mem.c:wipe_clears_every_byte     a test of the C harness, or
    Turns-red: tests/board/test_boot.py::test_refusal          a test of pytest
    Presets: an521-default                                     optional: firmware that the test needs
    Cost: nightly                                              optional: left out by day
    Why: one sentence.

The diffs are applied one after another to a scratch copy of the tree in build/negative/tree; only what the test needs is built
there. A diff that does not apply, a copy that does not build and a test that stays green are failures.
"""
import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import common

SCRATCH = common.BUILD / "negative/tree"
RESULTS = common.BUILD / "test/negative.jsonl"
FIELD = re.compile(r"^(Turns-red|Presets|Cost|Why): (.+)$")
TIMEOUT_S = 600


def patch(root, path, *options):
    """Run patch(1) with no fuzz; return (worked, output)."""
    command = ["patch", "--batch", "--force", "-p1", "-F0", "--no-backup-if-mismatch", "--reject-file=-", *options, "-i", str(path)]
    result = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return result.returncode == 0, result.stdout


class Control:
    """One file of tests/negative/."""

    def __init__(self, path):
        self.path, self.name = Path(path), Path(path).stem
        head, _, self.diff = self.path.read_text(encoding="utf-8").partition("\n\n")
        self.fields = dict(match.groups() for match in map(FIELD.match, head.splitlines()) if match)
        self.test = self.fields.get("Turns-red", "")
        self.presets = self.fields.get("Presets", "").split()
        self.is_nightly = self.fields.get("Cost") == "nightly"
        self.is_pytest = "::" in self.test

    def touched(self):
        return re.findall(r"^\+\+\+ b/(\S+)", self.diff, re.MULTILINE)

    def complaints(self, root):
        """What is wrong with this control before anything is built."""
        if not self.test or not self.fields.get("Why"):
            return ["a negative control begins with `Turns-red: TEST` and `Why: SENTENCE`"]
        test_file = self.test.split(":")[0]
        if not (root / test_file).is_file():
            return [f"Turns-red names {test_file}, which does not exist"]
        if self.test.split(":")[-1].split("[")[0].removeprefix("test_") not in (root / test_file).read_text(encoding="utf-8"):
            return [f"Turns-red names {self.test}, which is not in {test_file}"]
        applies, output = patch(root, self.path, "--dry-run", "--quiet")
        return [] if applies else [f"does not apply: {' '.join(output.split())}"]


def controls(root=common.ROOT):
    return [Control(path) for path in sorted((root / "tests/negative").glob("*.patch"))]


class Scratch:
    """A copy of the tree whose files change only when their content does, so that ninja builds only what it must."""

    def __init__(self, root=common.ROOT, folder=SCRATCH):
        self.root, self.folder = root, folder
        listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, check=True,
                                 capture_output=True, text=True).stdout
        self.files = [name for name in listing.splitlines() if (root / name).is_file()]
        self.sync()
        (folder / "build").mkdir(exist_ok=True)
        for shared in ("deps", "venv"):
            link = folder / "build" / shared
            if (common.BUILD / shared).exists() and not link.is_symlink():
                link.symlink_to(common.BUILD / shared)

    def sync(self):
        """Bring the copy to what the tree holds, and take out what the tree does not hold any more."""
        self.restore(self.files)
        known = set(self.files)
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder)
            if name.parts[0] != "build" and path.is_file() and str(name) not in known:
                path.unlink()

    def restore(self, names):
        for name in names:
            source, copy = self.root / name, self.folder / name
            if not source.is_file():
                copy.unlink(missing_ok=True)
            elif not copy.is_file() or copy.read_bytes() != source.read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(source.read_bytes())
                copy.chmod(source.stat().st_mode)

    def run(self, *command):
        """Run in the copy; return (status, output)."""
        try:
            result = subprocess.run([str(word) for word in command], cwd=self.folder, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return None, f"no end after {TIMEOUT_S} s"
        return result.returncode, result.stdout

    def build(self, preset, *targets):
        """Configure once, then build; return an error text or None."""
        if not (self.folder / "build" / preset / "build.ninja").is_file():
            status, output = self.run("cmake", "--preset", preset)
            if status != 0:
                return output
        status, output = self.run("cmake", "--build", f"build/{preset}", *(["--target", *targets] if targets else []))
        return None if status == 0 else output


def c_program(test):
    """tests/lib/test_mem.c:NAME -> (CMake target, NAME): a program's name mirrors its path."""
    file, name = test.split(":")
    words = Path(file).relative_to("tests")
    return str(words.parent / words.stem.removeprefix("test_")).replace("/", "_"), name


def run_test(scratch, control):
    """Build what the test needs and run it; return ('red' | 'green' | 'broken', output)."""
    if control.is_pytest:
        for preset in ["host", *control.presets]:
            error = scratch.build(preset)
            if error:
                return "broken", error
        status, output = scratch.run("build/venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                                     "--rootdir=.", "--merlon-mode=nightly", control.test)
        # A test that failed is red; one whose set-up failed shows nothing.
        is_red = status == 1 and re.search(r"\d+ failed", output) and not re.search(r"\d+ errors?\b", output)
        return "green" if status == 0 else "red" if is_red else "broken", output
    target, name = c_program(control.test)
    error = scratch.build("host", f"test_{target}")
    if error:
        return "broken", error
    status, output = scratch.run(f"build/host/tests/test_{target}", name)
    if re.search(rf"^pass .*:{name}$", output, re.MULTILINE):
        return "green", output
    # A crash (a sanitizer, an abort) is as red as a failed check; a name that no test has is not.
    return ("broken" if status == 1 and "FAIL" not in output else "red"), output


def was_green(test, results=common.BUILD / "test/results.jsonl"):
    """Did the last ./dev test run this pytest test, with all its parameters, and see it pass? Tests in C are quick: they run anew."""
    if "::" not in test or not results.is_file():
        return False
    rows = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    ran = [row["passed"] for row in rows if row["test"].split("[")[0] == test or row["test"] == test]
    return bool(ran) and all(ran)


def judge(scratch, control):
    """Test, apply, test, restore; return (turned red, what happened, output)."""
    complaints = control.complaints(scratch.root)
    if complaints:
        return False, complaints[0], ""
    if not was_green(control.test):
        verdict, output = run_test(scratch, control)
        if verdict != "green":
            return False, f"{control.test} is {verdict} before anything is taken out", output
    applied, output = patch(scratch.folder, control.path)
    verdict, output = run_test(scratch, control) if applied else ("not applied", output)
    scratch.restore(control.touched())
    what = {"red": "turned red", "green": "stayed green", "broken": "did not build or run"}.get(verdict, verdict)
    return verdict == "red", what, output


def run(names=(), nightly=False):
    """Run the chosen controls; return (passed, failed)."""
    chosen = [control for control in controls() if (nightly or not control.is_nightly) and
              (not names or any(name in control.name for name in names))]
    passed = failed = 0
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    scratch = Scratch()
    with open(RESULTS, "w", encoding="utf-8") as results:
        for control in chosen:
            started = time.monotonic()
            is_red, what, output = judge(scratch, control)
            results.write(json.dumps({"control": control.name, "test": control.test, "turned_red": is_red}) + "\n")
            seconds = time.monotonic() - started
            common.say(f"{'pass' if is_red else 'FAIL'} negative {control.name}: {control.test} {what}, {seconds:.0f} s")
            if not is_red:
                print(output[-3000:], file=sys.stderr)
            passed, failed = passed + is_red, failed + (not is_red)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(prog="./dev negative", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nightly", action="store_true", help="also the expensive ones")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of a control's name")
    arguments = parser.parse_args()
    passed, failed = run(arguments.names, arguments.nightly)
    common.say(f"{passed} checks are guarded, {failed} are not")
    sys.exit(1 if failed or passed == 0 else 0)


if __name__ == "__main__":
    main()
