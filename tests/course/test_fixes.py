"""A solution with some places changed: each place must be there once, and the result is a program like any other."""

from __future__ import annotations

import pytest

from lab_support.checking.environments import named_environments
from lab_support.course.exercises import UnknownExercise
from lab_support.course.fixes import solution_with
from lab_support.program_code import source_of
from tests.programs import SLUG, changed, solved


def test_without_a_change_it_is_the_solution() -> None:
    assert source_of(solution_with(SLUG)) == solved()


def test_changes_come_one_after_the_other() -> None:
    program = solution_with(
        SLUG, ("multi_az=True", "multi_az=MANY"), ("MANY", 'environment_suffix != "small"')
    )
    assert source_of(program) == changed(solved(), "multi_az=True", 'multi_az=environment_suffix != "small"')
    assert named_environments(program) == ("small",)


@pytest.mark.parametrize(("old", "count"), [("multi_az=False", 0), ("tags=tags", 5)])
def test_a_place_that_is_not_there_once_is_an_error(old: str, count: int) -> None:
    with pytest.raises(ValueError, match=rf"once in the solution of {SLUG}, not {count} times: {old}"):
        solution_with(SLUG, (old, "x"))


def test_a_change_over_several_lines() -> None:
    program = solution_with(SLUG, ("        multi_az=True,\n        publicly_accessible=False,\n", ""))
    assert "multi_az" not in str(source_of(program))


def test_what_the_changed_cells_raise_is_raised() -> None:
    with pytest.raises(SyntaxError):
        solution_with(SLUG, ("multi_az=True", "multi_az="))
    with pytest.raises(UnknownExercise):
        solution_with("99")
