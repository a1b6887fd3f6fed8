# SPDX-License-Identifier: Apache-2.0
"""The partition manager's gates under attack from a Non-secure image that knows no manners (firmware/hostile.c)."""
import re

import pytest
from device import DeviceError

BOOT_S, ATTACKS_S = 20, 20


class Answers(dict):
    """attack -> what came of each try; and the lines in which the Secure world broke down."""

    breakdowns = ()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """One run of the hostile image. It ends with its last attack, or with the first that got through."""
    from workshop import Workshop
    one = Workshop(tmp_path_factory.mktemp("hostile"))
    try:
        device = one.device(one.images(nonsecure="hostile"))
        device.start()
        device.wait("hostile: begin", BOOT_S)
        try:
            device.wait(r"hostile: done|[Ff]ault of|panic in", ATTACKS_S)
            lines = list(device.lines)
        except DeviceError as error:
            lines = [*device.lines, f"panic or silence: {error}"]
    finally:
        one.close()
    found = Answers()
    for line in lines:
        match = re.fullmatch(r"hostile: ([^:]+): (.*)", line)
        if match:
            found.setdefault(match[1], []).append(match[2])
    found.breakdowns = [line for line in lines if "panic" in line or "fault" in line.lower()]
    return found


def refused(answers, *attacks):
    assert not answers.breakdowns
    for attack in attacks:
        assert answers.get(attack), f"{attack}: not tried"
        wrong = [answer for answer in answers[attack] if answer != "ok"]
        assert not wrong, f"{attack}: {wrong}"


@pytest.mark.claim("spm.handles", "attack")
def test_forged_handles(answers):
    refused(answers, "forged handle", "connect to what is stateless", "connect to what is not there", "flood of connects",
            "version of a Secure-only service", "version of a service", "framework version")


@pytest.mark.claim("spm.args", "attack")
def test_counts_and_types(answers):
    refused(answers, "five inputs", "four inputs and an output", "255 inputs and 255 outputs", "a count beyond the word", "negative type",
            "type of a connect", "type beyond INT16_MAX")


@pytest.mark.claim("spm.args", "attack")
def test_pointers(answers):
    refused(answers, "input vectors elsewhere", "output vectors elsewhere", "input elsewhere", "output elsewhere", "input that wraps",
            "input over the end of RAM", "output that wraps", "output over the end of RAM", "misaligned vectors", "outputs that overlap")
    assert len(answers["output elsewhere"]) == 13


@pytest.mark.claim("spm.args", "attack")
def test_what_the_caller_may_not_write(answers):
    refused(answers, "output to read-only memory", "input from read-only memory", "get")


@pytest.mark.claim("spm.handler", "attack")
def test_tfmv_2_calls_from_a_handler(answers):
    """TFMV-2: a handler of the Non-secure world is turned away."""
    refused(answers, "version from a handler", "connect from a handler", "call from a handler", "call after that")


@pytest.mark.claim("spm.reentry", "attack")
def test_a_second_call_in_the_middle_of_the_first(answers):
    refused(answers, "second thread in the middle of a call", "second call is refused or whole", "first call does not notice")


@pytest.mark.claim("spm.args", "attack")
def test_vectors_that_change(answers):
    refused(answers, "vectors that change", "some of which are taken")


@pytest.mark.claim("spm.registers", "attack")
def test_registers_tell_nothing(answers):
    refused(answers, "registers after a call")


@pytest.mark.claim("spm.random", "property")
def test_random_calls(answers):
    refused(answers, "random calls leave the services usable", "and most were refused")
