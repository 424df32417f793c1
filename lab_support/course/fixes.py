"""A solution with some places changed, for fixes of a program that is too long to be written out again and again.

    program = solution_with("06_code_review", ("multi_az=True,", "multi_az=False,"))

The result is the function `program` of the changed cells, so a file that says this is a whole fix: `lab check --with`
and `lab validate` take it like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab_support.course.cells import compiled, setup_names
from lab_support.course.exercises import SOLUTION, find_exercise


def solution_with(slug: str, *changes: tuple[str, str]) -> Callable[[str], Any]:
    """The program of a solution in which each first text is replaced by the second.

    Raises ValueError for a text that does not occur exactly once in the solution as changed so far, UnknownExercise,
    and what the changed cells raise.
    """
    exercise = find_exercise(slug)
    cells = exercise.sources(SOLUTION)
    for old, new in changes:
        places = [n for n, cell in enumerate(cells) if old in cell]
        count = sum(cell.count(old) for cell in cells)
        if count != 1:
            raise ValueError(f"this must occur once in the solution of {slug}, not {count} times: {old}")
        cells[places[0]] = cells[places[0]].replace(old, new)
    names = setup_names(exercise)
    for number, source in enumerate(cells, start=1):
        exec(compiled(source, f"<solution {number}>"), names)
    program: Callable[[str], Any] = names["program"]
    return program
