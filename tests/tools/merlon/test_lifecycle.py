# SPDX-License-Identifier: Apache-2.0
"""merlon device lifecycle: the edges of PSA's diagram and no other; merlon token debug."""
import json

import cbor2
import psa_token as psa
import pytest

STATES = ["assembly", "provisioning", "secured", "non-psa-debug", "recoverable-debug", "decommissioned"]
# Rows: from; columns: to. '=' records nothing new.
EDGES = dict(zip(STATES, ["=x....", ".=x...", "..=xxx", "..x=.x", "..x.=x", ".....="]))
WAYS = {"assembly": [], "provisioning": ["provisioning"], "secured": ["provisioning", "secured"]}
WAYS.update({state: [*WAYS["secured"], state] for state in STATES[3:]})
IDENTITY, ITS, PS = slice(0x400, 0x680), slice(0x206000, 0x226000), slice(0x800000, 0x840000)


@pytest.fixture
def device(merlon):
    merlon.ok("key", "generate", "-o", "k.pem")

    def make(state):
        merlon.ok("device", "provision", "--board", "an521", "--product", "default", "--dir", state, "--image-key", "k.pem", "--serial", "S-1")
        for step in WAYS[state]:
            merlon.ok("device", "lifecycle", "--dir", state, step)
        return state
    return make


def lifecycle_of(merlon, folder):
    return json.loads(merlon.ok("device", "show", "--dir", folder, "--json"))["lifecycle"]


@pytest.mark.claim("lifecycle.edges", "property")
@pytest.mark.parametrize("before", STATES)
def test_each_edge_and_each_that_is_none(merlon, device, before, tmp_path):
    folder = device(before)
    otp = (tmp_path / folder / "otp.bin").read_bytes()
    for after, edge in zip(STATES, EDGES[before]):
        (tmp_path / folder / "otp.bin").write_bytes(otp)
        status, output, errors = merlon("device", "lifecycle", "--dir", folder, "--json", after)
        verdict = json.loads(output)
        assert verdict["from"] == before and verdict["to"] == after
        if edge == ".":
            assert status == 1 and not verdict["done"] and f"from {before} there is no way to {after}" in errors and "try:" in errors
            assert (tmp_path / folder / "otp.bin").read_bytes() == otp
        else:
            assert status == 0 and verdict["done"] and lifecycle_of(merlon, folder) == after


@pytest.mark.claim("lifecycle.edges", "malformed")
def test_what_is_no_state_is_wrong_usage(merlon, device):
    folder = device("secured")
    for words in (["open"], ["0x3001"], ["0x7000"], [""], ["secured", "secured"], []):
        assert merlon("device", "lifecycle", "--dir", folder, *words)[0] == 2
    assert merlon("device", "lifecycle", "--dir", "nowhere", "secured")[0] == 2
    assert merlon.ok("device", "lifecycle", "--dir", folder, "0x4000") == "secured -> non-psa-debug\n"


@pytest.mark.claim("lifecycle.decommissioned", "functional")
def test_nothing_is_left_of_a_decommissioned_device(merlon, device, tmp_path):
    folder = tmp_path / device("secured")
    flash = bytearray((folder / "flash.bin").read_bytes())
    flash[ITS.start + 5:ITS.start + 11] = flash[PS.stop - 6:PS.stop] = b"CANARY"
    (folder / "flash.bin").write_bytes(flash)
    assert any((folder / "otp.bin").read_bytes()[IDENTITY])
    merlon.ok("device", "lifecycle", "--dir", folder, "decommissioned")
    assert not any((folder / "otp.bin").read_bytes()[IDENTITY])
    flash = (folder / "flash.bin").read_bytes()
    assert set(flash[ITS]) == set(flash[PS]) == {0xff} and b"CANARY" not in flash
    merlon.ok("device", "lifecycle", "--dir", folder, "decommissioned")   # as after a cut


@pytest.mark.claim("lifecycle.prohibitions", "functional")
def test_a_secured_device_takes_no_identity_and_no_key(merlon, device, tmp_path):
    folder = device("secured")
    otp = (tmp_path / folder / "otp.bin").read_bytes()
    status, _, errors = merlon("device", "provision", "--board", "an521", "--product", "default", "--dir", folder, "--image-key", "k.pem")
    assert status == 2 and "only once" in errors and (tmp_path / folder / "otp.bin").read_bytes() == otp


@pytest.mark.claim("lifecycle.edges", "malformed")
def test_a_device_that_was_debugged_too_often_can_still_be_ended(merlon, device, tmp_path):
    folder = device("secured")
    otp = bytearray((tmp_path / folder / "otp.bin").read_bytes())
    for at in range(16, 62 * 8, 8):   # the table as 30 debug sessions leave it: docs/format/otp.md
        state = 0x3000 if at // 8 % 2 else 0x4000
        otp[at:at + 8] = state.to_bytes(4, "little") + (~state & 0xffffffff).to_bytes(4, "little")
    (tmp_path / folder / "otp.bin").write_bytes(otp)
    status, _, errors = merlon("device", "lifecycle", "--dir", folder, "recoverable-debug")
    assert status == 1 and "no room" in errors
    merlon.ok("device", "lifecycle", "--dir", folder, "decommissioned")


@pytest.mark.claim("token.debug", "functional")
@pytest.mark.parametrize("options,state", [([], 0x4000), (["--state", "recoverable-debug"], 0x5000), (["--state", "decommissioned"], 0x6000)])
def test_a_debug_token_is_what_another_implementation_reads(merlon, tmp_path, options, state):
    merlon.ok("key", "generate", "-o", "k.pem")
    merlon.ok("token", "debug", "-k", "k.pem", "--challenge", "5a" * 32, "--serial", "MRL-0001", *options, "-o", "token")
    token = (tmp_path / "token").read_bytes()
    assert cbor2.loads(psa.verified(tmp_path / "k.pem", token, b"merlon debug token")) == {1: state, 2: b"\x5a" * 32, 3: "MRL-0001"}
    with pytest.raises(AssertionError, match="signature wrong"):
        psa.verified(tmp_path / "k.pem", token)
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


@pytest.mark.claim("token.debug", "malformed")
def test_wrong_usage_makes_no_debug_token(merlon, tmp_path):
    merlon.ok("key", "generate", "-o", "k.pem")
    merlon.ok("key", "generate", "--type", "ecdsa-p384", "-o", "p384.pem")
    (tmp_path / "pub.pem").write_text(merlon.ok("key", "public", "-k", "k.pem"))
    right = {"-k": "k.pem", "--challenge": "5a" * 32, "--serial": "S", "-o": "token"}
    for option, value in [("-k", "pub.pem"), ("-k", "p384.pem"), ("-k", "nowhere"), ("--challenge", "5a" * 31), ("--challenge", "zz" * 32), ("--serial", ""),
                          ("--serial", "x" * 33), ("--state", "secured"), ("--state", "open"), ("-k", None), ("--challenge", None), ("--serial", None),
                          ("-o", None)]:
        words = {**right, option: value}
        assert merlon("token", "debug", *(word for pair in words.items() if pair[1] is not None for word in pair))[0] == 2, (option, value)
        assert not (tmp_path / "token").exists()
