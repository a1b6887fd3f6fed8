# SPDX-License-Identifier: Apache-2.0
"""Who may call what: the client library has the whole of psa/crypto.h, and the Non-secure world computes nothing itself."""
import re
import subprocess

import common
import pytest

DOCS = common.ROOT / "docs/crypto.md"
TLS = ("merlon_mbedtls_tls", "merlon_net_tls")   # the TLS layer: mbedTLS's TLS and X.509, and what drives them


def declared():
    """The functions that psa/crypto.h declares for a client, without those that it defines itself."""
    includes = ["include", "build/deps/mbedtls/include", "build/host/generated/product/include"]
    text = subprocess.run(
        ["gcc", "-E", "-P", "-x", "c", "-", *(f"-I{common.ROOT / folder}" for folder in includes),
         "-DMBEDTLS_CONFIG_FILE=<merlon/psa_crypto_client.h>", "-DMBEDTLS_PSA_CRYPTO_CONFIG_FILE=<merlon/psa_crypto_want.h>"],
        input="#include <psa/crypto.h>\n", capture_output=True, text=True, check=True).stdout
    defined = set(re.findall(r"static(?:\s+inline)?\s[\w\s*]*?\b((?:mbedtls_)?psa_\w+)\s*\(", text))
    return set(re.findall(r"\b((?:mbedtls_)?psa_\w+)\s*\(", text)) - defined


def symbols(path, kinds):
    output = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1] for line in output.splitlines() if len(line.split()) > 1 and line.split()[-2] in kinds}


@pytest.mark.claim("crypto.surface", "property")
def test_every_function_is_there_or_named_as_absent():
    section = DOCS.read_text().split("## Declared by the header and absent")[1].split("\n## ")[0]
    absent = set(re.findall(r"`((?:mbedtls_)?psa_\w+)`", section))
    functions = declared()
    assert len(functions) > 100
    assert functions - symbols(common.BUILD / "host/nonsecure/client/libmerlon_client.a", "T") == absent


@pytest.mark.claim("crypto.boundary", "attack")
@pytest.mark.parametrize("preset", ["host", "an521-default"])
def test_the_nonsecure_world_refers_to_mbedtls_for_tls_only(preset):
    if not (common.BUILD / preset / "nonsecure").is_dir():
        common.build(preset)
    archives = sorted((common.BUILD / preset / "nonsecure").rglob("*.a"))
    objects = sorted((common.BUILD / preset / "images").rglob("image_nonsecure*/**/*.obj"))
    assert len(archives) > 4 and (objects or preset == "host")
    for path in [*archives, *objects]:
        found = {name for name in symbols(path, "UTtDdBbRr") if name.startswith("mbedtls_")} - {"mbedtls_psa_crypto_free"}
        if path.stem.removeprefix("lib") in TLS:
            assert found
        else:
            assert not found, f"{path} refers to {sorted(found)}"


@pytest.mark.claim("crypto.boundary", "attack")
def test_the_nonsecure_image_holds_no_cipher_hash_or_curve():
    # Names and encodings of algorithms are no computation.
    computed = re.compile(r"mbedtls_(aes|gcm|ccm|chacha|poly1305|sha\d|internal_sha|mpi|ecp|ecdsa|ecdh|rsa|ctr_drbg)_(?!.*(info|to_raw|to_der)$)")
    image = common.BUILD / "an521-default/bin/nonsecure.elf"
    if not image.is_file():
        common.build("an521-default")
    assert not {name for name in symbols(image, "TtRr") if computed.match(name)}
