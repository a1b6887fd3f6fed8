# SPDX-License-Identifier: Apache-2.0
"""The noise source of the emulated board, healthy and not, and what Non-secure code gets from the Crypto service."""
import random

import pytest

BOOT_S = 20
CALL_S = 20
STARTUP_SAMPLES = 1024
SUCCESS = 0
HARDWARE_FAILURE, INSUFFICIENT_ENTROPY = -147, -148


def healthy(size, seed):
    return random.Random(seed).randbytes(size)


def call(device, command):
    """Send one command; return (status, word)."""
    device.send(command + "\n")
    match = device.wait(rf"psa: {command} 0x(\w+) 0x(\w+)", CALL_S)
    status = int(match[1], 16)
    return status - (1 << 32) if status >> 31 else status, int(match[2], 16)


@pytest.fixture(name="start")
def start_with_noise(workshop, tmp_path):
    images = workshop.images(nonsecure="psa")

    def start(noise=None):
        device = workshop.device(images=images)
        seed = None
        if noise is not None:
            seed = tmp_path / f"noise{len(workshop.devices)}"
            seed.write_bytes(noise)
        device.start(seed=seed)
        device.wait("psa: ready", BOOT_S)
        return device
    return start


@pytest.mark.claim("crypto.entropy.health", "functional")
def test_a_healthy_source_gives_keys_and_numbers(start):
    device = start()
    assert call(device, "generate")[0] == SUCCESS
    words = [call(device, "random") for _ in range(4)]
    assert all(status == SUCCESS for status, _ in words)
    assert len({word for _, word in words}) == 4


BAD = {
    "stuck from the first byte": bytes(1 << 16),
    "stuck after the start-up test": healthy(STARTUP_SAMPLES, 1) + bytes(1 << 16),
    "silent after the start-up test": healthy(STARTUP_SAMPLES, 2),
    "one bit per byte": bytes(byte & 1 for byte in healthy(1 << 16, 3)),
}


@pytest.mark.claim("crypto.entropy.health", "attack")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_source_stops_keys_and_numbers_with_an_error(start, name):
    device = start(BAD[name])
    for command in ("generate", "random", "generate"):
        status, word = call(device, command)
        assert status in (HARDWARE_FAILURE, INSUFFICIENT_ENTROPY), (command, status)
        assert word == 0


@pytest.mark.claim("crypto.entropy.health", "attack")
def test_a_source_that_fails_later_stops_the_next_key(start):
    """The first key takes what it needs; from then on the source is stuck. Keys ask for fresh noise, so that the next one fails."""
    noise = healthy(STARTUP_SAMPLES + 4096, 4) + bytes(1 << 16)
    device = start(noise)
    statuses = []
    while (not statuses or statuses[-1] == SUCCESS) and len(statuses) < 200:
        statuses.append(call(device, "generate")[0])
    assert statuses[0] == SUCCESS
    assert statuses[-1] in (HARDWARE_FAILURE, INSUFFICIENT_ENTROPY)
    assert call(device, "generate")[0] == statuses[-1]


@pytest.mark.claim("crypto.random.seed", "functional")
def test_numbers_follow_from_the_noise_alone(start):
    """The same noise gives the same numbers, other noise others: nothing else seeds the generator, and it is seeded."""
    first, same, other = (call(start(healthy(1 << 14, seed)), "random") for seed in (5, 5, 6))
    assert first == same
    assert first[1] != other[1]
