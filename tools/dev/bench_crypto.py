# SPDX-License-Identifier: Apache-2.0
"""What each algorithm costs: the Crypto partition of product `full`, built again without it, optimised as a whole as the image has it.

The table in docs/crypto.md is this program's output: python3 tools/dev/bench_crypto.py (about three minutes on two cores).
"""
import concurrent.futures
import json
import pathlib
import re
import shlex
import subprocess
import tempfile

import common

PRESET = "an521-full"
TARGETS = re.compile(r"(merlon_mbedtls_core|merlon_secure_crypto_parts)\.dir")
RSA = ["ALG_RSA_OAEP", "ALG_RSA_PKCS1V15_CRYPT", "ALG_RSA_PKCS1V15_SIGN", "ALG_RSA_PSS", "KEY_TYPE_RSA_PUBLIC_KEY",
       *(f"KEY_TYPE_RSA_KEY_PAIR_{what}" for what in ("BASIC", "EXPORT", "GENERATE", "IMPORT"))]
# Words of PSA_WANT_* that leave together.
ALGORITHMS = {
    "AES-GCM": ["ALG_GCM"],
    "AES-CCM": ["ALG_CCM", "ALG_CCM_STAR_NO_TAG"],
    "AES-CTR": ["ALG_CTR"],
    "AES-CBC, ECB": ["ALG_CBC_NO_PADDING", "ALG_CBC_PKCS7", "ALG_ECB_NO_PADDING"],
    "AES-CMAC, PBKDF2-CMAC": ["ALG_CMAC", "ALG_PBKDF2_AES_CMAC_PRF_128"],
    "ChaCha20-Poly1305": ["ALG_CHACHA20_POLY1305", "ALG_STREAM_CIPHER", "KEY_TYPE_CHACHA20"],
    "SHA-384, SHA-512": ["ALG_SHA_384", "ALG_SHA_512"],
    "SHA-3": [f"ALG_SHA3_{bits}" for bits in (224, 256, 384, 512)],
    "HKDF": ["ALG_HKDF", "ALG_HKDF_EXTRACT", "ALG_HKDF_EXPAND"],
    "PBKDF2-HMAC": ["ALG_PBKDF2_HMAC"],
    "TLS 1.2 PRF": ["ALG_TLS12_PRF", "ALG_TLS12_PSK_TO_MS"],
    "RSA, all of it": RSA,
    "RSA: OAEP": ["ALG_RSA_OAEP"],
    "RSA: PSS": ["ALG_RSA_PSS"],
    "RSA: PKCS#1 v1.5": ["ALG_RSA_PKCS1V15_CRYPT", "ALG_RSA_PKCS1V15_SIGN"],
    "RSA: key generation": ["KEY_TYPE_RSA_KEY_PAIR_GENERATE"],
    "P-384": ["ECC_SECP_R1_384"],
    "P-521": ["ECC_SECP_R1_521"],
    "X25519": ["ECC_MONTGOMERY_255"],
    "ECDH": ["ALG_ECDH"],
    "deterministic ECDSA": ["ALG_DETERMINISTIC_ECDSA"],
    "EC J-PAKE": ["ALG_JPAKE", "ALG_TLS12_ECJPAKE_TO_PMS"],
}


def commands():
    entries = json.loads((common.BUILD / PRESET / "compile_commands.json").read_text(encoding="utf-8"))
    return [(entry["directory"], shlex.split(entry["command"])) for entry in entries if TARGETS.search(entry["command"])]


def sealed_size(without):
    """Bytes of code and constants of the partition without these words."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "merlon").mkdir()
        (folder / "merlon/psa_crypto_want.h").write_text(
            "#include <merlon/crypto_set_full.h>\n" + "".join(f"#undef PSA_WANT_{word}\n" for word in without), encoding="utf-8")
        objects = []
        for number, (directory, words) in enumerate(commands()):
            objects.append(str(folder / f"{number}.o"))
            words[words.index("-o") + 1] = objects[-1]
            subprocess.run([words[0], f"-I{folder}", *words[1:], "-g0"], cwd=directory, check=True, capture_output=True)
        machine = ["-mcpu=cortex-m33+nodsp+nofp", "-mthumb", "-Os", "-ffunction-sections", "-fdata-sections"]
        subprocess.run(["arm-none-eabi-gcc", *machine, "-flto", "-flto-partition=none", "-fwhole-program", "-fno-use-linker-plugin",
                        "-nostdlib", "-nostartfiles", "-Wl,-r", *objects, "-o", folder / "sealed.o"], check=True, capture_output=True)
        return int(subprocess.run(["arm-none-eabi-size", folder / "sealed.o"], check=True, capture_output=True,
                                  text=True).stdout.split("\n")[1].split()[0])


def main():
    common.firmware("an521", "full")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        whole, *rest = pool.map(sealed_size, [[], *ALGORITHMS.values()])
    print(f"| algorithm | bytes |\n|---|--:|\n| everything | {whole:,} |")
    for name, size in zip(ALGORITHMS, rest):
        print(f"| {name} | {whole - size:,} |")


if __name__ == "__main__":
    main()
