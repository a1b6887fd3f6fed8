# SPDX-License-Identifier: Apache-2.0
"""The frame of ./dev run: it stops at the first step that does not hold, and says so."""
import pytest

import story


def told(steps):
    lines = []
    play = story.Story(steps, lines.append)
    return play.play(None), lines, play.summary()


@pytest.mark.claim("run.honest", "property")
def test_all_steps_hold():
    held, lines, summary = told([("one", lambda scene, fact: fact("shown")), ("two", lambda scene, fact: None)])
    assert held and len(lines) == 2 and "ok" in lines[0] and "shown" in lines[0]
    assert summary.count("held") == 2


@pytest.mark.claim("run.honest", "property")
@pytest.mark.parametrize("error", [story.StepFailed("no confirm"), OSError("gone"), AssertionError("x")])
def test_a_failure_stops_the_story(error):
    def fails(scene, fact):
        fact("so far")
        raise error

    held, lines, summary = told([("one", fails), ("two", lambda scene, fact: fact("never"))])
    assert not held and len(lines) == 1
    assert "FAIL" in lines[0] and "so far" in lines[0] and str(error) in lines[0]
    assert "FAILED" in summary and "did not run" in summary


@pytest.mark.claim("run.honest", "property")
def test_require():
    story.require(True, "fine")
    with pytest.raises(story.StepFailed, match="what was missing"):
        story.require(False, "what was missing")
