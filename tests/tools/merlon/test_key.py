# SPDX-License-Identifier: Apache-2.0
"""merlon key: files that imgtool and openssl read, rights, and the development mark."""
import hashlib
import json
import stat
from pathlib import Path

import pytest

TYPES = ("ecdsa-p256", "ecdsa-p384")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.claim("tools.key.generate", "functional")
def test_generates_key_that_imgtool_reads(merlon, imgtool, tmp_path, kind):
    merlon.ok("key", "generate", "--type", kind, "-o", "k.pem")
    assert stat.S_IMODE((tmp_path / "k.pem").stat().st_mode) == 0o600
    assert imgtool.ok("keyinfo", "-k", "k.pem").strip() == "private"


@pytest.mark.claim("tools.key.generate", "functional")
def test_replaces_readable_file_with_secret_one(merlon, tmp_path):
    path = tmp_path / "k.pem"
    path.write_text("old")
    path.chmod(0o644)
    merlon.ok("key", "generate", "-o", "k.pem")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.claim("tools.key.public", "functional")
def test_public_formats_agree_with_imgtool(merlon, imgtool, kind):
    merlon.ok("key", "generate", "--type", kind, "-o", "k.pem")
    text = merlon.ok("key", "public", "-k", "k.pem", "--format", "c")
    array = text.split("{")[1].split("}")[0]
    der = bytes(int(value, 16) for value in array.replace("\n", " ").split(",") if value.strip())
    assert merlon.ok("key", "public", "-k", "k.pem", "--format", "hash").strip() == hashlib.sha256(der).hexdigest()
    peer = imgtool.ok("getpub", "-k", "k.pem")
    assert bytes(int(v, 16) for v in peer.split("{")[1].split("}")[0].replace("\n", " ").split(",") if v.strip()) == der


@pytest.mark.claim("tools.key.development", "functional")
def test_development_mark_survives_into_public_key(merlon, imgtool, tmp_path):
    merlon.ok("key", "generate", "--development", "-o", "dev.pem")
    (tmp_path / "pub.pem").write_text(merlon.ok("key", "public", "-k", "dev.pem"))
    assert (tmp_path / "pub.pem").read_text().startswith("Merlon-Key: development\n-----BEGIN PUBLIC KEY-----\n")
    assert merlon.ok("key", "public", "-k", "pub.pem") == (tmp_path / "pub.pem").read_text()
    assert "development" in merlon.ok("key", "public", "-k", "pub.pem", "--format", "c")
    imgtool.ok("keyinfo", "-k", "dev.pem")


@pytest.mark.claim("tools.key.public", "functional")
def test_facts_as_json(merlon):
    merlon.ok("key", "generate", "--development", "-o", "dev.pem")
    found = json.loads(merlon.ok("key", "public", "-k", "dev.pem", "--json"))
    assert (found["type"], found["development"], found["private"]) == ("ecdsa-p256", True, True)
    assert hashlib.sha256(bytes.fromhex(found["der"])).hexdigest() == found["hash"]


@pytest.mark.claim("tools.key.generate", "functional")
def test_device_is_written_to_and_not_replaced(merlon, tmp_path):
    (tmp_path / "link").symlink_to("/dev/stdout")
    assert "BEGIN EC PRIVATE KEY" in merlon.ok("key", "generate", "-o", "link")
    assert (tmp_path / "link").is_symlink()
    assert Path("/dev/stdout").is_symlink() or not Path("/dev/stdout").is_file()


@pytest.mark.claim("tools.key.development", "functional")
def test_ordinary_key_has_no_mark(merlon):
    merlon.ok("key", "generate", "-o", "k.pem")
    assert "development" not in merlon.ok("key", "public", "-k", "k.pem")


@pytest.mark.parametrize("arguments, says", [
    (("key", "generate"), "-o KEY.pem is missing"),
    (("key", "generate", "--type", "rsa-512", "-o", "x"), "there is no key type 'rsa-512'"),
    (("key", "public", "-k", "absent.pem"), "absent.pem: No such file"),
    (("key", "public", "-k", "pkcs11:token=x"), "names no key"),
    (("key", "public", "-k", "k.pem", "--format", "xml"), "there is no format 'xml'"),
    (("key", "bake"), "there is no command 'key bake'"),
    ((), "no command"),
])
@pytest.mark.claim("tools.errors", "malformed")
def test_wrong_usage_says_what_and_what_to_try(merlon, arguments, says):
    status, output, errors = merlon(*arguments)
    assert status == 2 and output == ""
    assert says in errors
    assert "try:" in errors or "key generate" in errors


@pytest.mark.claim("tools.help", "functional")
def test_help_of_every_command_has_an_example(merlon):
    listed = [line[2:20].strip() for line in merlon.ok("help").splitlines() if line.startswith("  ")]
    assert "key generate" in listed
    for name in listed:
        text = merlon.ok("help", *name.split())
        assert text.startswith(f"usage: merlon {name}") and "example: merlon" in text
