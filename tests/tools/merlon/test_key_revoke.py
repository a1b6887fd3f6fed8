# SPDX-License-Identifier: Apache-2.0
"""merlon key revoke and image sign --revoke: what a device is asked to revoke, in a form that MCUboot's imgtool reads as well."""
import json

import pytest


@pytest.fixture
def hashes(merlon):
    """{name: hash} of two keys."""
    for name in ("old", "new"):
        merlon.ok("key", "generate", "-o", f"{name}.pem")
    return {name: merlon.ok("key", "public", "-k", f"{name}.pem", "--format", "hash").strip() for name in ("old", "new")}


@pytest.mark.claim("tools.key.revoke", "functional")
def test_a_command_is_a_signed_image_that_does_not_boot(merlon, imgtool, hashes):
    said = json.loads(merlon.ok("key", "revoke", "-k", "new.pem", "--revoke", hashes["old"], "-o", "c.cmd", "--json"))
    assert said == {"signer": hashes["new"], "revokes": [hashes["old"]]}
    facts = json.loads(merlon.ok("image", "info", "--json", "c.cmd"))
    asked = [tlv for tlv in facts["tlvs"] if tlv["type"] == 0x4da0]
    assert [tlv["value"] for tlv in asked] == [hashes["old"]] and all(tlv["protected"] for tlv in asked)
    status, output, _ = merlon("image", "verify", "-k", "new.pem", "c.cmd")
    assert status == 1 and output.startswith("rejected: NON_BOOTABLE")
    imgtool.ok("verify", "-k", "new.pem", "c.cmd")


@pytest.mark.claim("tools.key.revoke", "malformed")
@pytest.mark.parametrize("words, message", [
    (["--revoke", "abcd"], "no SHA-256"), (["--revoke", "x" * 64], "no SHA-256"), ([], "are needed"),
    (["--revoke", "SELF"], "cannot revoke itself"), (["--revoke", "00" * 32] + ["--revoke", "11" * 32] * 4, "at most"),
    (["--revoke", "00" * 32, "extra"], "too much"),
])
def test_a_command_that_cannot_be_meant_is_not_written(merlon, hashes, tmp_path, words, message):
    words = [hashes["new"] if word == "SELF" else word for word in words]
    status, _, errors = merlon("key", "revoke", "-k", "new.pem", *words, "-o", "c.cmd")
    assert status == 2 and message in errors and not (tmp_path / "c.cmd").exists()


@pytest.mark.claim("tools.key.revoke", "functional")
def test_an_image_asks_with_the_vendors_tlv(merlon, imgtool, hashes, tmp_path):
    (tmp_path / "in.bin").write_bytes(bytes(range(256)) * 4)
    words = ["-k", "new.pem", "--version", "1.0.0", "--header-size", "0x400", "--slot-size", "0x80000", "--pad-header", "--align", "8"]
    merlon.ok("image", "sign", *words, "--revoke", hashes["old"], "in.bin", "ours.bin")
    imgtool.ok("sign", *words, "--custom-tlv", "0x4da0", "0x" + hashes["old"], "in.bin", "theirs.bin")
    ours, theirs = ((tmp_path / name).read_bytes() for name in ("ours.bin", "theirs.bin"))
    assert ours[:0x400 + 1024 + 4 + 36] == theirs[:0x400 + 1024 + 4 + 36]
    for name in ("ours.bin", "theirs.bin"):
        merlon.ok("image", "verify", "-k", "new.pem", name)


@pytest.mark.claim("tools.device.flash", "functional")
def test_a_command_waits_in_its_area(merlon, hashes, tmp_path):
    merlon.ok("device", "provision", "--board", "an521", "--product", "default", "--dir", "d", "--image-key", "old.pem",
              "--image-key", "new.pem", "--serial", "S1")
    merlon.ok("key", "revoke", "-k", "new.pem", "--revoke", hashes["old"], "-o", "c.cmd")
    said = json.loads(merlon.ok("device", "flash", "--dir", "d", "--command", "c.cmd", "--json"))
    assert said == {"written": [{"area": "revocation", "file": "c.cmd"}], "raw": []}
    command = (tmp_path / "c.cmd").read_bytes()
    flash = (tmp_path / "d/flash.bin").read_bytes()
    assert flash[0x230000:0x231000] == command.ljust(0x1000, b"\xff")
    assert [key["revoked"] for key in json.loads(merlon.ok("device", "show", "--dir", "d", "--json"))["keys"]] == [False, False]
