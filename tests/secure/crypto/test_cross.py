# SPDX-License-Identifier: Apache-2.0
"""The Crypto service and OpenSSL (through pyca/cryptography) agree on random inputs; the seed is printed."""
import os
import subprocess
import time

import common
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVES = {"256": ec.SECP256R1(), "384": ec.SECP384R1()}
HASHES = {"sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512, "sha3_224": hashes.SHA3_224,
          "sha3_256": hashes.SHA3_256, "sha3_384": hashes.SHA3_384, "sha3_512": hashes.SHA3_512}


def check_hash(name, data, out):
    digest = hashes.Hash(HASHES[name]())
    digest.update(data)
    assert digest.finalize() == out


def check_hmac(name, key, data, out):
    code = hmac.HMAC(key, HASHES[name]())
    code.update(data)
    assert code.finalize() == out


def check_gcm(key, nonce, additional, data, out):
    assert AESGCM(key).encrypt(nonce, data, additional) == out


def check_chachapoly(key, nonce, additional, data, out):
    assert ChaCha20Poly1305(key).encrypt(nonce, data, additional) == out


def check_hkdf(key, salt, info, out):
    assert HKDF(hashes.SHA256(), len(out), salt, info).derive(key) == out


def check_ecdsa(bits, point, data, signature):
    half = len(signature) // 2
    encoded = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVES[bits], point)
    public.verify(encoded, data, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(encoded, data + b"x", ec.ECDSA(hashes.SHA256()))


def check_ecdh(bits, secret, point, out):
    private = ec.derive_private_key(int.from_bytes(secret, "big"), CURVES[bits])
    assert private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVES[bits], point)) == out


def check_pss(public, data, signature):
    key = serialization.load_der_public_key(public)   # RSAPublicKey, as PSA exports it
    assert isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048
    key.verify(signature, data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


@pytest.mark.claim("crypto.vectors", "property")
def test_openssl_agrees_on_random_inputs():
    seed = int(os.environ.get("MERLON_SEED", time.time()))
    print(f"MERLON_SEED={seed}")
    output = subprocess.run([common.BUILD / "host/tests/test_secure_crypto_cases"], capture_output=True, text=True, check=True,
                            env={"MERLON_SEED": str(seed)}).stdout
    seen = set()
    for line in output.splitlines():
        if not line.startswith("case "):
            continue
        kind, *words = line.split()[1:]
        named = kind in ("hash", "hmac", "ecdsa", "ecdh")
        values = [b"" if word == "-" else bytes.fromhex(word) for word in words[named:]]
        globals()[f"check_{kind}"](*words[:named], *values)
        seen.add(kind)
    assert seen == {name.removeprefix("check_") for name in globals() if name.startswith("check_")}
