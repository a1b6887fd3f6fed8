# SPDX-License-Identifier: Apache-2.0
"""./dev fmt: format the C sources in place, as .clang-format says."""
import argparse
import subprocess

import common


def main():
    argparse.ArgumentParser(prog="./dev fmt", description=__doc__).parse_args()
    listing = subprocess.run(["git", "ls-files", "*.c", "*.h"], cwd=common.ROOT, capture_output=True, text=True, check=True).stdout
    common.run(["clang-format-14", "-i", *listing.split()])


if __name__ == "__main__":
    main()
