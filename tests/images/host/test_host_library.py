# SPDX-License-Identifier: Apache-2.0
"""build/host/lib/libmerlon_psa.a and include/ as somebody else's build sees them: a C compiler, two paths, nothing of this tree."""
import json
import os
import re
import stat
import struct
import subprocess
import time
from pathlib import Path

import pytest

HOST = Path(__file__).resolve().parents[3] / "build/host"
ARCHIVE = HOST / "lib/libmerlon_psa.a"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
SUCCESS, PROGRAMMER_ERROR, REFUSED, NOT_PERMITTED, INVALID, DOES_NOT_EXIST, BUSY = 0, -129, -130, -133, -135, -140, -131
BAD_STATE, CUT, INVALID_HANDLE, PSA_SUCCESS_REBOOT = -137, -145, -136, 1
HEADER_SIZE, SECURE, NONSECURE = 0x400, 0x80000000, 0x20000


def compile_program(out, *sources, standard="c99", more=()):
    command = ["cc", f"-std={standard}", *WARNINGS, f"-I{HOST}/include", *map(str, sources), "-o", str(out), *map(str, more), str(ARCHIVE)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return out


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return compile_program(tmp_path_factory.mktemp("client") / "client", Path(__file__).with_name("client.c"))


class Run:
    """One process with the device in `folder`, or in memory."""

    def __init__(self, program, *words, folder=None):
        environment = {name: value for name, value in os.environ.items() if name != "MERLON_DEVICE_DIR"}
        if folder:
            environment["MERLON_DEVICE_DIR"] = str(folder)
        self.process = subprocess.Popen([str(program), *map(str, words)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

    def finish(self):
        output, self.errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, f"{self.process.returncode}: {output}{self.errors}"
        lines = [line.split(" ", 2) for line in output.splitlines()]
        return [(int(status), text) for _, status, text in lines]


def run(program, *words, folder=None):
    return Run(program, *words, folder=folder).finish()


def text(value):
    return value.encode().hex()


@pytest.mark.claim("host.archive", "property")
def test_the_archive_defines_what_it_promises_and_nothing_else():
    names = subprocess.run(["nm", "-g", "--defined-only", str(ARCHIVE)], capture_output=True, text=True, check=True).stdout
    defined = {line.split()[-1] for line in names.splitlines() if len(line.split()) == 3}
    strangers = {name for name in defined if not re.match(r"(psa|merlon|mbedtls_psa)_", name)}
    assert not strangers
    declared = set()
    for header in ("crypto", "internal_trusted_storage", "initial_attestation", "update", "client"):
        text = re.sub(r"/\*.*?\*/", "", (HOST / f"include/psa/{header}.h").read_text(), flags=re.DOTALL)
        declared |= set(re.findall(r"^(?:\w+)\s+(psa_\w+)\s*\(", text, re.MULTILINE))
    assert len(declared) > 100 and not declared - defined
    assert {"merlon_host_reset", "merlon_platform_boot_report"} <= defined


@pytest.mark.claim("host.headers", "property")
@pytest.mark.parametrize("standard", ["c99", "c++17"])
def test_each_public_header_compiles_on_its_own(tmp_path, standard):
    ours = [header for folder in ("psa", "merlon", "psa_manifest") for header in sorted((HOST / "include" / folder).glob("*.h"))
            if folder != "psa" or not (header.name.startswith("crypto_") or header.name == "build_info.h")]
    assert len(ours) >= 10
    compiler = ["cc", "-x", "c"] if standard == "c99" else ["c++", "-x", "c++"]
    for header in ours:
        source = tmp_path / "one.c"
        source.write_text(f"#include <{header.parent.name}/{header.name}>\n#include <{header.parent.name}/{header.name}>\nextern int unit;\n")
        result = subprocess.run([*compiler, f"-std={standard}", *WARNINGS, f"-I{HOST}/include", "-fsyntax-only", str(source)],
                                capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"{header}: {result.stderr}"


@pytest.mark.claim("host.headers", "functional")
def test_a_program_in_cxx_links(tmp_path):
    source = tmp_path / "main.cpp"
    source.write_text('#include <merlon/host.h>\n#include <psa/crypto.h>\n'
                      'int main() { return psa_crypto_init() == PSA_SUCCESS && merlon_host_reset() == PSA_SUCCESS ? 0 : 1; }\n')
    subprocess.run(["c++", "-std=c++17", *WARNINGS, f"-I{HOST}/include", str(source), str(ARCHIVE), "-o", str(tmp_path / "main")], check=True)
    assert subprocess.run([str(tmp_path / "main")], check=False).returncode == 0


@pytest.mark.claim("host.memory", "functional")
def test_without_a_folder_the_device_ends_with_the_process(program):
    assert run(program, "set", 7, "hello", "get", 7) == [(SUCCESS, ""), (SUCCESS, text("hello"))]
    assert run(program, "get", 7)[0][0] == DOES_NOT_EXIST


@pytest.mark.claim("host.folder", "functional")
def test_a_folder_outlives_the_process(program, tmp_path):
    folder = tmp_path / "device"
    run(program, "set", 7, "hello", "key", 5, folder=folder)
    assert run(program, "get", 7, "use", 5, folder=folder) == [(SUCCESS, text("hello")), (SUCCESS, "")]
    for name in ("flash.bin", "otp.bin"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    described = json.loads((folder / "device.json").read_text())
    shown = json.loads(subprocess.run([str(HOST / "bin/merlon"), "device", "show", "--json", "--dir", str(folder)], capture_output=True,
                                      text=True, check=True).stdout)
    assert shown["serial"] == described["serial"] and shown["lifecycle"] == "secured"


@pytest.mark.claim("host.folder", "functional")
def test_a_provisioned_device_is_taken_as_it_is(program, tmp_path):
    folder, key = tmp_path / "device", tmp_path / "key.pem"
    merlon = str(HOST / "bin/merlon")
    subprocess.run([merlon, "key", "generate", "-o", str(key)], check=True)
    subprocess.run([merlon, "device", "provision", "--board", "an521", "--product", "default", "--dir", str(folder), "--serial", "MINE",
                    "--image-key", str(key)], check=True, capture_output=True)
    before = (folder / "otp.bin").read_bytes()
    assert run(program, "set", 1, "x", "report", folder=folder)[1] == (SUCCESS, "cause 0 lifecycle 1000 version 0 phase 0")
    assert (folder / "otp.bin").read_bytes() == before


@pytest.mark.claim("host.folder", "functional")
def test_the_public_key_in_the_folder_verifies_tokens(program, tmp_path):
    token = tmp_path / "token"
    run(program, "reset", folder=tmp_path / "device")
    assert run(program, "token", token, folder=tmp_path / "device") == [(SUCCESS, "")]
    subprocess.run([str(HOST / "bin/merlon"), "token", "verify", "-k", str(tmp_path / "device/iak_pub.pem"), "--challenge", "00" * 32,
                    str(token)], check=True)


@pytest.mark.claim("host.folder", "attack")
def test_two_processes_never_share_a_device(program, tmp_path):
    first = Run(program, "set", 7, "hello", "wait", folder=tmp_path / "device")
    assert first.process.stdout.readline() == "set 0 \n"
    second = Run(program, "reset", "get", 7, folder=tmp_path / "device")
    assert [status for status, _ in second.finish()] == [BUSY, -132]
    assert "another process has this device" in second.errors
    first.process.stdin.write("\n")
    assert first.finish() == [(SUCCESS, "1")]
    assert run(program, "get", 7, folder=tmp_path / "device") == [(SUCCESS, text("hello"))]


@pytest.mark.claim("host.folder", "malformed")
def test_a_file_of_another_size_is_refused(program, tmp_path):
    folder = tmp_path / "device"
    folder.mkdir()
    (folder / "flash.bin").write_bytes(b"\xff" * 100)
    one = Run(program, "reset", folder=folder)
    assert one.finish() == [(-146, "")] and "another size" in one.errors
    assert (folder / "flash.bin").stat().st_size == 100


@pytest.mark.claim("host.reset", "functional")
def test_a_reset_ends_what_is_volatile_and_nothing_else(program):
    words = ("set", 7, "hello", "key", 5, "volatile", "use-volatile", "begin", "feed", "reset", "get", 7, "use", 5, "use-volatile", "feed",
             "report")
    answers = run(program, *words)
    assert [status for status, _ in answers] == [SUCCESS] * 9 + [INVALID_HANDLE, BAD_STATE, SUCCESS]
    assert answers[7][1] == text("hello")


@pytest.mark.claim("host.reset", "functional")
def test_a_client_may_ask_for_the_reset(program):
    answers = run(program, "begin", "reboot", "feed", "report")
    assert [status for status, _ in answers] == [SUCCESS, SUCCESS, BAD_STATE, SUCCESS]
    assert answers[3][1].startswith("cause 1 ")


class Maker:
    """Images that BL2 accepts: a vector table, and nothing that would run."""

    def __init__(self, folder):
        self.folder, self.tool = folder, str(HOST / "bin/merlon")
        self.run("key", "generate", "-o", folder / "key.pem")

    def run(self, *words):
        subprocess.run([self.tool, *map(str, words)], check=True, capture_output=True)

    def image(self, version, address):
        plain, signed = self.folder / "plain", self.folder / f"image{version}{address:x}"
        plain.write_bytes(struct.pack("<II", 0x28201000, address + HEADER_SIZE + 9) + bytes(3000))
        self.run("image", "sign", "-k", self.folder / "key.pem", "--version", version, "--header-size", HEADER_SIZE, "--slot-size", 0x80000, "--align",
                 8, "--pad-header", "--security-counter", 1, plain, signed)
        return signed

    def device(self):
        device = self.folder / "device"
        self.run("device", "provision", "--board", "an521", "--product", "default", "--dir", device, "--image-key", self.folder / "key.pem")
        self.run("device", "flash", "--dir", device, "--image", f"0:{self.image('1.0.0', SECURE)}", "--image", f"1:{self.image('1.0.0', NONSECURE)}")
        return device


@pytest.mark.claim("host.reset", "functional")
@pytest.mark.parametrize("accepted", [True, False])
def test_an_installed_update_boots_and_stays_only_if_it_is_accepted(program, tmp_path, accepted):
    maker = Maker(tmp_path)
    device, new = maker.device(), maker.image("2.0.0", NONSECURE)
    words = ["report", "update", new, "reboot", "report", *(["accept"] if accepted else []), "reset", "report"]
    answers = run(program, *words, folder=device)
    assert answers[0] == (SUCCESS, "cause 0 lifecycle 1000 version 1 phase 0")
    assert answers[1][0] == PSA_SUCCESS_REBOOT and answers[3] == (SUCCESS, "cause 1 lifecycle 1000 version 2 phase 1")
    assert answers[-1] == (SUCCESS, f"cause 0 lifecycle 1000 version {2 if accepted else 1} phase 0")
    assert "S| BL2: START" in (device / "console.log").read_text()
    assert run(program, "report", folder=device)[0][1].split()[5] == ("2" if accepted else "1")


@pytest.mark.claim("host.reset", "attack")
def test_what_bl2_refuses_does_not_start(program, tmp_path):
    device = Maker(tmp_path).device()
    with open(device / "flash.bin", "r+b") as flash:
        flash.seek(0x80000 + HEADER_SIZE + 50)
        flash.write(b"\x55")
    one = Run(program, "reset", "random", folder=device)
    assert [status for status, _ in one.finish()] == [NOT_PERMITTED, REFUSED] and "BL2 refuses" in one.errors
    assert "image 1 refused: HASH" in (device / "console.log").read_text()


@pytest.mark.claim("host.reset", "power-cut")
def test_a_power_cut_is_survived_wherever_it_falls(program):
    cuts = 0
    for change in range(12):
        answers = run(program, "set", 7, "old", "cut", change, "set", 7, "new", "get", 7)
        assert answers[2][0] in (SUCCESS, CUT) and answers[3][0] == SUCCESS
        assert answers[3][1] in ((text("new"),) if answers[2][0] == SUCCESS else (text("old"), text("new")))
        cuts += answers[2][0] == CUT
    assert cuts > 0


@pytest.mark.claim("host.reset", "power-cut")
def test_killing_the_process_is_a_power_cut(program, tmp_path):
    for pause in (0.0, 0.003, 0.011, 0.05):
        one = Run(program, "set", 9, "    ", "count", 9, folder=tmp_path / "device")
        assert one.process.stdout.readline() == "set 0 \n" and one.process.stdout.readline() == "ready\n"
        time.sleep(pause)
        one.process.kill()
        one.process.wait()
        [(status, value)] = run(program, "get", 9, folder=tmp_path / "device")
        assert status == SUCCESS and len(value) == 8


@pytest.mark.claim("host.client_error", "attack")
def test_a_wrong_pointer_is_refused_and_kills_nobody(program):
    assert run(program, "wrong", "set", 1, "still here") == [(SUCCESS, "0"), (SUCCESS, "")]


@pytest.mark.claim("host.client_error", "attack")
def test_forged_handles_are_refused_and_kill_nobody(program):
    assert run(program, "handles", "set", 1, "still here") == [(SUCCESS, "0"), (SUCCESS, "")]


@pytest.mark.claim("host.threads", "functional")
def test_threads_take_turns(program):
    assert run(program, "thread", "thread") == [(SUCCESS, "")] * 2


@pytest.mark.claim("host.threads", "attack")
def test_a_child_has_random_numbers_of_its_own(program, tmp_path):
    assert len({value for _, value in run(program, "random", "child", "random")}) == 3
    # A device in a folder stays the parent's.
    answers = run(program, "set", 1, "x", "child", "get", 1, "reset", folder=tmp_path / "device")
    assert [status for status, _ in answers] == [SUCCESS, -132, BAD_STATE, SUCCESS, SUCCESS]
