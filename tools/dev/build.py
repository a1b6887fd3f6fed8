# SPDX-License-Identifier: Apache-2.0
"""./dev build [host|BOARD] [--product P]: default host, and an521 with product `default`."""
import argparse

import common


def main():
    parser = argparse.ArgumentParser(prog="./dev build", description=__doc__)
    parser.add_argument("what", nargs="?", help="host, an521 or an505")
    parser.add_argument("--product", default="default", help="a folder in products/")
    arguments = parser.parse_args()
    common.build("host")
    if arguments.what != "host":
        common.build(f"{arguments.what or 'an521'}-{arguments.product}")


if __name__ == "__main__":
    main()
