# SPDX-License-Identifier: Apache-2.0
"""Keys in an HSM: SoftHSM2, unpacked by ./dev setup, through merlon's -k pkcs11:URI."""
import json
import os
import shutil
import subprocess

import common
import pytest

HSM = common.BUILD / "deps/softhsm"
MODULE = HSM / "usr/lib/softhsm/libsofthsm2.so"
SIGN = ["--version", "1.2.3", "--header-size", "0x400", "--slot-size", "0x80000", "--pad-header", "--security-counter", "1"]


@pytest.fixture
def token(merlon, tmp_path, monkeypatch):
    """A token `merlon` with the key pairs p256 and p384; their PEM files beside it. Gives a function from label to URI."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    (tmp_path / "program.bin").write_bytes(os.urandom(3000))
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))

    def util(*words):
        subprocess.run([HSM / "usr/bin/softhsm2-util", "--module", MODULE, *words], cwd=tmp_path, check=True, capture_output=True)

    util("--init-token", "--free", "--label", "merlon", "--pin", "1234", "--so-pin", "5678")
    for number, kind in enumerate(("p256", "p384"), 1):
        merlon.ok("key", "generate", "--type", f"ecdsa-{kind}", "-o", f"{kind}.pem")
        subprocess.run(["openssl", "pkcs8", "-topk8", "-nocrypt", "-in", f"{kind}.pem", "-out", f"{kind}.p8"], cwd=tmp_path, check=True)
        util("--import", f"{kind}.p8", "--token", "merlon", "--label", kind, "--id", f"0{number}", "--pin", "1234")
    return lambda label, more="": f"pkcs11:token=merlon;object={label}?module-path={MODULE}{more}"


@pytest.mark.claim("tools.key.pkcs11", "functional")
@pytest.mark.parametrize("kind", ["p256", "p384"])
def test_an_image_is_signed_in_the_hsm(merlon, imgtool, token, monkeypatch, kind):
    monkeypatch.setenv("MERLON_PKCS11_PIN", "1234")
    public = merlon.ok("key", "public", "-k", token(kind))
    assert public == merlon.ok("key", "public", "-k", f"{kind}.pem")
    for _ in range(4):   # r and s of several lengths
        merlon.ok("image", "sign", "-k", token(kind), *SIGN, "program.bin", "signed.bin")
        imgtool.ok("verify", "-k", f"{kind}.pem", "signed.bin")
        assert json.loads(merlon.ok("image", "info", "--json", "signed.bin"))["version"] == "1.2.3+0"


@pytest.mark.claim("tools.key.pkcs11", "functional")
def test_the_key_is_found_by_its_id_and_the_pin_in_a_file(merlon, token, tmp_path):
    (tmp_path / "pin").write_text("1234\n")
    uri = f"pkcs11:token=merlon;id=%01?module-path={MODULE}&pin-source=file:pin"
    merlon.ok("image", "sign", "-k", uri, *SIGN, "program.bin", "signed.bin")
    assert merlon.ok("image", "verify", "-k", "p256.pem", "signed.bin").startswith("accepted: ")


@pytest.mark.claim("tools.key.pkcs11", "functional")
def test_a_revocation_is_signed_in_the_hsm(merlon, imgtool, token):
    merlon.ok("key", "revoke", "-k", token("p256", "&pin-value=1234"), "--revoke", "00" * 32, "-o", "c.cmd")
    imgtool.ok("verify", "-k", "p256.pem", "c.cmd")


@pytest.mark.claim("tools.key.pkcs11", "malformed")
@pytest.mark.parametrize("uri, message", [
    ("pkcs11:token=merlon;object=p256?module-path=MODULE&pin-value=9999", "the PIN is wrong"),
    ("pkcs11:token=merlon;object=p256?module-path=MODULE", "no private key 'p256'"),
    ("pkcs11:token=merlon;object=other?module-path=MODULE&pin-value=1234", "no public key 'other'"),
    ("pkcs11:token=merlin;object=p256?module-path=MODULE&pin-value=1234", "there is no token 'merlin'"),
    ("pkcs11:token=merlon;object=p256?module-path=/nowhere.so", "load the module"),
    ("pkcs11:token=merlon;object=p256?module-path=/bin/true", "load the module"),
    ("pkcs11:token=merlon;object=p256", "no PKCS#11 module is named"),
    ("pkcs11:token=merlon?module-path=MODULE", "names no key"),
    ("pkcs11:token=merlon;object=%4?module-path=MODULE", "wrongly encoded"),
    ("pkcs11:token=merlon;object=p256;slot=3?module-path=MODULE", "no attribute that is understood"),
    ("pkcs11:token=merlon;object=p256?module-path=MODULE&pin-source=nofile", "nofile"),
    ("pkcs11:token=merlon;object=" + "x" * 300 + "?module-path=MODULE", "too long"),
])
def test_what_is_wrong_is_said(merlon, token, tmp_path, uri, message):
    status, _, errors = merlon("image", "sign", "-k", uri.replace("MODULE", str(MODULE)), *SIGN, "program.bin", "signed.bin")
    assert status == 2 and message in errors and not (tmp_path / "signed.bin").exists()
    assert "9999" not in errors


@pytest.mark.claim("tools.key.pkcs11", "functional")
def test_two_keys_of_one_label_are_not_chosen_from(merlon, token, tmp_path):
    shutil.copy(tmp_path / "p256.p8", tmp_path / "again.p8")
    subprocess.run([HSM / "usr/bin/softhsm2-util", "--module", MODULE, "--import", "again.p8", "--token", "merlon", "--label", "p256", "--id", "09",
                    "--pin", "1234"], cwd=tmp_path, check=True, capture_output=True)
    status, _, errors = merlon("key", "public", "-k", token("p256"))
    assert status == 2 and "more than one public key" in errors
