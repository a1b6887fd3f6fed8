# SPDX-License-Identifier: Apache-2.0
"""merlon device: what provisioning writes, that it is written once, and that show reads it with the code of BL2."""
import hashlib
import json
import os
import stat
import subprocess

import pytest

SECRETS = slice(0x400, 0x800)   # the identity's place in otp.bin: docs/format/otp.md


@pytest.fixture
def keys(merlon):
    merlon.ok("key", "generate", "-o", "k.pem")
    merlon.ok("key", "generate", "-o", "dev.pem", "--development")
    return "k.pem"


def provision(merlon, folder, *options, key="k.pem"):
    return merlon("device", "provision", "--board", "an521", "--product", "default", "--dir", folder, "--image-key", key, *options)


def show(merlon, folder):
    return json.loads(merlon.ok("device", "show", "--dir", folder, "--json"))


@pytest.mark.claim("tools.device.provision", "functional")
def test_a_device_has_an_identity_of_its_own(merlon, keys, tmp_path):
    for name in ("one", "two"):
        assert provision(merlon, name, "--lifecycle", "secured", "--serial", name)[0] == 0
        assert stat.S_IMODE((tmp_path / name / "otp.bin").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / name / "flash.bin").stat().st_mode) == 0o600
        assert json.loads((tmp_path / name / "device.json").read_text()) == {"board": "an521", "product": "default", "serial": name}
    one, two = ((tmp_path / name / "otp.bin").read_bytes()[SECRETS] for name in ("one", "two"))
    assert one != two and (tmp_path / "one/iak_pub.pem").read_text() != (tmp_path / "two/iak_pub.pem").read_text()
    assert show(merlon, "one")["lifecycle"] == "secured"


@pytest.mark.claim("tools.device.provision", "functional")
def test_the_attestation_key_is_the_one_in_otp(merlon, keys, tmp_path):
    provision(merlon, "d", "--serial", "S1")
    scalar = (tmp_path / "d/otp.bin").read_bytes()[SECRETS]
    public = subprocess.run(["openssl", "pkey", "-pubin", "-in", tmp_path / "d/iak_pub.pem", "-outform", "DER"], capture_output=True, check=True)
    for at in range(len(scalar) - 32):
        private = b"\x30\x31\x02\x01\x01\x04\x20" + scalar[at:at + 32] + bytes.fromhex("a00a06082a8648ce3d030107")
        derived = subprocess.run(["openssl", "ec", "-inform", "DER", "-pubout", "-outform", "DER"], input=private, capture_output=True)
        if derived.returncode == 0 and derived.stdout == public.stdout:
            return
    pytest.fail("no 32 bytes in the identity are the private half of iak_pub.pem")


@pytest.mark.claim("tools.device.provision", "attack")
def test_a_device_is_never_provisioned_twice(merlon, keys, tmp_path):
    provision(merlon, "d", "--serial", "S1")
    before = (tmp_path / "d/otp.bin").read_bytes()
    status, _, errors = provision(merlon, "d", "--serial", "S2")
    assert status == 2 and "OTP can be written only once" in errors and "try:" in errors
    assert (tmp_path / "d/otp.bin").read_bytes() == before


@pytest.mark.claim("tools.device.provision", "malformed")
def test_a_device_that_cannot_be_finished_leaves_nothing(merlon, keys, tmp_path):
    status, _, errors = provision(merlon, "d", "--image-key", "k.pem")   # the same key twice
    assert status == 2 and "written already" in errors and not (tmp_path / "d").exists()
    assert provision(merlon, "d")[0] == 0


@pytest.mark.claim("tools.device.provision", "functional")
def test_a_batch_makes_a_device_per_line(merlon, keys, tmp_path):
    (tmp_path / "s.csv").write_text("serial,colour\nA-1,red\nA-2,blue\n")
    assert provision(merlon, "batch", "--serials", "s.csv")[0] == 0
    assert [show(merlon, f"batch/{serial}")["serial"] for serial in ("A-1", "A-2")] == ["A-1", "A-2"]
    assert sorted(path.name for path in (tmp_path / "batch").iterdir()) == ["A-1", "A-2"]


def secrets(tmp_path, folder):
    """Hardware unique key, attestation key and instance of a device: docs/format/otp.md."""
    otp = (tmp_path / folder / "otp.bin").read_bytes()
    return [otp[SECRETS.start + at:SECRETS.start + at + 32] for at in (32, 64, 96)]


@pytest.mark.claim("provision.unique", "property")
def test_no_two_devices_share_a_secret(merlon, keys, tmp_path):
    (tmp_path / "s.csv").write_text("\n".join(f"U-{number}" for number in range(12)))
    verdict = json.loads(provision(merlon, "batch", "--serials", "s.csv", "--json")[1])
    assert verdict["done"] and [device["serial"] for device in verdict["devices"]] == [f"U-{number}" for number in range(12)]
    found = [secret for number in range(12) for secret in secrets(tmp_path, f"batch/U-{number}")]
    assert len(set(found)) == 3 * 12 and not any(len(set(secret)) < 8 for secret in found)
    publics = {(tmp_path / f"batch/U-{number}/iak_pub.pem").read_text() for number in range(12)}
    assert len(publics) == 12


@pytest.mark.claim("provision.secret_files", "property")
def test_files_with_secrets_are_their_owners_alone(merlon, keys, tmp_path):
    """Also under a careless umask, and the batch's devices like a single one."""
    (tmp_path / "s.csv").write_text("A-1\n")
    before = os.umask(0)
    try:
        assert provision(merlon, "batch", "--serials", "s.csv")[0] == 0
        assert provision(merlon, "one")[0] == 0
    finally:
        os.umask(before)
    for folder in ("batch/A-1", "one"):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / folder).iterdir()}
        assert modes == {"otp.bin": 0o600, "flash.bin": 0o600, "device.json": 0o644, "iak_pub.pem": 0o644}


@pytest.mark.claim("provision.resumed", "power-cut")
def test_a_batch_that_is_cut_goes_on_where_it_stood(merlon, keys, tmp_path):
    """Killed again and again at other moments: finished devices stay as they are, and in the end there are all, each whole."""
    (tmp_path / "s.csv").write_text("\n".join(f"C-{number}" for number in range(4)))
    command = [str(merlon.path), "device", "provision", "--board", "an521", "--product", "default", "--dir", "batch", "--image-key", "k.pem",
               "--lifecycle", "secured", "--serials", "s.csv"]
    finished = {}
    for step in range(1, 60):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
        try:
            process.wait(0.02 * step)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for folder in (tmp_path / "batch").glob("*"):
            if (folder / "device.json").exists() and not (folder / "unfinished").exists():
                otp = (folder / "otp.bin").read_bytes()
                assert finished.setdefault(folder.name, otp) == otp
        if process.returncode == 0:
            break
    assert process.returncode == 0 and len(finished) == 4 and step > 1
    for serial in finished:
        view = show(merlon, f"batch/{serial}")
        assert view["serial"] == serial and view["lifecycle"] == "secured" and len(view["keys"]) == 1
    verdict = json.loads(provision(merlon, "batch", "--serials", "s.csv", "--json")[1])
    assert [device["made"] for device in verdict["devices"]] == [False] * 4


@pytest.mark.claim("provision.resumed", "power-cut")
def test_an_unfinished_device_is_made_anew(merlon, keys, tmp_path):
    assert provision(merlon, "d", "--serial", "S1")[0] == 0
    before = secrets(tmp_path, "d")
    (tmp_path / "d/unfinished").touch()
    assert provision(merlon, "d", "--serial", "S1")[0] == 0
    assert secrets(tmp_path, "d") != before and not (tmp_path / "d/unfinished").exists()


@pytest.mark.claim("provision.batch", "malformed")
@pytest.mark.parametrize("text,complaint", [("A-1\nA-2\nA-1\n", "line 3: 'A-1' is there twice"), ("A-1\n../x\n", "line 2: '../x' is no serial"),
                                            ("serial\n", "no serial in it"), ("A-1\n" + "x" * 33, "line 2")])
def test_a_batch_is_judged_before_a_device_is_made(merlon, keys, tmp_path, text, complaint):
    (tmp_path / "s.csv").write_text(text)
    status, output, errors = provision(merlon, "batch", "--serials", "s.csv", "--json")
    assert status == 2 and complaint in errors and not (tmp_path / "batch").exists()
    assert json.loads(output) == {"devices": [], "done": False}


@pytest.mark.claim("provision.instance", "functional")
def test_the_instance_in_otp_is_that_of_the_public_key(merlon, keys, tmp_path):
    provision(merlon, "d")
    der = subprocess.run(["openssl", "pkey", "-pubin", "-in", tmp_path / "d/iak_pub.pem", "-outform", "DER"], capture_output=True, check=True).stdout
    assert secrets(tmp_path, "d")[2] == hashlib.sha256(der[-65:]).digest()


@pytest.mark.claim("tools.device.provision", "malformed")
@pytest.mark.parametrize("options", [
    ["--serial", "../../etc"], ["--serial", 'a"b'], ["--serial", "x" * 33], ["--serial", ""], ["--server", "https://x"],
    ["--lifecycle", "open"], ["--image-key", "k.pem", "--image-key", "k.pem", "--image-key", "k.pem", "--image-key", "k.pem"], ["extra"],
])
def test_wrong_usage_makes_nothing(merlon, keys, tmp_path, options):
    status, _, errors = provision(merlon, "d", *options)
    assert status == 2 and "try:" in errors and not (tmp_path / "d").exists()


@pytest.mark.claim("tools.device.provision", "functional")
def test_a_development_key_on_a_secured_device_is_warned_of(merlon, keys):
    assert "development" in provision(merlon, "d", "--lifecycle", "secured", key="dev.pem:secure")[2]
    key = show(merlon, "d")["keys"][0]
    assert key["development"] and key["role"] == "secure"


@pytest.mark.claim("tools.device.provision", "functional")
def test_factory_data_name_the_server(merlon, keys, tmp_path):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=ca",
                    "-keyout", tmp_path / "ca.key", "-out", tmp_path / "ca.pem"], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-in", tmp_path / "ca.pem", "-outform", "DER", "-out", tmp_path / "ca.der"], check=True)
    for name in ("ca.pem", "ca.der"):
        assert provision(merlon, name + ".d", "--server", "https://10.0.2.2:1", "--server-name", "u.test", "--server-ca", name)[0] == 0
        factory = show(merlon, name + ".d")["factory"]
        assert factory == {"server": "https://10.0.2.2:1", "server_name": "u.test", "server_ca_size": (tmp_path / "ca.der").stat().st_size}
        assert (tmp_path / "ca.der").read_bytes() in (tmp_path / f"{name}.d/flash.bin").read_bytes()


@pytest.fixture
def image(merlon, keys, tmp_path):
    (tmp_path / "payload").write_bytes(bytes(range(256)) * 20)
    merlon.ok("image", "sign", "-k", keys, "--version", "1.2.3+4", "--header-size", "0x400", "--pad-header", "--slot-size", "0x80000",
              "--security-counter", "7", "payload", "signed")
    return "signed"


@pytest.mark.claim("tools.device.flash", "functional")
def test_slots_hold_what_was_flashed(merlon, image, tmp_path):
    provision(merlon, "d")
    merlon.ok("device", "flash", "--dir", "d", "--image", f"0:{image}")
    merlon.ok("device", "flash", "--dir", "d", "--slot", "secondary", "--image", f"1:{image}")
    slots = {slot["name"]: slot for slot in show(merlon, "d")["slots"]}
    for name in ("s_primary", "ns_secondary"):
        assert slots[name]["accepted"] and slots[name]["version"] == "1.2.3+4" and slots[name]["counter"] == 7
    for name in ("ns_primary", "s_secondary"):
        assert not slots[name]["accepted"] and slots[name]["code"] == "EMPTY"
    flash = (tmp_path / "d/flash.bin").read_bytes()
    signed = (tmp_path / image).read_bytes()
    assert flash.startswith(signed) and flash[0x181000:0x181000 + len(signed)] == signed


@pytest.mark.claim("tools.device.flash", "functional")
def test_flashing_again_replaces_all_of_the_slot(merlon, image, tmp_path):
    provision(merlon, "d")
    (tmp_path / "zeros").write_bytes(bytes(0x80000))
    merlon.ok("device", "flash", "--dir", "d", "--image", "0:zeros")
    merlon.ok("device", "flash", "--dir", "d", "--image", f"0:{image}")
    flash = (tmp_path / "d/flash.bin").read_bytes()
    size = (tmp_path / image).stat().st_size
    assert set(flash[size:0x80000]) == {0xff}


@pytest.mark.claim("tools.device.flash", "malformed")
def test_what_does_not_fit_is_refused(merlon, keys, tmp_path):
    provision(merlon, "d")
    before = (tmp_path / "d/flash.bin").read_bytes()
    (tmp_path / "large").write_bytes(bytes(0x80001))
    for options in (["--image", "0:large"], ["--raw", "0xfffff0", "large"], ["--raw", "0x1000001", "k.pem"], ["--image", "2:k.pem"],
                    ["--raw", "0"], []):
        assert merlon("device", "flash", "--dir", "d", *options)[0] == 2, options
    assert merlon("device", "flash", "--dir", "nowhere", "--image", "0:k.pem")[0] == 2
    assert (tmp_path / "d/flash.bin").read_bytes() == before


@pytest.mark.claim("tools.device.flash", "functional")
def test_raw_bytes_go_anywhere(merlon, keys, tmp_path):
    provision(merlon, "d")
    (tmp_path / "bytes").write_bytes(b"abc")
    merlon.ok("device", "flash", "--dir", "d", "--raw", "0x1001", "bytes", "--raw", "16777213", "bytes")
    flash = (tmp_path / "d/flash.bin").read_bytes()
    assert flash[0x1001:0x1004] == b"abc" and flash[-3:] == b"abc"


@pytest.mark.claim("tools.device.show", "functional")
def test_show_judges_as_the_device_would(merlon, image, tmp_path):
    merlon.ok("key", "generate", "-o", "other.pem")
    provision(merlon, "d", key="other.pem")
    merlon.ok("device", "flash", "--dir", "d", "--image", f"0:{image}")
    slot = show(merlon, "d")["slots"][0]
    assert not slot["accepted"] and slot["code"] == "KEY_UNKNOWN"
    text = merlon.ok("device", "show", "--dir", "d")
    assert "refused: KEY_UNKNOWN" in text and "1.2.3+4" in text and "room for 128 more" in text


@pytest.mark.claim("tools.device.show", "malformed")
def test_show_survives_any_bytes(merlon, keys, tmp_path):
    provision(merlon, "d")
    for fill in (0x00, 0x5a):
        (tmp_path / "d/flash.bin").write_bytes(bytes([fill]) * (16 << 20))
        (tmp_path / "d/otp.bin").write_bytes(bytes([fill]) * 8192)
        view = show(merlon, "d")
        assert not any(slot["accepted"] for slot in view["slots"])
