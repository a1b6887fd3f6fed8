# SPDX-License-Identifier: Apache-2.0
"""What the ./dev commands share: paths, running programs, configuring and building presets."""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
PYTHON = BUILD / "venv/bin/python"
IS_TERMINAL = sys.stdout.isatty()


def say(text):
    print(text, flush=True)


def fail(what, remedy=None):
    print(what, file=sys.stderr)
    if remedy:
        print(f"  try: {remedy}", file=sys.stderr)
    sys.exit(2)


def run(command, **options):
    """Run a program; on failure stop with its status."""
    status = subprocess.run([str(part) for part in command], cwd=options.pop("cwd", ROOT), **options).returncode
    if status != 0:
        print(f"failed ({status}): {' '.join(str(part) for part in command)}", file=sys.stderr)
        sys.exit(2)


def run_quiet(command, log, **options):
    """Run a program with its output in `log`; show the end of it when the program fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as output:
        status = subprocess.run([str(part) for part in command], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, **options).returncode
    if status != 0:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-60:]
        print("\n".join(tail), file=sys.stderr)
        fail(f"failed ({status}): {' '.join(str(part) for part in command)}", f"read {log.relative_to(ROOT)}")


def configure(preset, **variables):
    """Configure build/PRESET if that has not been done with these variables. What a variable was before is forgotten."""
    folder = BUILD / preset
    variables = {"MERLON_OUTSIDE": ""} | variables
    wanted = [f"-D{name}={value}" for name, value in sorted(variables.items())]
    stamp = folder / "configured"
    if (folder / "build.ninja").exists() and stamp.exists() and stamp.read_text() == "\n".join(wanted):
        return
    run_quiet(["cmake", "--preset", preset, *wanted], BUILD / "log" / f"{preset}.configure.log")
    stamp.write_text("\n".join(wanted))


def build(preset, targets=(), **variables):
    configure(preset, **variables)
    say(f"build {preset}")
    command = ["cmake", "--build", BUILD / preset]
    if targets:
        command += ["--target", *targets]
    if IS_TERMINAL:
        run(command, env=dict(os.environ, NINJA_STATUS="[%f/%t] "))
    else:
        run_quiet(command, BUILD / "log" / f"{preset}.build.log")


def firmware(board, product):
    """Build the firmware of one board and product with the host's generators; return its build folder."""
    build("host")
    build(f"{board}-{product}")
    return BUILD / f"{board}-{product}"
