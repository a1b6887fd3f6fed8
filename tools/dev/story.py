# SPDX-License-Identifier: Apache-2.0
"""How `./dev run` tells its steps: each is executed and checked, and told in one line."""
import time
from dataclasses import dataclass, field

import common

GREEN, RED, DIM, PLAIN = ("\033[32m", "\033[31m", "\033[2m", "\033[0m") if common.IS_TERMINAL else ("", "", "", "")
BAR_WIDTH = 24


class StepFailed(Exception):
    """What a step had to show did not happen."""


def require(condition, what):
    if not condition:
        raise StepFailed(what)


@dataclass
class Told:
    """One step as it went."""
    number: int
    title: str
    facts: list = field(default_factory=list)
    held: bool = False
    seconds: float = 0.0


class Story:
    """Steps in order. A step is a function(scene, fact): it calls fact(text) for what it has shown and raises when it fails."""

    def __init__(self, steps, output=common.say):
        self.steps, self.output, self.told = steps, output, []

    def play(self, scene):
        """Run the steps until one fails. Return True when every step held."""
        for number, (title, step) in enumerate(self.steps, 1):
            told = Told(number, title)
            self.told.append(told)
            self.progress(told)
            started = time.monotonic()

            def fact(text, told=told):
                told.facts.append(text)
                self.progress(told)

            try:
                step(scene, fact)
                told.held = True
            except Exception as error:
                told.facts.append(f"{type(error).__name__}: {error}")
            told.seconds = time.monotonic() - started
            self.line(told)
            if not told.held:
                return False
        return True

    def progress(self, told):
        """The bar, on a terminal only; the line of the step overwrites it."""
        if common.IS_TERMINAL:
            done = BAR_WIDTH * (told.number - 1) // len(self.steps)
            now = told.facts[-1] if told.facts else told.title
            text = f"[{'#' * done}{'.' * (BAR_WIDTH - done)}] {told.number}/{len(self.steps)} {now}"
            print(f"\r\033[K{text[:120]}", end="", flush=True)

    def line(self, told):
        mark = f"{GREEN}ok  {PLAIN}" if told.held else f"{RED}FAIL{PLAIN}"
        clear = "\r\033[K" if common.IS_TERMINAL else ""
        self.output(f"{clear}{mark} {told.number} {told.title}: {'; '.join(told.facts)} {DIM}({told.seconds:.0f} s){PLAIN}")

    def summary(self):
        """The table of the steps; those that did not run are in it."""
        width = max(len(title) for title, _ in self.steps)
        rows = []
        for number, (title, _) in enumerate(self.steps, 1):
            told = self.told[number - 1] if number <= len(self.told) else None
            result = "did not run" if told is None else f"{'held' if told.held else 'FAILED':<6} {told.seconds:5.1f} s"
            rows.append(f"  {number}  {title:<{width}}  {result}")
        return "\n".join(rows)
