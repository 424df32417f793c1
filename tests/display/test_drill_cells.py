"""The drill of every exercise, played in the panel on the program as shipped and on one with nothing in it."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.course.cells import evaluate, shipped_program
from lab_support.course.exercises import Exercise, catalogue
from lab_support.display.drill_cells import drill_views
from lab_support.errors import ProgramError


def empty(environment_suffix: str) -> None:
    """A program without resources."""


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_each_exercise_has_a_drill_that_any_program_can_be_played_in(exercise: Exercise) -> None:
    texts = [str(shown) for shown in drill_views(exercise, shipped_program(exercise))]
    assert texts[0].startswith("**Preview**")
    assert "emergency-alert-" in texts[1]
    assert len(list(drill_views(exercise, empty))) == len(texts)


def test_a_program_that_fails_stops_the_drill_at_the_preview(exercise: Exercise) -> None:
    def program(environment_suffix: str) -> None:
        raise ValueError("broken")

    shown = drill_views(exercise, program)
    assert str(next(shown)).startswith("**Preview**")
    with pytest.raises(ProgramError, match="broken"):
        next(shown)


class TestEvaluate:
    @pytest.mark.parametrize(
        ("source", "result"),
        [
            ("1 + 1", (2, "")),
            ("a = 3\na", (3, "")),
            ("a = 3", (None, "")),
            ("print('said')", (None, "said\n")),
            ("", (None, "")),
        ],
    )
    def test_it_gives_the_last_expression_and_what_was_printed(self, source: str, result: Any) -> None:
        assert evaluate(source, "<a cell>", {}) == result
