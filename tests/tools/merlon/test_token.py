# SPDX-License-Identifier: Apache-2.0
"""merlon token verify, against tokens that pycose and cbor2 make."""
import json

import cbor2
import psa_token as psa
import pytest

CHALLENGE = b"\xc1" * 48


@pytest.fixture
def keys(merlon):
    for name in ("iak", "other"):
        merlon.ok("key", "generate", "-o", f"{name}.pem")
        (merlon.folder / f"{name}.pub.pem").write_text(merlon.ok("key", "public", "-k", f"{name}.pem"))
    return merlon.folder / "iak.pem"


@pytest.fixture
def verify(merlon, keys):
    """Judge claims (signed with the attestation key) or a whole token; give status and verdict."""
    def run(token, *options, key="iak.pub.pem"):
        (merlon.folder / "token").write_bytes(token if isinstance(token, bytes) else psa.sign(keys, token))
        status, output, _ = merlon("token", "verify", "-k", key, "--json", *options, "token")
        return status, json.loads(output)
    return run


@pytest.fixture
def claims(keys):
    return psa.example(keys, CHALLENGE)


@pytest.mark.claim("token.verify", "functional")
def test_a_token_of_another_implementation_is_accepted(merlon, verify, claims, keys):
    status, verdict = verify(claims, "--challenge", CHALLENGE.hex())
    assert status == 0 and verdict["accepted"] and verdict["fresh"] and verdict["code"] == "ACCEPTED"
    shown = verdict["claims"]
    assert shown["nonce"] == CHALLENGE.hex() and shown["instance"] == claims[psa.INSTANCE].hex() and shown["client"] == -1
    assert shown["lifecycle"] == 0x3000 and shown["lifecycle_name"] == "secured" and shown["boot_seed"] == claims[psa.BOOT_SEED].hex()
    assert shown["certification_reference"] == claims[psa.CERTIFICATION] and shown["verification_service"] == claims[psa.SERVICE]
    assert [part["type"] for part in shown["components"]] == ["SPE", "NSPE"] and shown["components"][0]["measurement"] == "22" * 32
    text = merlon.ok("token", "verify", "-k", "iak.pub.pem", "token")
    assert text.startswith("accepted: ") and "lifecycle secured, client -1" in text


ALTERED = [(psa.NONCE, b"\xc2" * 48, "NOT_FRESH"), (psa.NONCE, b"\xc1" * 32, "NOT_FRESH"), (psa.NONCE, b"\xc1" * 47, "CLAIM_INVALID"),
           (psa.NONCE, "c" * 48, "CLAIM_INVALID"), (psa.INSTANCE, b"\x01" + b"\x55" * 32, "WRONG_KEY"), (psa.INSTANCE, b"\x02" * 33, "CLAIM_INVALID"),
           (psa.INSTANCE, b"\x01" * 32, "CLAIM_INVALID"), (psa.PROFILE_KEY, "http://arm.com/psa/2.0.0", "BAD_PROFILE"),
           (psa.PROFILE_KEY, psa.PROFILE.encode(), "BAD_PROFILE"), (psa.BOOT_SEED, b"\x00" * 7, "CLAIM_INVALID"), (psa.BOOT_SEED, b"\x00" * 33, "CLAIM_INVALID"),
           (psa.CLIENT, "x", "CLAIM_INVALID"), (psa.CLIENT, 1 << 31, "CLAIM_INVALID"), (psa.CLIENT, -(1 << 31) - 1, "CLAIM_INVALID"),
           (psa.LIFECYCLE, 0x7000, "CLAIM_INVALID"), (psa.LIFECYCLE, 0x3100, "CLAIM_INVALID"), (psa.LIFECYCLE, -1, "CLAIM_INVALID"),
           (psa.IMPLEMENTATION, b"\x11" * 31, "CLAIM_INVALID"), (psa.CERTIFICATION, "0604565272829", "CLAIM_INVALID"),
           (psa.CERTIFICATION, b"0604565272829-10010", "CLAIM_INVALID"), (psa.COMPONENTS, [], "CLAIM_INVALID"), (psa.COMPONENTS, {}, "CLAIM_INVALID"),
           (psa.COMPONENTS, [{psa.MEASUREMENT: b"\x22" * 32}], "CLAIM_MISSING"), (psa.COMPONENTS, [{psa.SIGNER: b"\x22" * 32}], "CLAIM_MISSING"),
           (psa.COMPONENTS, [{psa.MEASUREMENT: b"\x22" * 20, psa.SIGNER: b"\x22" * 32}], "CLAIM_INVALID"),
           (psa.COMPONENTS, [{psa.MEASUREMENT: b"\x22" * 32, 3: "x", psa.SIGNER: b"\x22" * 32}], "NOT_CBOR"), (psa.SERVICE, b"x", "CLAIM_INVALID")]


@pytest.mark.claim("token.verify", "malformed")
@pytest.mark.parametrize("key,value,code", ALTERED)
def test_a_claim_out_of_its_form_is_refused(verify, claims, key, value, code):
    claims[key] = value
    status, verdict = verify(claims, "--challenge", CHALLENGE.hex())
    assert status == 1 and not verdict["accepted"] and verdict["code"] == code and verdict["reason"]


@pytest.mark.claim("token.verify", "malformed")
@pytest.mark.parametrize("key", [psa.NONCE, psa.INSTANCE, psa.CLIENT, psa.LIFECYCLE, psa.IMPLEMENTATION, psa.COMPONENTS, psa.PROFILE_KEY])
def test_a_mandatory_claim_that_is_absent_is_missed(verify, claims, key):
    del claims[key]
    assert verify(claims)[1]["code"] == ("BAD_PROFILE" if key == psa.PROFILE_KEY else "CLAIM_MISSING")


@pytest.mark.claim("token.verify", "attack")
def test_each_byte_of_a_token_counts(merlon, verify, claims, keys):
    """Each byte altered, one bit at a time by turns: the form or the signature is wrong, and no claim is shown."""
    token = psa.sign(keys, claims)
    for at in range(0, len(token)):
        altered = bytearray(token)
        altered[at] ^= 1 << at % 8
        status, verdict = verify(bytes(altered))
        assert status == 1 and verdict["code"] in ("NOT_COSE", "BAD_SIGNATURE") and "claims" not in verdict, at


@pytest.mark.claim("token.verify", "attack")
def test_another_key_is_refused(verify, claims, merlon):
    assert verify(claims, key="other.pub.pem")[1]["code"] == "BAD_SIGNATURE"
    # A genuine key of another device signs claims that name this one.
    token = psa.sign(merlon.folder / "other.pem", claims)
    assert verify(token, key="other.pub.pem")[1]["code"] == "WRONG_KEY"


@pytest.mark.claim("token.verify", "malformed")
def test_other_encodings_are_refused(verify, claims, keys):
    payload = cbor2.dumps(claims)
    backwards = dict(reversed(claims.items()))
    for wrong in (cbor2.dumps(backwards), payload + b"\x00", payload[:-1], b"\xbf" + payload[1:] + b"\xff", cbor2.dumps(list(claims.values())),
                  cbor2.dumps({**claims, 2500: 1}), bytes([payload[0] + 1]) + payload[1:] + payload[1:53]):
        assert verify(psa.sign(keys, wrong))[1]["code"] == "NOT_CBOR"
    token = psa.sign(keys, claims)
    for wrong in (b"", token[1:], b"\xd1" + token[1:], token + b"\x00", token[:-1], b"\xd8\x12" + token[1:], b"\xd2" + token):
        assert verify(wrong)[1]["code"] == "NOT_COSE"


REFERENCE = f"""# a release
implementation {'11' * 32}
lifecycle secured
certification-reference 0604565272829-10010
verification-service https://verify.example   # where
component SPE 1.2.3 {'22' * 32} {'33' * 32}
component NSPE * {'44' * 32} *
component NSPE 1.0.0 * *
client -1
"""


@pytest.mark.claim("token.reference", "functional")
def test_reference_values_hold(verify, claims, merlon):
    (merlon.folder / "ref").write_text(REFERENCE)
    assert verify(claims, "--reference", "ref") [1]["accepted"]
    (merlon.folder / "ref").write_text(REFERENCE + f"instance {claims[psa.INSTANCE].hex()}\nclient 7\nlifecycle non-psa-debug\n")
    assert verify(claims, "--reference", "ref")[1]["accepted"]
    claims[psa.LIFECYCLE] = 0x4000
    assert verify(claims, "--reference", "ref")[1]["accepted"]


@pytest.mark.claim("token.reference", "attack")
@pytest.mark.parametrize("old,new,detail", [
    ("11" * 32, "12" * 32, "implementation"), ("lifecycle secured", "lifecycle assembly", "lifecycle"), ("client -1", "client 1", "client"),
    ("-10010", "-10011", "certification-reference"), ("https", "http", "verification-service"), ("22" * 32, "23" * 32, "component"),
    ("SPE 1.2.3", "SPE 1.2.4", "component"), ("44" * 32, "45" * 32, "component"), ("component SPE", "component XYZ", "component"),
    ("33" * 32, "34" * 32, "component"), ("client -1", f"instance {'01' * 33}", "instance")])
def test_a_value_that_differs_is_named(verify, claims, merlon, old, new, detail):
    (merlon.folder / "ref").write_text(REFERENCE.replace(old, new))
    status, verdict = verify(claims, "--reference", "ref")
    assert status == 1 and verdict["code"] == "NOT_REFERENCE" and verdict["detail"] == detail


@pytest.mark.claim("token.reference", "attack")
def test_an_unsecured_device_fails_a_reference_that_does_not_say_so(verify, claims, merlon):
    (merlon.folder / "ref").write_text(REFERENCE.replace("lifecycle secured\n", ""))
    for lifecycle in (0x0000, 0x1000, 0x2000, 0x4000, 0x5000, 0x6000):
        claims[psa.LIFECYCLE] = lifecycle
        assert verify(claims, "--reference", "ref")[1]["detail"] == "lifecycle"
    claims[psa.LIFECYCLE] = 0x30ff
    assert verify(claims, "--reference", "ref")[1]["accepted"]


@pytest.mark.claim("token.reference", "attack")
def test_nothing_runs_that_is_not_listed(verify, claims, merlon):
    (merlon.folder / "ref").write_text(REFERENCE)
    claims[psa.COMPONENTS].append({psa.TYPE: "EXTRA", psa.MEASUREMENT: b"\x22" * 32, psa.SIGNER: b"\x33" * 32})
    assert verify(claims, "--reference", "ref")[1]["detail"] == "component"
    claims[psa.COMPONENTS] = claims[psa.COMPONENTS][:1]
    assert verify(claims, "--reference", "ref")[1]["detail"] == "component"


@pytest.mark.claim("token.verify", "malformed")
def test_wrong_usage_is_no_verdict(merlon, verify, claims):
    verify(claims)
    (merlon.folder / "empty").write_text("# nothing\n")
    (merlon.folder / "wrong").write_text("lifecycle\n")
    (merlon.folder / "unknown").write_text("colour red\n")
    merlon.ok("key", "generate", "--type", "ecdsa-p384", "-o", "p384.pem")
    for options in ([], ["token"], ["-k", "iak.pub.pem"], ["-k", "nowhere", "token"], ["-k", "iak.pub.pem", "nowhere"],
                    ["-k", "iak.pub.pem", "--challenge", "00", "token"], ["-k", "iak.pub.pem", "--challenge", "zz" * 32, "token"],
                    ["-k", "p384.pem", "token"], ["-k", "iak.pub.pem", "--reference", "empty", "token"],
                    ["-k", "iak.pub.pem", "--reference", "wrong", "token"], ["-k", "iak.pub.pem", "--reference", "unknown", "token"]):
        status, output, errors = merlon("token", "verify", *options)
        assert status == 2 and output == "" and errors, options


@pytest.mark.claim("token.verify", "functional")
def test_what_is_not_checked_is_warned_of(merlon, verify, claims):
    claims[psa.LIFECYCLE] = 0x1000
    verify(claims)
    errors = merlon("token", "verify", "-k", "iak.pub.pem", "token")[2]
    assert "without --challenge" in errors and "not secured" in errors
