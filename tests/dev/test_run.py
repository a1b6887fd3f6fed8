# SPDX-License-Identifier: Apache-2.0
"""./dev run: its exit status, and who gets the device afterwards. The steps themselves are played by ./dev run."""
import sys

import common
import pytest

import run
import story


class Stage:
    """A scene without a device."""
    folder = device = None

    def __init__(self, folder):
        self.open = False

    def __enter__(self):
        self.open = True
        return self

    def __exit__(self, *_):
        self.open = False


@pytest.fixture
def play(monkeypatch, tmp_path):
    """play(holds, *options) -> (exit status, was the device handed over while it ran?)."""
    handed = []

    def play(holds, *options):
        monkeypatch.setattr(run.scene, "STEPS", [("only step", lambda stage, fact: story.require(holds, "it broke"))])
        monkeypatch.setattr(run.scene, "Scene", Stage)
        monkeypatch.setattr(run, "FOLDER", common.BUILD / "test" / tmp_path.name)
        monkeypatch.setattr(run.common, "firmware", lambda *_: None)
        monkeypatch.setattr(run, "interact", lambda stage: handed.append(stage.open))
        monkeypatch.setattr(sys, "argv", ["run", *options])
        with pytest.raises(SystemExit) as end:
            run.main()
        return end.value.code, handed

    return play


@pytest.mark.claim("run.honest", "functional")
@pytest.mark.parametrize("holds, options, expected", [
    (True, [], (0, [])),
    (True, ["--interactive"], (0, [True])),
    (False, [], (1, [])),
    (False, ["--interactive"], (1, [])),
])
def test_the_device_is_handed_over_only_when_all_held(play, holds, options, expected):
    assert play(holds, *options) == expected
