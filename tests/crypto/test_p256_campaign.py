# SPDX-License-Identifier: Apache-2.0
"""A million questions to our P-256 verifier, fiat-crypto's arithmetic and mbedTLS: all three agree on each."""
import os
import secrets
import subprocess

import common
import pytest

PROGRAM = common.BUILD / "host/tests/test_crypto_p256"
SIGNATURES = 333_334   # three questions each


@pytest.mark.nightly
@pytest.mark.claim("crypto.p256.verify", "property")
def test_a_million_questions():
    seed = os.environ.get("MERLON_SEED", str(secrets.randbits(63)))
    print(f"MERLON_SEED={seed}")
    result = subprocess.run([PROGRAM, "agrees_on_random_signatures_and_mutations"], capture_output=True, text=True, check=False,
                            env=dict(os.environ, MERLON_CASES=str(SIGNATURES), MERLON_SEED=seed))
    assert result.returncode == 0, f"MERLON_SEED={seed}\n{result.stdout}{result.stderr}"
    assert "1 passed, 0 failed" in result.stdout
