# SPDX-License-Identifier: Apache-2.0
"""./dev build [host|BOARD] [--product P] [--partitions DIR,...]: default host, and an521 with product `default`.

--partitions adds partitions from outside the tree to the Secure image: docs/partitions.md.
"""
import argparse
from pathlib import Path

import common


def main():
    parser = argparse.ArgumentParser(prog="./dev build", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", help="host, an521 or an505")
    parser.add_argument("--product", default="default", help="a folder in products/")
    parser.add_argument("--partitions", default="", metavar="DIR,...", help="folders of partitions from outside the tree")
    arguments = parser.parse_args()
    folders = [Path(folder).resolve() for folder in arguments.partitions.split(",") if folder]
    for folder in folders:
        if not folder.is_dir():
            common.fail(f"{folder}: there is no such folder", "a folder with manifest.yaml and CMakeLists.txt: docs/partitions.md")
    if folders and arguments.what == "host":
        common.fail("partitions from outside the tree are built for a board", "./dev build an521 --partitions DIR")
    common.build("host")
    if arguments.what != "host":
        common.build(f"{arguments.what or 'an521'}-{arguments.product}", MERLON_OUTSIDE=";".join(map(str, folders)))


if __name__ == "__main__":
    main()
