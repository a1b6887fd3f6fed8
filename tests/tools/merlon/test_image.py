# SPDX-License-Identifier: Apache-2.0
"""merlon image against MCUboot's imgtool: the same options give the same bytes, and each accepts what the other signed."""
import base64
import hashlib
import json
import random
import struct

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from imgtool.main import imgtool as imgtool_command

SEED = 20261124
COUNTS = {"quick": 40, "normal": 200, "nightly": 4000}
BASIC = ("--version", "1.2.3+4", "--header-size", "0x400", "--slot-size", "0x80000", "--pad-header")


def peer(*arguments):
    """imgtool in this process, which is much faster than a new one; relative names are the test's own."""
    result = CliRunner().invoke(imgtool_command, [str(word) for word in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


@pytest.fixture
def keys(merlon, tmp_path, monkeypatch):
    """k.pem and k.pub in the test's folder, which becomes the current one."""
    monkeypatch.chdir(tmp_path)
    merlon.ok("key", "generate", "-o", "k.pem")
    (tmp_path / "k.pub").write_text(merlon.ok("key", "public", "-k", "k.pem"))
    (tmp_path / "in.bin").write_bytes(bytes(range(256)) * 20)
    return tmp_path


def info(merlon, name):
    return json.loads(merlon.ok("image", "info", "--json", name))


def unsigned_part(facts):
    """Everything but the signature's value and what follows from its length."""
    tlvs = [dict(tlv, value="" if tlv["name"] == "ECDSA_SIG" else tlv["value"]) for tlv in facts["tlvs"]]
    return {name: value for name, value in facts.items() if name != "image_size"} | {"tlvs": tlvs}


def random_options(rng):
    """Options of both tools, and the payload."""
    options = ["--version", rng.choice(["0", "1.2", "1.2.3", "255.255.65535+4294967295", "0.0.1+7"])]
    header_size = rng.choice([32, 64, 0x200, 0x400, 0x1234])
    options += ["--header-size", rng.choice([str(header_size), hex(header_size)])]
    align = rng.choice([None, 1, 2, 4, 8, 16, 32])
    if align:
        options += ["--align", align]
    if rng.random() < 0.2:
        options += ["--max-align", rng.choice([8, 16, 32])]
    if rng.random() < 0.2:
        options += ["--max-sectors", rng.choice([1, 64, 256])]
    if rng.random() < 0.6:
        options += ["--security-counter", rng.choice(["auto", "0", "7", "0xffffffff"])]
    if rng.random() < 0.5:
        options += ["-d", rng.choice(["(1, 1.0.0)", "(0,2.3.4+5)", "(1, 1.2.3), (0, 0.0.1)", "(255, 255.255.65535)"])]
    if rng.random() < 0.5:
        options += ["--boot-record", rng.choice(["SPE", "N", "exactly12chr"])]
    for tlv in rng.sample([0xa0, 0xb7, 0x1234, 0xfffe], rng.randrange(3)):
        options += ["--custom-tlv", hex(tlv), rng.choice(["0x", "0x00", "0xDEADbeef", "text", "0x" + "5a" * 40])]
    options += rng.choice([[], ["--pad"], ["--pad", "--confirm"], ["--confirm"], ["--test"], ["--pad", "--overwrite-only"]])
    options += rng.choice([[], ["--public-key-format", "hash"], ["--public-key-format", "full"]])
    if rng.random() < 0.2:
        options += ["--rom-fixed", rng.choice(["0x10000000", "4096"])]
    payload = rng.randbytes(rng.choice([1, 15, 16, 17, 1000, 5000]))
    pad_header = rng.random() < 0.5
    if pad_header:
        options.append("--pad-header")
    options += ["--slot-size", rng.choice(["0x20000", "131072"])]
    return options, payload if pad_header else bytes(header_size) + payload


@pytest.mark.claim("tools.image.peer", "property")
def test_same_options_give_the_same_image(merlon, keys, mode):
    rng = random.Random(SEED)
    for number in range(COUNTS[mode]):
        options, program = random_options(rng)
        (keys / "in.bin").write_bytes(program)
        what = f"case {number} of seed {SEED}: {options}"
        merlon.ok("image", "sign", "-k", "k.pem", *options, "in.bin", "ours.bin")
        status, output = peer("sign", "-k", "k.pem", *options, "in.bin", "theirs.bin")
        assert status == 0, f"{what}: {output}"
        ours, theirs = info(merlon, "ours.bin"), info(merlon, "theirs.bin")
        assert unsigned_part(ours) == unsigned_part(theirs), what
        end = ours["header_size"] + ours["payload_size"] + ours["protected_size"]
        data = (keys / "ours.bin").read_bytes(), (keys / "theirs.bin").read_bytes()
        assert data[0][:end] == data[1][:end], what
        if "trailer" in ours:
            assert data[0][-8192:] == data[1][-8192:] and len(data[0]) == len(data[1]) == 0x20000, what
        assert peer("verify", "-k", "k.pem", "ours.bin")[0] == 0, what
        arguments = ("image", "verify", "-k", "k.pub", "--slot-size", "0x20000")
        for name in ("ours.bin", "theirs.bin"):
            status, output, errors = merlon(*arguments, name)
            assert status == 0 and output.startswith("accepted: "), f"{what}: {name}: {output}{errors}"


@pytest.mark.claim("tools.image.peer", "attack")
def test_mutated_images_are_not_more_welcome_than_with_imgtool(merlon, keys, mode):
    rng = random.Random(SEED + 1)
    (keys / "small.bin").write_bytes(rng.randbytes(64))
    merlon.ok("image", "sign", "-k", "k.pem", "--version", "1.2.3", "--header-size", "32", "--slot-size", "0x2000", "--pad-header",
              "--security-counter", "5", "-d", "1,1.0.0", "small.bin", "good.bin")
    good = (keys / "good.bin").read_bytes()
    refused = 0
    for number in range(COUNTS[mode]):
        data = bytearray(good)
        for _ in range(rng.choice([1, 1, 2, 4])):
            way, at = rng.randrange(4), rng.randrange(len(data))
            if way == 0:
                data[at] ^= 1 << rng.randrange(8)
            elif way == 1:
                data[at] = rng.choice([0, 1, 0x7f, 0x80, 0xff])
            elif way == 2:
                data[at:at] = rng.randbytes(rng.randrange(1, 9))
            else:
                del data[at:at + rng.randrange(1, 9)]
        (keys / "mutant.bin").write_bytes(data)
        status, output, errors = merlon("image", "verify", "-k", "k.pub", "--slot-size", "0x4000", "mutant.bin")
        assert status in (0, 1) and errors == "", (number, status, output, errors)
        assert output.startswith(("accepted: ", "rejected: "))
        refused += status
        if status == 0:
            assert peer("verify", "-k", "k.pem", "mutant.bin")[0] == 0, f"case {number} of seed {SEED + 1}"
            assert data[:len(good)] == good, "only what lies behind the image may differ"
    assert refused > COUNTS[mode] * 9 // 10


@pytest.mark.claim("tools.image.sign", "property")
def test_signing_twice_gives_the_same_image(merlon, keys):
    for name in ("a.bin", "b.bin"):
        merlon.ok("image", "sign", "-k", "k.pem", *BASIC, "in.bin", name)
    assert (keys / "a.bin").read_bytes() == (keys / "b.bin").read_bytes()


@pytest.mark.parametrize("form", ["hash", "full"])
@pytest.mark.claim("tools.image.verify", "functional")
def test_key_policy_chooses_among_forms(merlon, keys, form):
    merlon.ok("image", "sign", "-k", "k.pem", *BASIC, "--public-key-format", form, "in.bin", "out.bin")
    other = {"hash": "full", "full": "hash"}[form]
    for policy, expected in ((form, 0), ("both", 0), (other, 1)):
        status, output, _ = merlon("image", "verify", "-k", "k.pub", "--key-policy", policy, "out.bin")
        assert status == expected
        assert expected == 0 or output.startswith("rejected: KEY_MISSING ")


@pytest.mark.parametrize("options, trailer, request_", [
    ((), None, "none"),
    (("--pad",), {"magic": "good", "image_ok": "unset"}, "test"),
    (("--pad", "--confirm"), {"magic": "good", "image_ok": "set"}, "permanent"),
    (("--confirm", "--align", "16"), {"magic": "good", "image_ok": "set", "align": 16}, "permanent"),
    (("--pad", "--overwrite-only"), {"magic": "good", "image_ok": "unset"}, "test"),
])
@pytest.mark.claim("image.trailer", "functional")
def test_padding_asks_for_an_update(merlon, keys, options, trailer, request_):
    merlon.ok("image", "sign", "-k", "k.pem", *BASIC, *options, "in.bin", "out.bin")
    found = info(merlon, "out.bin").get("trailer")
    assert (found is None) == (trailer is None)
    assert trailer is None or trailer.items() <= found.items()
    assert f"request {request_}" in merlon.ok("image", "verify", "-k", "k.pub", "--slot", "secondary", "out.bin")
    assert "request" not in merlon.ok("image", "verify", "-k", "k.pub", "out.bin")


@pytest.mark.parametrize("vector", ["payload", "digest"])
@pytest.mark.claim("tools.image.two_steps", "functional")
def test_signed_elsewhere_in_two_steps(merlon, keys, vector):
    options = (*BASIC, "--security-counter", "3", "-d", "(1, 1.0.0)")
    merlon.ok("image", "sign", *options, "--vector-to-sign", vector, "in.bin", "vector")
    assert peer("sign", *options, "--vector-to-sign", vector, "in.bin", "vector.peer")[0] == 0
    data = (keys / "vector").read_bytes()
    assert data == (keys / "vector.peer").read_bytes()
    private = serialization.load_pem_private_key((keys / "k.pem").read_bytes(), None)
    digest = data if vector == "digest" else hashlib.sha256(data).digest()
    signature = private.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    (keys / "sig.der").write_bytes(signature)
    (keys / "sig.b64").write_bytes(base64.b64encode(signature))
    for name in ("sig.der", "sig.b64"):
        merlon.ok("image", "sign", *options, "--fix-sig", name, "--fix-sig-pubkey", "k.pub", "in.bin", "out.bin")
        merlon.ok("image", "verify", "-k", "k.pub", "out.bin")
        assert peer("verify", "-k", "k.pem", "out.bin")[0] == 0
    assert peer("sign", *options, "--fix-sig", "sig.b64", "--fix-sig-pubkey", "k.pub", "in.bin", "peer.bin")[0] == 0
    assert (keys / "peer.bin").read_bytes() == (keys / "out.bin").read_bytes()


@pytest.mark.claim("tools.image.two_steps", "functional")
def test_boot_record_of_an_image_signed_elsewhere_names_the_signer(merlon, keys):
    options = (*BASIC, "--boot-record", "SPE", "--fix-sig-pubkey", "k.pub")
    merlon.ok("image", "sign", *options, "--vector-to-sign", "digest", "in.bin", "digest")
    private = serialization.load_pem_private_key((keys / "k.pem").read_bytes(), None)
    (keys / "sig").write_bytes(private.sign((keys / "digest").read_bytes(), ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
    merlon.ok("image", "sign", *options, "--fix-sig", "sig", "in.bin", "out.bin")
    record = next(tlv["value"] for tlv in info(merlon, "out.bin")["tlvs"] if tlv["name"] == "BOOT_RECORD")
    assert merlon.ok("key", "public", "-k", "k.pub", "--format", "hash").strip() in record


@pytest.mark.claim("tools.image.two_steps", "attack")
def test_foreign_signature_is_not_put_into_an_image(merlon, keys):
    private = ec.generate_private_key(ec.SECP256R1())
    (keys / "sig").write_bytes(private.sign(bytes(32), ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
    status, _, errors = merlon("image", "sign", *BASIC, "--fix-sig", "sig", "--fix-sig-pubkey", "k.pub", "in.bin", "out.bin")
    assert status == 2 and "the signature is not of this image by this key" in errors and "try:" in errors
    assert not (keys / "out.bin").exists()


@pytest.mark.claim("tools.image.sign", "functional")
def test_p384_image_verifies_with_imgtool(merlon, keys):
    merlon.ok("key", "generate", "--type", "ecdsa-p384", "-o", "big.pem")
    merlon.ok("image", "sign", "-k", "big.pem", *BASIC, "--boot-record", "SPE", "in.bin", "out.bin")
    assert peer("verify", "-k", "big.pem", "out.bin")[0] == 0
    assert peer("sign", "-k", "big.pem", *BASIC, "--boot-record", "SPE", "in.bin", "peer.bin")[0] == 0
    assert unsigned_part(info(merlon, "out.bin")) == unsigned_part(info(merlon, "peer.bin"))
    status, output, errors = merlon("image", "verify", "-k", "k.pub", "out.bin")
    assert status == 1 and output.startswith("rejected: HASH_MISSING ")


def signed(merlon, keys, *options):
    merlon.ok("image", "sign", "-k", "k.pem", "--version", "1.0.0", "--header-size", "32", "--slot-size", "0x8000", "--pad-header", *options,
              "in.bin", "out.bin")
    return bytearray((keys / "out.bin").read_bytes())


def verdict(merlon, keys, data, *options):
    (keys / "changed.bin").write_bytes(data)
    status, output, errors = merlon("image", "verify", "-k", "k.pub", "--slot-size", "0x8000", *options, "changed.bin")
    assert errors == "" and status == (0 if output.startswith("accepted: ") else 1)
    return output.split()[1] if status else "accepted"


@pytest.mark.claim("tools.image.verify", "attack")
def test_rejections_say_why(merlon, keys):
    good = signed(merlon, keys, "--security-counter", "5")
    assert verdict(merlon, keys, good) == "accepted"
    assert verdict(merlon, keys, good, "--counter", "5") == "accepted"
    assert verdict(merlon, keys, good, "--counter", "6") == "COUNTER"
    assert verdict(merlon, keys, signed(merlon, keys), "--counter", "0") == "COUNTER_MISSING"
    payload, magic, header = bytearray(good), bytearray(good), bytearray(good)
    payload[100] ^= 1
    assert verdict(merlon, keys, payload) == "HASH"
    magic[0] ^= 1
    assert verdict(merlon, keys, magic) == "MAGIC"
    struct.pack_into("<H", header, 8, 16)
    assert verdict(merlon, keys, header) == "HEADER"
    assert verdict(merlon, keys, good[:-1]) == "SIGNATURE"   # an erased byte takes the place of the last one
    assert verdict(merlon, keys, b"") == "EMPTY"
    assert verdict(merlon, keys, good + bytes(0x8000)) == "SIZE"
    merlon.ok("key", "generate", "-o", "other.pem")
    merlon.ok("image", "sign", "-k", "other.pem", *BASIC, "in.bin", "foreign.bin")
    status, output, _ = merlon("image", "verify", "-k", "k.pub", "foreign.bin")
    assert status == 1 and output == "rejected: KEY_UNKNOWN the signing key is not among the trusted keys\n"
    merlon.ok("image", "verify", "-k", "k.pub", "-k", "other.pem", "foreign.bin")


@pytest.mark.claim("tools.image.verify", "functional")
def test_verdict_as_json_reports_hash_and_signature_apart(merlon, keys):
    good = signed(merlon, keys, "--security-counter", "5")
    (keys / "out.bin").write_bytes(good)
    status, output, _ = merlon("image", "verify", "-k", "k.pub", "--counter", "6", "--json", "out.bin")
    found = json.loads(output)
    assert status == 1
    assert found["accepted"] is False and found["code"] == "COUNTER" and found["hash_matches"] and found["signature_matches"]
    assert found["counter"] == 5 and found["version"] == "1.0.0+0"
    assert found["key"] == merlon.ok("key", "public", "-k", "k.pem", "--format", "hash").strip()


@pytest.mark.claim("boot.refuse.key_development", "attack")
def test_development_key_is_refused_once_secured(merlon, keys):
    merlon.ok("key", "generate", "--development", "-o", "dev.pem")
    (keys / "dev.pub").write_text(merlon.ok("key", "public", "-k", "dev.pem"))
    merlon.ok("image", "sign", "-k", "dev.pem", *BASIC, "in.bin", "out.bin")
    merlon.ok("image", "verify", "-k", "dev.pub", "out.bin")
    status, output, _ = merlon("image", "verify", "-k", "dev.pub", "--lifecycle", "secured", "out.bin")
    assert status == 1 and output.startswith("rejected: KEY_DEVELOPMENT ")


@pytest.mark.claim("boot.refuse.address", "functional")
def test_fixed_address_is_judged(merlon, keys):
    data = signed(merlon, keys, "--rom-fixed", "0x20000")
    assert verdict(merlon, keys, data, "--address", "0x20000") == "accepted"
    assert verdict(merlon, keys, data, "--address", "0x30000") == "ADDRESS"


@pytest.mark.parametrize("options, code", [
    (("--load-addr", "0x20000000"), "FLAGS"),
    (("--compression", "lzma2"), "FLAGS"),
    (("--encrypt", "enc.pub"), "FLAGS"),
    (("--encrypt", "enc.pub", "--encrypt-keylen", "256"), "FLAGS"),
    (("--non-bootable",), "NON_BOOTABLE"),
    (("--endian", "big"), "MAGIC"),
])
@pytest.mark.claim("image.flags", "attack")
def test_images_this_build_cannot_serve_are_refused(merlon, keys, options, code):
    merlon.ok("key", "generate", "-o", "enc.pem")
    (keys / "enc.pub").write_text(merlon.ok("key", "public", "-k", "enc.pem"))
    (keys / "in.bin").write_bytes(bytes(20000))
    assert peer("sign", "-k", "k.pem", *BASIC, *options, "in.bin", "out.bin")[0] == 0
    status, output, _ = merlon("image", "verify", "-k", "k.pub", "out.bin")
    assert status == 1 and output.startswith(f"rejected: {code} "), output


@pytest.mark.parametrize("kind", ["rsa-2048", "rsa-3072", "ed25519"])
@pytest.mark.claim("image.flags", "attack")
def test_signatures_of_other_algorithms_are_refused(merlon, keys, kind):
    assert peer("keygen", "-t", kind, "-k", "other.pem")[0] == 0
    assert peer("sign", "-k", "other.pem", *BASIC, "in.bin", "out.bin")[0] == 0
    status, output, _ = merlon("image", "verify", "-k", "k.pub", "out.bin")
    assert status == 1 and output.startswith("rejected: KEY_MISSING ")
    status, _, errors = merlon("image", "verify", "-k", "other.pem", "out.bin")
    assert status == 2 and "other.pem" in errors


@pytest.mark.claim("image.flags", "attack")
def test_unsigned_image_is_refused(merlon, keys):
    assert peer("sign", *BASIC, "in.bin", "out.bin")[0] == 0
    status, output, _ = merlon("image", "verify", "-k", "k.pub", "out.bin")
    assert status == 1 and output.startswith("rejected: KEY_MISSING ")


@pytest.mark.claim("tools.image.sign", "functional")
def test_dependencies_are_written_in_both_ways(merlon, keys):
    merlon.ok("image", "sign", "-k", "k.pem", *BASIC, "-d", "1,1.2.3", "-d", "0,4.5", "in.bin", "a.bin")
    merlon.ok("image", "sign", "-k", "k.pem", *BASIC, "-d", "(1, 1.2.3), (0, 4.5)", "in.bin", "b.bin")
    assert (keys / "a.bin").read_bytes() == (keys / "b.bin").read_bytes()
    assert "image 1 in version 1.2.3+0 or later" in merlon.ok("image", "info", "a.bin")


ARGUMENTS = ("-k", "k.pem", *BASIC, "in.bin", "out.bin")


@pytest.mark.parametrize("arguments, says", [
    ((*BASIC, "in.bin", "out.bin"), "-k KEY.pem is missing"),
    (("-k", "k.pem", "in.bin", "out.bin"), "--version is missing"),
    (("-k", "k.pem", "--version", "1", "in.bin", "out.bin"), "--header-size is missing"),
    (("-k", "k.pem", "--version", "1", "-H", "32", "in.bin", "out.bin"), "--slot-size is missing"),
    ((*ARGUMENTS, "more.bin"), "needs IN and OUT"),
    (("-k", "k.pem", *BASIC, "in.hex", "out.bin"), "objcopy -O binary"),
    ((*ARGUMENTS, "--header-size", "31"), "'31' is no number from 32"),
    ((*ARGUMENTS, "--version", "1.256"), "no version"),
    ((*ARGUMENTS, "--version", "1.2.3+"), "no version"),
    ((*ARGUMENTS, "--version", "01.2"), "no version"),
    ((*ARGUMENTS, "-d", "1"), "no dependency"),
    ((*ARGUMENTS, "-d", "1,1.0.0,"), "no dependency"),
    ((*ARGUMENTS, "-d", "(1, 1.0.0"), "no dependency"),
    ((*ARGUMENTS, "--align", "3"), "no power of two"),
    ((*ARGUMENTS, "--security-counter", "0x100000000"), "no number"),
    ((*ARGUMENTS, "--security-counter", "-1"), "no number"),
    ((*ARGUMENTS, "--boot-record", "thirteen_long"), "longer than 12"),
    ((*ARGUMENTS, "--custom-tlv", "0x50", "0x00"), "no type from 0x00a0"),
    ((*ARGUMENTS, "--custom-tlv", "0xa0", "0x0"), "not hexadecimal"),
    ((*ARGUMENTS, "--custom-tlv", "0xa0", "0x00", "--custom-tlv", "0xa0", "a"), "given twice"),
    ((*ARGUMENTS, "--public-key-format", "pem"), "neither hash nor full"),
    ((*ARGUMENTS, "--fix-sig", "sig"), "--fix-sig goes with --fix-sig-pubkey"),
    (("-k", "k.pub", *BASIC, "in.bin", "out.bin"), "holds a public key"),
    (("-k", "pkcs11:object=x", *BASIC, "in.bin", "out.bin"), "no PKCS#11 module"),
    (("-k", "k.pem", *BASIC, "absent.bin", "out.bin"), "absent.bin: No such file"),
    (("-k", "k.pem", "--version", "1", "-H", "32", "-S", "0x1000", "--pad-header", "in.bin", "out.bin"), "the slot holds 4096"),
    (("-k", "k.pem", "--version", "1", "-H", "32", "-S", "0x8000", "in.bin", "out.bin"), "does not begin with 32 zero bytes"),
    (("-k", "k.pem", *BASIC, "in.bin", "no/such/out.bin"), "No such file"),
])
@pytest.mark.claim("tools.errors", "malformed")
def test_sign_refuses_wrong_usage(merlon, keys, arguments, says):
    status, output, errors = merlon("image", "sign", *arguments)
    assert status == 2 and output == "" and says in errors
    assert not (keys / "out.bin").exists()


@pytest.mark.parametrize("data, says", [(b"", "no whole image: READ"), (b"\xff" * 64, "EMPTY"), (b"x" * 64, "MAGIC")])
@pytest.mark.claim("tools.errors", "malformed")
def test_info_says_what_is_wrong(merlon, keys, data, says):
    (keys / "file").write_bytes(data)
    status, output, errors = merlon("image", "info", "file")
    assert status == 2 and output == "" and says in errors
