# SPDX-License-Identifier: Apache-2.0
"""./dev run: the main job on the emulated board, step by step; each step is executed and checked. Exit status 0 only if all held."""
import argparse
import shutil
import subprocess
import sys

import common
import scene
import story

FOLDER = common.BUILD / "run"


def interact(stage):
    """Hand the running device to the person at the terminal."""
    common.say(f"\nthe device runs; server {stage.origin.url}; type `help`, end with Ctrl-C (a power cut)")
    stage.device.interact()


def main():
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__)
    parser.add_argument("--interactive", action="store_true", help="leave the device running with its console")
    arguments = parser.parse_args()
    common.firmware("an521", "demo")
    shutil.rmtree(FOLDER, ignore_errors=True)
    play = story.Story(scene.STEPS)
    with scene.Scene(FOLDER) as stage:
        held = play.play(stage)
        common.say(f"\n{play.summary()}")
        common.say(f"\nlogs: {FOLDER.relative_to(common.ROOT)}/device/console.log, .../server/access.log and .../server/reports/")
        if held and arguments.interactive:
            interact(stage)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    try:
        main()
    except (subprocess.SubprocessError, KeyboardInterrupt) as error:
        common.fail(f"run: {error or 'interrupted'}")
