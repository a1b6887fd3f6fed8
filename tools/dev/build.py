# SPDX-License-Identifier: Apache-2.0
"""./dev build [host|BOARD] [--product P] [--partitions DIR,...]: default host, and an521 with product `default`.

--partitions adds partitions from outside the tree to the Secure image: docs/partitions.md.
"""
import argparse
from pathlib import Path

import common


def add_product(parser):
    """The options that say which firmware."""
    parser.add_argument("--product", default="default", help="a folder in products/")
    parser.add_argument("--partitions", default="", metavar="DIR,...", help="folders of partitions from outside the tree")


def outside(arguments):
    """The folders of --partitions."""
    folders = [Path(folder).resolve() for folder in arguments.partitions.split(",") if folder]
    for folder in folders:
        if not folder.is_dir():
            common.fail(f"{folder}: there is no such folder", "a folder with manifest.yaml and CMakeLists.txt: docs/partitions.md")
    return folders


def firmware(board, product, folders):
    """Build host and firmware, with the partitions in `folders`."""
    common.build("host")
    common.build(f"{board}-{product}", MERLON_OUTSIDE=";".join(map(str, folders)))


def main():
    parser = argparse.ArgumentParser(prog="./dev build", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", help="host, an521 or an505")
    add_product(parser)
    arguments = parser.parse_args()
    folders = outside(arguments)
    if arguments.what != "host":
        firmware(arguments.what or "an521", arguments.product, folders)
    elif folders:
        common.fail("partitions from outside the tree are built for a board", "./dev build an521 --partitions DIR")
    else:
        common.build("host")


if __name__ == "__main__":
    main()
