# SPDX-License-Identifier: Apache-2.0
"""What a maker does with the host tool: keys, signed images, provisioned devices. ./dev run, ./dev bench and board tests share it."""
import subprocess
from pathlib import Path

import common

MERLON = common.BUILD / "host/bin/merlon"
KEYS = common.BUILD / "keys"
HEADER_SIZE, SLOT_SIZE, ALIGN = 0x400, 0x80000, 8
SECURE, NONSECURE = 0, 1
NAMES = ("secure", "nonsecure")


class MerlonError(RuntimeError):
    """The host tool refused or failed; the message is what it said."""


def merlon(*words):
    """Run the host tool; return its standard output."""
    result = subprocess.run([str(MERLON), *map(str, words)], capture_output=True, text=True)
    if result.returncode != 0:
        raise MerlonError(f"merlon {words[0]} {words[1]} ({result.returncode}): {result.stderr.strip()}")
    return result.stdout


class Maker:
    """Signs the images of one firmware build into `folder`; keys are made once, in build/keys, and are in no repository."""

    def __init__(self, folder, board="an521", product="default", keys=KEYS):
        self.folder, self.board, self.product, self.keys = Path(folder), board, product, Path(keys)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.firmware = common.BUILD / f"{board}-{product}/bin"

    def key(self, name="maker", development=False):
        """A private key; generated when it is not there."""
        private = self.keys / f"{name}.pem"
        self.keys.mkdir(parents=True, exist_ok=True)
        if not private.is_file():
            merlon("key", "generate", "--type", "ecdsa-p256", *(["--development"] if development else []), "-o", private)
        return private

    def public(self, private):
        """The public half, as a file."""
        public = private.with_suffix(".pub.pem")
        public.write_text(merlon("key", "public", "-k", private))
        return public

    def sign(self, image, version, counter, key=None, firmware=None, options=()):
        """Sign one image of the build, or the binary `firmware` of it, and return the file."""
        key, name = key or self.key(), firmware or NAMES[image]
        signed = self.folder / f"{name}-{version}-{key.stem}.bin"
        merlon("image", "sign", "-k", key, "--version", version, "--header-size", HEADER_SIZE, "--slot-size", SLOT_SIZE,
               "--align", ALIGN, "--pad-header", "--security-counter", counter, *options, self.firmware / f"{name}.bin", signed)
        return signed

    def provision(self, folder, serial, key=None, server=None, lifecycle="secured", older=()):
        """A fresh device in `folder`. `server`: an object with url, server_name and ca, or None; `older`: keys before the key."""
        words = ["--server", server.url, "--server-name", server.server_name, "--server-ca", server.ca] if server else []
        merlon("device", "provision", "--board", self.board, "--product", self.product, "--dir", folder, "--lifecycle", lifecycle,
               "--serial", serial, *(word for one in (*older, key or self.key()) for word in ("--image-key", self.public(one))), *words)

    def flash(self, folder, images, slot="primary"):
        """Put {image number: file} into slots."""
        merlon("device", "flash", "--dir", folder, "--slot", slot, *(word for number, file in images.items()
                                                                    for word in ("--image", f"{number}:{file}")))
