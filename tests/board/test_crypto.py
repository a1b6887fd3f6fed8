# SPDX-License-Identifier: Apache-2.0
"""The Crypto service on the board: a published result of each algorithm, RSA-4096 within the service's memory, a key pair generated."""
import pytest

BOOT_S = 60
KEY_S = 240
NAMES = {"sha-256", "sha-512", "sha3-256", "hmac", "hkdf", "pbkdf2", "aes-128-gcm", "aes-256-gcm", "chacha20-poly1305", "ecdsa-p256",
         "ecdsa-p384", "ecdh-p256", "rsa-4096-pss", "rsa-4096-pkcs1", "rsa-4096-oaep"}


def answers(device):
    words = [line.split() for line in device.lines if line.startswith("crypto: ")]
    return {word[1]: word[2] for word in words if len(word) == 3}


@pytest.fixture(name="device")
def started(workshop):
    device = workshop.device(images=workshop.images(nonsecure="crypto"))
    device.start()
    device.wait("crypto: ready", BOOT_S)
    return device


@pytest.mark.claim("crypto.vectors", "functional")
def test_each_algorithm_gives_the_published_result(device):
    assert answers(device) == {name: "ok" for name in NAMES}


@pytest.mark.slow
@pytest.mark.claim("crypto.key.generate", "functional")
def test_an_rsa_key_is_generated_on_the_board(device):
    device.send("\n")
    device.wait("crypto: rsa-2048-pss ", KEY_S)
    found = answers(device)
    assert found["rsa-2048-generate"] == found["rsa-2048-pss"] == "ok"
    assert not any("BL2" in line for line in device.lines[device.lines.index("crypto: ready"):])   # no reset in between
