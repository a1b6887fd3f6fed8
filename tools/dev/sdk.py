# SPDX-License-Identifier: Apache-2.0
"""./dev sdk BOARD [--product P] [--partitions DIR,...]: export build/sdk/BOARD-P for Non-secure programs outside the tree.

docs/sdk.md says what is in it. The Secure image is signed with MERLON_SIGNING_KEY; without it with build/keys/development.pem, which is made when it is not there and
comes along in the SDK.
"""
import argparse
import os
import re
import shutil
import subprocess
from pathlib import Path

import build
import common
import maker

VERSION, COUNTER = "1.0.0", 1
TEMPLATES = common.ROOT / "images/sdk/export"
ROLES = ("CONSOLE", "TIME_BASE", "NETWORK")   # names of devices by what they are for, beside their own
PLACES = {"MerlonConfig.cmake": "lib/cmake/Merlon", "arm-none-eabi.cmake": "cmake", "merlon-device": "bin", "merlon-qemu": "bin", "README.md": "."}


def signing_key(keys):
    """(key, whether it is the development key that everybody with the SDK has); that one lies in the folder `keys`."""
    given = os.environ.get("MERLON_SIGNING_KEY")
    if not given:
        return maker.Maker(keys, keys=keys).key("development", development=True), True
    if not Path(given).is_file() and not given.startswith("pkcs11:"):
        common.fail(f"MERLON_SIGNING_KEY: {given}: no such file", "build/host/bin/merlon key generate -o KEY.pem")
    return given, False


def macros(header):
    """{name: value} of the #defines in a generated header."""
    return dict(re.findall(r"^#define (\w+) +(\w+)", header.read_text(), re.MULTILINE))


def limits(folder):
    """What the Non-secure world has, from the board's and the product's facts."""
    memory = macros(folder / "generated/board/include/merlon/board/memory.h")
    devices = macros(folder / "generated/board/include/merlon/board/devices_nonsecure.h")
    kept, data = (int(memory[f"BOARD_{name}_SIZE"].rstrip("u"), 0) for name in ("NS_KEPT", "NS_DATA"))
    rows = []
    for name in (macro[len("BOARD_"):-len("_BASE")] for macro in devices if macro.endswith("_BASE")):
        if name not in ROLES:
            base, interrupt = (devices.get(f"BOARD_{name}_{what}", "-").rstrip("u") for what in ("BASE", "IRQ"))
            rows.append(f"| {name.lower()} | `{base}` | {interrupt} |")
    return "\n".join([f"{(data + kept) >> 10} KB of RAM from `{memory['BOARD_NS_DATA_NS_BASE'].rstrip('u')}`, of which the last {kept} bytes are "
                      "kept over a reset without loss of power; and these devices:", "", "| device | address | interrupt |", "|---|---|--:|", *rows])


def fill(text, values):
    return re.sub(r"@([A-Z_]+)@", lambda match: values[match[1]], text)


def description(board, product, folder, development):
    """What the templates leave open."""
    version = subprocess.run(["git", "describe", "--always", "--dirty", "--tags"], cwd=common.ROOT, capture_output=True, text=True, check=False)
    if development:
        key = {"KEY_NOTE": "; `development.pem`, its private half", "KEY_ARGUMENT": "$SDK/keys/secure.pub.pem",
               "KEY_RULE": ", else with\n`keys/development.pem`. **That key is in every copy of this SDK**: whoever has one can sign for a device "
                           "that trusts it. It is marked\ndevelopment, and a device in lifecycle *secured* refuses it. For a product, export the SDK with a "
                           "key of your own."}
    else:
        key = {"KEY_NOTE": "", "KEY_RULE": ".",
               "KEY_ARGUMENT": "$SDK/keys/secure.pub.pem:secure --image-key YOURS.pub.pem:nonsecure"}
    return {"BOARD": board, "PRODUCT": product, "VERSION": version.stdout.strip() or "unknown", "HEADER_SIZE": hex(maker.HEADER_SIZE),
            "SLOT_SIZE": hex(maker.SLOT_SIZE), "ALIGN": str(maker.ALIGN), "LIMITS": limits(folder), **key}


def linker_script(folder):
    """One text, so that it does not matter where it lies."""
    return (folder / "generated/board/memory_nonsecure.ld").read_text() + (common.ROOT / "images/sdk/merlon_ns.ld").read_text()


def assemble(board, product, out, keys=maker.KEYS):
    """Fill the folder `out` from the builds of host and firmware; return whether a development key is in it."""
    folder = common.BUILD / f"{board}-{product}"
    key, development = signing_key(keys)
    for name in ("bin", "cmake", "firmware", "keys", "lib/cmake/Merlon"):
        (out / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder / "include", out / "include")
    (out / "include/merlon/board").mkdir()
    shutil.copy2(folder / "generated/board/include/merlon/board/devices_nonsecure.h", out / "include/merlon/board")
    for source, place in ((folder / "lib/libmerlon_ns.a", "lib"), (folder / "lib/libmerlon_client_calls.a", "lib"), (maker.MERLON, "bin"), (folder / "bin/bl2.elf", "firmware"),
                          (folder / "bin/bl2.bin", "firmware"), (folder / "bin/secure.bin", "firmware"), (common.ROOT / "LICENSE", ".")):
        shutil.copy2(source, out / place)
    (out / "lib/merlon_ns.ld").write_text(linker_script(folder))
    maker.merlon("image", "sign", "-k", key, "--version", VERSION, "--header-size", maker.HEADER_SIZE, "--slot-size", maker.SLOT_SIZE, "--align",
                 maker.ALIGN, "--pad-header", "--security-counter", COUNTER, folder / "bin/secure.bin", out / "firmware/secure_signed.bin")
    (out / "keys/secure.pub.pem").write_text(maker.merlon("key", "public", "-k", key))
    if development:
        shutil.copy2(key, out / "keys/development.pem")
    values = description(board, product, folder, development)
    for name, place in PLACES.items():
        template = TEMPLATES / name
        (out / place / name).write_text(fill(template.read_text(), values))
        (out / place / name).chmod(template.stat().st_mode)
    return development


def export(board, product):
    """Replace build/sdk/BOARD-PRODUCT as a whole; return it."""
    out = common.BUILD / "sdk" / f"{board}-{product}"
    new = out.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    development = assemble(board, product, new)
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
    common.say(f"sdk: {out.relative_to(common.ROOT)}")
    if development:
        common.say("sdk: signed with a development key that lies in the SDK; a secured device refuses it. MERLON_SIGNING_KEY names another")
    return out


def main():
    parser = argparse.ArgumentParser(prog="./dev sdk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("board", help="an521 or an505")
    build.add_product(parser)
    arguments = parser.parse_args()
    build.firmware(arguments.board, arguments.product, build.outside(arguments))
    export(arguments.board, arguments.product)


if __name__ == "__main__":
    main()
