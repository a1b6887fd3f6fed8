# SPDX-License-Identifier: Apache-2.0
"""Attestation, lifecycle and debug tokens on the emulated board: merlon judges what the device says, and pycose does, too."""
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import common
import maker as makers
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools/merlon"))
import psa_token as psa

BOOT_S, CALL_S = 20, 20
SUCCESS, NOT_PERMITTED, SERVICE_FAILURE, DOES_NOT_EXIST, INVALID_ARGUMENT = 0, -133, -144, -140, -135
BAD_STATE, INVALID_SIGNATURE = -137, -149
MERLON = common.BUILD / "host/bin/merlon"


def call(device, command, data=b""):
    """Send one command; return (status, data)."""
    device.send(f"{command} {data.hex()}\n" if data else command + "\n")
    match = device.wait(rf"attest: {command} 0x(\w+)(?: (\w+))?", CALL_S)
    status = int(match[1], 16)
    return status - (1 << 32) if status >> 31 else status, bytes.fromhex(match[2] or "")


def restart(device):
    device.kill()
    device.start()
    device.wait("attest: ready", BOOT_S)


@pytest.fixture(name="images")
def signed_images(workshop):
    return workshop.images(version="1.2.3+4", nonsecure="attest", options=("--boot-record", "MERLON"))


@pytest.fixture(name="device")
def running_device(workshop, images):
    device = workshop.device(images=images)
    device.start()
    device.wait("attest: ready", BOOT_S)
    return device


def token_of(device, challenge):
    status, token = call(device, "token", challenge)
    assert status == SUCCESS
    (device.folder / "token").write_bytes(token)
    return token


def verify(device, challenge, *options):
    """merlon's verdict on the token in the device's folder."""
    result = subprocess.run([MERLON, "token", "verify", "-k", device.folder / "iak_pub.pem", "--challenge", challenge.hex(), "--json", *options,
                             device.folder / "token"], stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    return result.returncode, json.loads(result.stdout)



def digest_of(image):
    """SHA-256 over header, payload and protected TLVs: what lies in front of the unprotected ones."""
    data = Path(image).read_bytes()
    size = int.from_bytes(data[8:10], "little") + int.from_bytes(data[12:16], "little") + int.from_bytes(data[10:12], "little")
    return hashlib.sha256(data[:size]).digest()


@pytest.mark.claim("attest.claims", "functional")
def test_two_implementations_accept_what_the_device_says(workshop, images, device):
    challenge = os.urandom(48)
    token = token_of(device, challenge)
    public = device.folder / "iak_pub.pem"
    claims = psa.verify(public, token)
    assert claims[psa.NONCE] == challenge and claims[psa.INSTANCE] == psa.instance_of(public) and claims[psa.PROFILE_KEY] == psa.PROFILE
    assert claims[psa.CLIENT] == -1 and claims[psa.LIFECYCLE] == 0x3000 and len(claims[psa.BOOT_SEED]) == 32
    assert claims[psa.IMPLEMENTATION] == hashlib.sha256(b"merlon an521").digest()
    signer = bytes.fromhex(subprocess.run([MERLON, "key", "public", "-k", workshop.maker.key(), "--format", "hash"], stdout=subprocess.PIPE,
                                          text=True, check=True).stdout)
    for component, image in zip(claims[psa.COMPONENTS], (images[makers.SECURE], images[makers.NONSECURE])):
        assert component == {psa.TYPE: "MERLON", psa.MEASUREMENT: digest_of(image), psa.VERSION: "1.2.3+4", psa.SIGNER: signer,
                             psa.DESCRIPTION: "sha-256"}
    status, verdict = verify(device, challenge)
    assert status == 0 and verdict["accepted"] and verdict["fresh"] and verdict["claims"]["client"] == -1
    assert verify(device, os.urandom(48))[1]["code"] == "NOT_FRESH"
    again = psa.verify(public, token_of(device, os.urandom(64)))
    assert again[psa.BOOT_SEED] == claims[psa.BOOT_SEED]
    restart(device)
    assert psa.verify(public, token_of(device, os.urandom(32)))[psa.BOOT_SEED] != claims[psa.BOOT_SEED]
    for size in (0, 1, 31, 33, 65):
        assert call(device, "token", os.urandom(size))[0] == INVALID_ARGUMENT


def debug_token(device, workshop, challenge, *options, key=None, serial=None):
    token = device.folder / "debug.cbor"
    subprocess.run([MERLON, "token", "debug", "-k", key or workshop.maker.key(), "--challenge", challenge.hex(), "--serial", serial or device.serial,
                    *options, "-o", token], check=True)
    return token.read_bytes()


def state_of(device):
    status, data = call(device, "state")
    assert status == SUCCESS
    return int.from_bytes(data, "big")


def enter(device, workshop, *options):
    """Open the device with a debug token and start the session."""
    status, challenge = call(device, "challenge")
    assert status == SUCCESS
    assert call(device, "debug", debug_token(device, workshop, challenge, *options))[0] == SUCCESS
    assert state_of(device) == 0x3000   # until the reset
    device.send("reboot\n")
    device.wait("attest: ready", BOOT_S)


@pytest.mark.claim("lifecycle.debug_ends", "functional")
def test_a_debug_session_shows_itself_and_ends(workshop, device):
    enter(device, workshop)
    assert state_of(device) == 0x4000
    challenge = os.urandom(32)
    assert psa.verify(device.folder / "iak_pub.pem", token_of(device, challenge))[psa.LIFECYCLE] == 0x4000
    (device.folder / "reference").write_text("client -1\n")
    assert verify(device, challenge, "--reference", device.folder / "reference")[1]["detail"] == "lifecycle"
    assert call(device, "challenge")[0] == NOT_PERMITTED
    restart(device)
    assert state_of(device) == 0x3000
    token_of(device, challenge)
    assert verify(device, challenge, "--reference", device.folder / "reference")[0] == 0


@pytest.mark.claim("lifecycle.prohibitions", "functional")
def test_in_recoverable_debug_no_secret_is_in_reach(workshop, device):
    assert call(device, "store", b"abc")[0] == SUCCESS
    enter(device, workshop, "--state", "recoverable-debug")
    assert state_of(device) == 0x5000
    assert call(device, "token", os.urandom(32))[0] == SERVICE_FAILURE
    restart(device)
    assert state_of(device) == 0x3000 and call(device, "token", os.urandom(32))[0] == SUCCESS
    assert call(device, "load") == (SUCCESS, b"abc")


@pytest.mark.claim("lifecycle.decommissioned", "functional")
def test_a_decommissioned_device_has_nothing_left(workshop, device):
    assert call(device, "store", b"CANARY-OF-ITS")[0] == SUCCESS
    enter(device, workshop, "--state", "decommissioned")
    assert state_of(device) == 0x6000
    assert call(device, "token", os.urandom(32))[0] == SERVICE_FAILURE and call(device, "load")[0] == DOES_NOT_EXIST
    device.kill()
    assert not any((device.folder / "otp.bin").read_bytes()[0x400:0x680])
    assert b"CANARY-OF-ITS" not in (device.folder / "flash.bin").read_bytes()


@pytest.mark.claim("lifecycle.debug_token", "attack")
def test_no_other_token_opens_the_device(workshop, device):
    challenge = call(device, "challenge")[1]
    token = debug_token(device, workshop, challenge)
    assert call(device, "debug", token[:-1])[0] == INVALID_ARGUMENT
    assert call(device, "debug", token)[0] == BAD_STATE   # the try before used the challenge up
    assert call(device, "debug", debug_token(device, workshop, call(device, "challenge")[1], serial="OTHER"))[0] == NOT_PERMITTED
    assert call(device, "debug", debug_token(device, workshop, call(device, "challenge")[1], key=workshop.maker.key("stranger")))[0] == INVALID_SIGNATURE
    call(device, "challenge")
    assert call(device, "debug", debug_token(device, workshop, challenge))[0] == NOT_PERMITTED
    device.send("reboot\n")
    device.wait("attest: ready", BOOT_S)
    assert call(device, "debug", debug_token(device, workshop, challenge))[0] == BAD_STATE and state_of(device) == 0x3000


@pytest.mark.claim("attest.no_key", "functional")
def test_a_device_without_identity_attests_nothing(workshop, images):
    device = workshop.device(images=images, lifecycle="assembly")
    otp = bytearray((device.folder / "otp.bin").read_bytes())
    otp[0x400:0x680] = b"\xff" * 0x280
    (device.folder / "otp.bin").write_bytes(otp)
    device.start()
    device.wait("attest: ready", BOOT_S)
    assert state_of(device) == 0x1000 and call(device, "token", os.urandom(32))[0] == SERVICE_FAILURE
    assert call(device, "challenge")[0] == NOT_PERMITTED
