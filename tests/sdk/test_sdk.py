# SPDX-License-Identifier: Apache-2.0
"""The SDK in a folder of its own, as somebody who has nothing else of this tree uses it: build, sign, provision, flash, boot."""
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

import sdk

ROOT = Path(__file__).resolve().parents[2]
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
CORE = ("-mcpu=cortex-m33+nodsp+nofp", "-mthumb")


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """Moved after it was made, to a path with a space: nothing in it may know where it lies."""
    made = tmp_path_factory.mktemp("made") / "sdk"
    assert sdk.assemble("an521", "default", made, keys=made.parent / "keys")
    return Path(shutil.move(made, tmp_path_factory.mktemp("some where") / "sdk"))


def run(*command, **options):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, check=False, **options)
    assert result.returncode == 0, f"{command[0]}: {result.stdout}{result.stderr}"
    return result.stdout


def console(kit, device, until, seconds=30, extra=()):
    """Start the device as the SDK's README says; the lines up to the one that matches `until`."""
    process = subprocess.Popen([str(kit / "bin/merlon-qemu"), "--dir", str(device), "--", *extra], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watch = threading.Timer(seconds, process.kill)
    watch.start()
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if re.search(until, line):
            break
    watch.cancel()
    process.kill()
    process.communicate()
    return lines


def link(kit, folder, source, *flags):
    """The README's way without CMake; returns a device that runs the program."""
    (folder / "main.c").write_text(source)
    run("arm-none-eabi-gcc", "-Os", *CORE, *WARNINGS, f"-I{kit}/include", "-nostartfiles", "--specs=nano.specs", "-Wl,--gc-sections",
        f"-T{kit}/lib/merlon_ns.ld", *flags, folder / "main.c", kit / "lib/libmerlon_ns.a", "-o", folder / "main.elf")
    run("arm-none-eabi-objcopy", "-O", "binary", folder / "main.elf", folder / "main.bin")
    run(kit / "bin/merlon", "image", "sign", "-k", kit / "keys/development.pem", "--version", "1.0.0", "--header-size", "0x400", "--slot-size",
        "0x80000", "--align", "8", "--pad-header", "--security-counter", "1", folder / "main.bin", folder / "main_signed.bin")
    run(kit / "bin/merlon-device", folder / "device", kit / "keys/development.pem", folder / "main_signed.bin")
    return folder / "device"


@pytest.mark.claim("sdk.example", "functional")
def test_the_example_boots_outside_the_tree(kit, tmp_path):
    shutil.copytree(ROOT / "examples/nonsecure", tmp_path / "project")
    build = tmp_path / "my build"
    run("cmake", f"-DCMAKE_TOOLCHAIN_FILE={kit}/cmake/arm-none-eabi.cmake", f"-DCMAKE_PREFIX_PATH={kit}", "-S", tmp_path / "project", "-B", build)
    run("cmake", "--build", build, "--target", "example_device")
    lines = console(kit, build / "example_device", "example: done")
    assert [line for line in lines if line.startswith("example:")] == [
        "example: start 1, warm 0", "example: 3 ticks", "example: start 2, warm 1", "example: 3 ticks", "example: done"]
    assert "S| S: ready" in lines


@pytest.mark.claim("sdk.keys", "functional")
def test_a_key_of_ones_own_signs(kit, tmp_path):
    """And the device that does not know it refuses to start the image."""
    run(kit / "bin/merlon", "key", "generate", "-o", tmp_path / "mine.pem")
    shutil.copytree(ROOT / "examples/nonsecure", tmp_path / "project")
    run("cmake", f"-DCMAKE_TOOLCHAIN_FILE={kit}/cmake/arm-none-eabi.cmake", f"-DCMAKE_PREFIX_PATH={kit}",
        f"-DMERLON_SIGNING_KEY={tmp_path}/mine.pem", "-S", tmp_path / "project", "-B", tmp_path / "b")
    run("cmake", "--build", tmp_path / "b", "--target", "example_device")
    assert "example: start 1, warm 0" in console(kit, tmp_path / "b/example_device", "example: start")
    run(kit / "bin/merlon-device", tmp_path / "stranger", kit / "keys/development.pem", tmp_path / "b/example_signed.bin")
    assert any("image 1 refused: KEY_UNKNOWN" in line for line in console(kit, tmp_path / "stranger", "image 1 refused"))


@pytest.mark.claim("sdk.keys", "attack")
def test_a_secured_device_refuses_the_development_key(kit, tmp_path):
    device = link(kit, tmp_path, "int main(void) { return 0; }\n")
    shutil.rmtree(device)
    run(kit / "bin/merlon", "device", "provision", "--board", "an521", "--product", "default", "--dir", device, "--lifecycle", "secured",
        "--image-key", kit / "keys/development.pem")
    run(kit / "bin/merlon", "device", "flash", "--dir", device, "--image", f"0:{kit}/firmware/secure_signed.bin", "--image",
        f"1:{tmp_path}/main_signed.bin")
    assert any("refused: KEY_DEVELOPMENT" in line for line in console(kit, device, "HALT"))


LASTING = '#include <stdio.h>\nint main(void) { puts("program: over"); return 0; }\n'
STUBBORN = ('#include <merlon/nonsecure.h>\n#include <stdio.h>\n'
            'void merlon_show_life(void) {}\nint main(void) { puts("program: over"); return 0; }\n')


@pytest.mark.claim("sdk.life", "functional")
def test_a_program_that_ended_is_alive_and_one_that_shows_no_life_is_reset(kit, tmp_path):
    """Virtual time runs as fast as the host can: the sleep between two ticks takes none of the host's."""
    for name in ("lasting", "stubborn"):
        (tmp_path / name).mkdir()
    count = ("-icount", "shift=0,sleep=off")
    device = link(kit, tmp_path / "stubborn", STUBBORN)
    assert any("reset cause 2" in line for line in console(kit, device, "reset cause 2", extra=count))
    device = link(kit, tmp_path / "lasting", LASTING)
    lines = console(kit, device, "reset cause [1-9]", seconds=4, extra=count)
    assert "program: over" in lines and not any("reset cause 2" in line for line in lines)


CXX = '#include <merlon/nonsecure.h>\n#include <merlon/platform.h>\n#include <psa/crypto.h>\nint main() { return psa_crypto_init(); }\n'


@pytest.mark.claim("sdk.headers", "property")
@pytest.mark.parametrize("compiler,standard", [("arm-none-eabi-gcc", "c99"), ("arm-none-eabi-g++", "c++17")])
def test_each_header_compiles_on_its_own(kit, tmp_path, compiler, standard):
    language = "c" if standard == "c99" else "c++"
    ours = [header for folder in ("psa", "merlon", "psa_manifest") for header in sorted((kit / "include" / folder).glob("*.h"))
            if folder != "psa" or not (header.name.startswith("crypto_") or header.name == "build_info.h")]
    assert len(ours) >= 10
    for header in ours:
        (tmp_path / "one.c").write_text(f"#include <{header.parent.name}/{header.name}>\nextern int unit;\n")
        run(compiler, *CORE, "-x", language, f"-std={standard}", *WARNINGS, f"-I{kit}/include", "-fsyntax-only", tmp_path / "one.c")
    (tmp_path / "main.cpp").write_text(CXX)
    run("arm-none-eabi-g++", *CORE, "-std=c++17", *WARNINGS, "-fno-exceptions", f"-I{kit}/include", "-c", tmp_path / "main.cpp", "-o", tmp_path / "o")


def defined_names(archive):
    listing = run("arm-none-eabi-nm", "-g", "--defined-only", archive)
    return {line.split()[-1]: line.split()[1] for line in listing.splitlines() if len(line.split()) == 3}


@pytest.mark.claim("sdk.library", "property")
def test_the_library_takes_no_name_from_the_program(kit):
    defined = defined_names(kit / "lib/libmerlon_ns.a")
    assert not [name for name in defined if not re.match(r"(psa_|merlon_|_[a-z]+$|\w+_Handler$|vectors$|start_reset$)", name)]
    assert {defined[name] for name in ("TIMER0_Handler", "SysTick_Handler", "IRQ44_Handler", "_write", "merlon_show_life")} == {"W"}
    assert {"psa_call", "psa_generate_random", "psa_its_set", "psa_fwu_query", "psa_initial_attest_get_token"} <= set(defined)


@pytest.mark.claim("sdk.library", "property")
def test_a_kernel_with_a_start_of_its_own_gets_the_calls_alone(kit):
    """libmerlon_client_calls.a has no vectors and needs nothing but the C library's memory functions."""
    archive = kit / "lib/libmerlon_client_calls.a"
    defined = defined_names(archive)
    assert not [name for name in defined if not name.startswith(("psa_", "merlon_"))]
    assert {"psa_call", "psa_sign_hash", "psa_its_get", "merlon_client_lock_set"} <= set(defined)
    undefined = {line.split()[-1] for line in run("arm-none-eabi-nm", "-u", archive).splitlines() if line.startswith(" ")}
    assert not [name for name in undefined if not name.startswith(("mem", "str", "__aeabi_"))]
