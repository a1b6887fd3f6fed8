# SPDX-License-Identifier: Apache-2.0
"""Secure calls of several threads on the emulated board: one at a time with the lock, refused without it."""
import pytest

BOOT_S = 20
CALLS = 200


@pytest.mark.claim("client.serialised", "attack")
def test_calls_are_serialised_and_reentry_is_refused(workshop):
    device = workshop.device(workshop.images(nonsecure="threads"))
    device.start()

    def count(what):
        return int(device.wait(rf"threads: {what} (\d+)", BOOT_S)[1])

    assert count("locked good") == CALLS and count("locked bad") == 0 and count("locked low bad") == 0
    # The same without the lock: high finds the Secure world busy, gets an error, and nothing breaks.
    count("unlocked good")
    assert count("unlocked refused") > 0
    assert count("again good") == CALLS and count("again bad") == 0 and count("again low good") > 0
