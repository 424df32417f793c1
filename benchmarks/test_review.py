"""How much longer a review takes than a preview. A second environment is previewed at the same time."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.comparison import Comparison, Target, in_turns, seconds_of
from lab_support.projects.project import read_project
from lab_support.review.program import review_program

SYSTEM = Path(__file__).parents[1] / "tests" / "whole_system.py"
RESOURCES = 75
ROUNDS = 7
READING = 5.0  # seconds in which a person reads, and the process for the next second preview gets ready


@pytest.mark.timeout(600)
def test_review_of_75_resources(benchmark: Any, keep: Callable[[Comparison], None]) -> None:
    def preview() -> None:
        read_project(SYSTEM, None, {}).preview(300)

    def preview_after_reading() -> float:
        time.sleep(READING)
        return seconds_of(preview)

    def review() -> None:
        assert review_program(SYSTEM).review.resources == RESOURCES

    ours, theirs = in_turns(benchmark, review, [preview_after_reading], rounds=ROUNDS)
    what = f"review of {RESOURCES} resources / its preview, both warm"
    keep(Comparison(Target.SIZE, what, ours, theirs, ROUNDS, 1.5))
