# SPDX-License-Identifier: Apache-2.0
"""Partitions from outside the tree: built by ./dev build --partitions, called from the Non-secure world, in memory of their own."""
import json
import re

import common
import pytest

BOOT_S = 20
FOLDERS = [common.ROOT / "examples/partitions/counter", common.ROOT / "examples/partitions/lines", common.ROOT / "tests/board/partitions/witness",
           common.ROOT / "tests/partitions/bench_ipc", common.ROOT / "tests/partitions/bench_sfn"]
PRESET = "an521-default-outside"


@pytest.fixture(name="outside", scope="module")
def firmware_with_partitions_from_outside():
    """The an521's firmware once more, with the examples."""
    folder, log = common.BUILD / PRESET, common.BUILD / f"log/{PRESET}.log"
    common.run_quiet(["cmake", "--preset", "an521-default", "-B", folder, "-DMERLON_OUTSIDE=" + ";".join(map(str, FOLDERS))], log)
    common.run_quiet(["cmake", "--build", folder, "--target", "image_secure", "image_probe", "image_attest"], log)
    return folder


@pytest.fixture(name="device")
def device_with_partitions_from_outside(workshop, outside):
    workshop.maker.firmware = outside / "bin"
    device = workshop.device()
    device.start()
    device.wait("probe: ready", BOOT_S)
    return device


def ask(device, command, pattern):
    device.send(command + "\n")
    return device.wait(f"probe: {pattern}", 5)


def constant(outside, name):
    """A macro of psa_manifest/sid.h."""
    text = (outside / "generated/spm/include/psa_manifest/sid.h").read_text()
    return int(re.search(rf"#define {name} .*?(0x[0-9a-f]+)", text)[1], 16)


def call_type(device, handle, kind, text, size=4):
    match = ask(device, f"psa {handle:x} {kind:x} {size} {text}", r"status 0x(\w+), output 0x(\w+)")
    return int(match[1], 16), int(match[2], 16)


def call(device, handle, text, size=4):
    return call_type(device, handle, 0, text, size)


@pytest.mark.slow
@pytest.mark.claim("partitions.outside", "functional")
def test_a_function_from_outside_is_called(device, outside):
    assert ask(device, f"version {constant(outside, 'COUNTER_SID'):x}", r"version (\w+)")[1] == "0x00000001"
    handle = constant(outside, "COUNTER_HANDLE")
    assert [call(device, handle, "AAAA") for _ in range(3)] == [(0, n * 0x41414141) for n in (1, 2, 3)]
    assert call(device, handle, "AAAA") == (2**32 - 135, 0)      # PSA_ERROR_INVALID_ARGUMENT
    assert call(device, handle, "AA") == (2**32 - 135, 0)
    assert call(device, handle, "AAAA", size=3) == (2**32 - 134, 0)


@pytest.mark.slow
@pytest.mark.claim("attest.client", "attack")
def test_a_token_names_the_partition_that_asked_for_it(workshop, outside):
    """The witness asks in its own name, whoever calls it; the same caller's own token names the caller."""
    import test_attest
    workshop.maker.firmware = outside / "bin"
    device = workshop.device(workshop.images(nonsecure="attest"))
    device.start()
    device.wait("attest: ready", BOOT_S)
    public, challenge = device.folder / "iak_pub.pem", bytes(range(32))
    handle = constant(outside, "WITNESS_HANDLE")
    status, token = test_attest.call(device, "call", handle.to_bytes(4, "big") + challenge)
    assert status == 0
    identity = int(re.search(r"#define TEST_WITNESS (0x\w+)", (outside / "generated/spm/include/psa_manifest/pid.h").read_text())[1], 16)
    assert test_attest.psa.verify(public, token)[test_attest.psa.CLIENT] == identity > 0
    assert test_attest.psa.verify(public, test_attest.token_of(device, challenge))[test_attest.psa.CLIENT] == -1


@pytest.mark.slow
@pytest.mark.claim("partitions.outside", "functional")
def test_a_thread_from_outside_works_its_device(device, outside):
    """A connection, and an interrupt of UART2 for each byte; the buffer lies in memory that its overlay reserves."""
    sid = constant(outside, "LINES_SID")
    handle = int(ask(device, f"connect {sid:x} 1", r"handle 0x(\w+)")[1], 16)
    assert 0 < handle < 2**31
    assert call(device, handle, "hello") == (0, 5) and call(device, handle, "once-again") == (0, 10)
    assert call(device, handle, "x", size=2) == (2**32 - 135, 0)
    ask(device, f"close {handle:x}", "closed")
    assert call(device, handle, "x")[0] == 2**32 - 129        # PSA_ERROR_PROGRAMMER_ERROR
    assert int(ask(device, f"connect {sid:x} 3", r"handle 0x(\w+)")[1], 16) == 2**32 - 130


@pytest.mark.slow
@pytest.mark.claim("spm.threads", "functional")
def test_both_models_answer_in_one_image(device, outside):
    for service in ("BENCH_IPC", "BENCH_SFN"):
        handle = constant(outside, f"{service}_HANDLE")
        for _ in range(3):
            status, output = call_type(device, handle, 1, "abcd")
            assert (status, output) == (0, 0x64636261), service


@pytest.mark.slow
@pytest.mark.parametrize("command,reason", [(2, "psa_panic: it gave up"), (3, "a fault of the core")])
@pytest.mark.claim("spm.panic", "attack")
def test_a_partition_that_errs_is_named_and_never_goes_on(device, outside, command, reason):
    """Which of both follows, the start of the device or of the partition, is the product's policy."""
    device.send(f"psa {constant(outside, 'BENCH_IPC_HANDLE'):x} {command:x} 4 abcd\n")
    device.wait(rf"S: panic in BENCH_IPC: {reason}|fault of the Secure world.*partition 0x", 5)
    if "MERLON_PANIC_POLICY MERLON_PANIC_POLICY_RESTART" in (outside / "generated/product/include/merlon/product/config.h").read_text():
        device.wait(r"probe: status 0xffffff6f", 5)
        assert call_type(device, constant(outside, "BENCH_IPC_HANDLE"), 1, "abcd") == (0, 0x64636261)
    else:
        device.wait("probe: ready", BOOT_S)


@pytest.mark.slow
@pytest.mark.claim("partitions.layout", "property")
def test_partitions_lie_apart(outside):
    """Code and data of each partition in one piece, on whole granules, and no two in one."""
    import elf
    listing = elf.tool("nm", outside / "bin/secure.elf")
    places = {}
    for address, name, kind, edge in re.findall(r"^(\w+) . partition_(\w+)_(code|data)_(start|end)$", listing, re.MULTILINE):
        places.setdefault((kind, name), {})[edge] = int(address, 16)
    described = json.loads((outside / "generated/spm/partitions.json").read_text())["partitions"]
    assert {name for _, name in places} == {partition["name"] for partition in described} >= {"SP_FLASH", "EXAMPLE_COUNTER", "EXAMPLE_LINES"}
    for kind in ("code", "data"):
        pieces = sorted((place["start"], place["end"]) for (what, _), place in places.items() if what == kind)
        assert all(start < end and start % 32 == 0 and end % 32 == 0 for start, end in pieces)
        assert all(before[1] <= after[0] for before, after in zip(pieces, pieces[1:]))


@pytest.mark.claim("partitions.outside", "malformed")
@pytest.mark.parametrize("name,files,message", [
    ("empty", {}, "there is no CMakeLists.txt"),
    ("no_manifest", {"CMakeLists.txt": "merlon_partition(SOURCES a.c)\n"}, "there is no manifest"),
    ("bad-name", {"CMakeLists.txt": "", "manifest.yaml": ""}, "the folder's name makes no name in C"),
])
def test_what_is_missing_is_said(tmp_path, name, files, message):
    folder = tmp_path / name
    folder.mkdir()
    for file, text in files.items():
        (folder / file).write_text(text)
    result = common.subprocess.run(["cmake", "--preset", "an521-default", "-B", tmp_path / "build", f"-DMERLON_OUTSIDE={folder}"], cwd=common.ROOT,
                                   capture_output=True, text=True, check=False)
    assert result.returncode != 0 and message in " ".join(result.stderr.split()) and "try:" in result.stderr
