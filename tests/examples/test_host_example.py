# SPDX-License-Identifier: Apache-2.0
"""examples/host, copied out of the tree and built as its README says; and the archive beside an mbedTLS of the program's own."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = ROOT / "build/host"
EXAMPLE_LINES_MAX = 50


def run(program, folder=None):
    environment = {name: value for name, value in os.environ.items() if name != "MERLON_DEVICE_DIR"}
    if folder:
        environment["MERLON_DEVICE_DIR"] = str(folder)
    return subprocess.run([str(program)], env=environment, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.claim("host.example", "functional")
def test_the_example_counts_its_starts(tmp_path):
    shutil.copytree(ROOT / "examples/host", tmp_path / "project")
    assert len((tmp_path / "project/main.c").read_text().splitlines()) <= EXAMPLE_LINES_MAX
    build = tmp_path / "build"
    subprocess.run(["cmake", f"-DMERLON_HOST={HOST}", "-S", str(tmp_path / "project"), "-B", str(build)], check=True, capture_output=True)
    subprocess.run(["cmake", "--build", str(build)], check=True, capture_output=True)
    assert [run(build / "starts", tmp_path / "device") for _ in range(2)] == ["started 1 time\n", "started 2 times\n"]
    assert run(build / "starts") == "started 1 time\n"


BESIDE = """
#include <mbedtls/sha256.h>
#include <psa/crypto.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
	unsigned char theirs[32], ours[32];
	size_t size;
	if (mbedtls_sha256((const unsigned char *)"abc", 3, theirs, 0) != 0 || psa_crypto_init() != PSA_SUCCESS ||
	    psa_hash_compute(PSA_ALG_SHA_256, (const unsigned char *)"abc", 3, ours, sizeof ours, &size) != PSA_SUCCESS)
		return 1;
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_reset_key_attributes(&attributes);
	printf("%d\\n", memcmp(theirs, ours, 32));
	return 0;
}
"""


@pytest.mark.claim("host.beside", "functional")
@pytest.mark.parametrize("merlon_first", [True, False])
@pytest.mark.parametrize("config", ["#define MBEDTLS_SHA256_C", "#define MBEDTLS_SHA256_C\n#define MBEDTLS_PSA_CRYPTO_CLIENT"])
def test_it_links_beside_an_mbedtls_without_psa_core(tmp_path, merlon_first, config):
    """The other library's names are its own; one that is a PSA client itself also defines psa_reset_key_attributes()."""
    mbedtls = ROOT / "build/deps/mbedtls"
    (tmp_path / "config.h").write_text(config + "\n")
    (tmp_path / "main.c").write_text(BESIDE)
    for name in ("sha256", "platform_util", "psa_crypto_client"):
        subprocess.run(["cc", "-c", "-O1", f"-I{mbedtls}/include", f"-I{mbedtls}/library", f'-DMBEDTLS_CONFIG_FILE="{tmp_path}/config.h"',
                        str(mbedtls / f"library/{name}.c"), "-o", str(tmp_path / f"{name}.o")], check=True)
    subprocess.run(["ar", "crs", str(tmp_path / "libmbedtls.a"), *map(str, tmp_path.glob("*.o"))], check=True)
    subprocess.run(["cc", "-std=c99", "-Wall", "-Werror", f"-I{HOST}/include", f"-I{mbedtls}/include", "-c", str(tmp_path / "main.c"), "-o",
                    str(tmp_path / "main.obj")], check=True)
    archives = [str(HOST / "lib/libmerlon_psa.a"), str(tmp_path / "libmbedtls.a")]
    result = subprocess.run(["cc", str(tmp_path / "main.obj"), *(archives if merlon_first else reversed(archives)), "-o", str(tmp_path / "main")],
                            capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert run(tmp_path / "main") == "0\n"
