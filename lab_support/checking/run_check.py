"""Runs an exercise's own check on a program."""

from __future__ import annotations

from typing import Any

from lab_support.checking.check import Check
from lab_support.checking.verdict import CheckFailed
from lab_support.course.cells import compiled, setup_names
from lab_support.course.exercises import CHECK, Exercise
from lab_support.reporting import quietly


def check_program(exercise: Exercise, program: Any) -> Check:
    """The verdict of the exercise's check on a program, passed or not; nothing is shown.

    Raises ProgramError if the program fails, and InternalError if the check itself does.
    """
    names = setup_names(exercise)
    names["program"] = program
    try:
        with quietly():
            for source in exercise.sources(CHECK):
                exec(compiled(source, f"<{exercise.slug} check>"), names)
    except CheckFailed as failed:
        verdict = failed.verdict
    else:
        verdict = names["verdict"]
    assert isinstance(verdict, Check)
    return verdict
