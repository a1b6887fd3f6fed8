# SPDX-License-Identifier: Apache-2.0
"""./dev qemu --dir DIR [--net none|user] [-- QEMU ARGUMENTS]: start the device in DIR; killing it is a power cut.

Consoles on stdout, Secure lines prefixed `S| `; what is typed goes to the Non-secure console. Exit status: QEMU's own.
"""
import argparse
import signal
import sys

import common
import device


def main():
    parser = argparse.ArgumentParser(prog="./dev qemu", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", required=True, help="the device's folder: flash.bin, otp.bin, device.json")
    parser.add_argument("--net", choices=("none", "user"), default="none", help="user: the host is 10.0.2.2")
    parser.add_argument("extra", nargs="*", metavar="QEMU ARGUMENT", help="after --")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    one = device.Device(arguments.dir, network=arguments.net == "user")
    try:
        one.start(extra=arguments.extra)
        status = one.interact()
        if status:
            print(one.errors(), file=sys.stderr)
    except device.DeviceError as error:
        common.fail(str(error))
    finally:
        one.kill()
    sys.exit(status or 0)


if __name__ == "__main__":
    main()
