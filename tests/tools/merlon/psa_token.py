# SPDX-License-Identifier: Apache-2.0
"""Attestation tokens by an independent implementation: cbor2 encodes, pycose signs and verifies, cryptography reads the keys."""
import hashlib
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives import serialization
from pycose.headers import Algorithm
from pycose.algorithms import Es256
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import Sign1Message

PROFILE = "tag:psacertified.org,2023:psa#tfm"
NONCE, INSTANCE, PROFILE_KEY, BOOT_SEED, CLIENT, LIFECYCLE, IMPLEMENTATION = 10, 256, 265, 268, 2394, 2395, 2396
CERTIFICATION, COMPONENTS, SERVICE = 2398, 2399, 2400
TYPE, MEASUREMENT, VERSION, SIGNER, DESCRIPTION = 1, 2, 4, 5, 6


def cose_key(path):
    """A pycose key from a PEM file, private or public."""
    text = Path(path).read_bytes()
    if b"PRIVATE" in text:
        private = serialization.load_pem_private_key(text, None)
        public, scalar = private.public_key(), private.private_numbers().private_value.to_bytes(32, "big")
    else:
        public, scalar = serialization.load_pem_public_key(text), b""
    numbers = public.public_numbers()
    return EC2Key(crv=P256, x=numbers.x.to_bytes(32, "big"), y=numbers.y.to_bytes(32, "big"), d=scalar)


def instance_of(path):
    """The instance claim that belongs to a key."""
    key = cose_key(path)
    return b"\x01" + hashlib.sha256(b"\x04" + key.x + key.y).digest()


def sign(path, claims):
    """A token with these claims; bytes are taken as they are."""
    payload = claims if isinstance(claims, bytes) else cbor2.dumps(claims, canonical=False)
    message = Sign1Message(phdr={Algorithm: Es256}, payload=payload)
    message.key = cose_key(path)
    return message.encode()


def verified(path, token, use=b""):
    """The payload of a message that cbor2 and pycose read and whose signature pycose finds right; else an error."""
    tagged = cbor2.loads(token)
    protected, unprotected, payload, signature = tagged.value
    message = Sign1Message.from_cose_obj([protected, dict(unprotected), payload, signature], False)
    assert tagged.tag == 18
    assert message.phdr == {Algorithm: Es256} and not message.uhdr
    message.key, message.external_aad = cose_key(path), use
    assert message.verify_signature(), "pycose finds the signature wrong"
    return message.payload


def verify(path, token):
    """The claims of an attestation token, if its encoding is deterministic, too."""
    payload = verified(path, token)
    claims = cbor2.loads(payload)
    assert list(claims) == sorted(claims) and cbor2.dumps(claims, canonical=False) == payload
    return claims


def example(path, nonce):
    """The claims of a device, each as it should be."""
    return {NONCE: nonce, INSTANCE: instance_of(path), PROFILE_KEY: PROFILE, BOOT_SEED: bytes(range(32)), CLIENT: -1, LIFECYCLE: 0x3000,
            IMPLEMENTATION: b"\x11" * 32, CERTIFICATION: "0604565272829-10010",
            COMPONENTS: [{TYPE: "SPE", MEASUREMENT: b"\x22" * 32, VERSION: "1.2.3", SIGNER: b"\x33" * 32, DESCRIPTION: "sha-256"},
                         {TYPE: "NSPE", MEASUREMENT: b"\x44" * 32, VERSION: "1.2.3", SIGNER: b"\x33" * 32, DESCRIPTION: "sha-256"}],
            SERVICE: "https://verify.example"}
