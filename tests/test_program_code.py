"""The source of a program: the cells that define it and its helpers, and nothing else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from lab_support.course.cells import compiled, shipped_program
from lab_support.course.exercises import EXERCISE, find_exercise
from lab_support.program_code import source_of

PART = "class Part:\n    def __init__(self, name):\n        self.name = name"
SYSTEM = "class System(Part):\n    def size(self):\n        return helped(3)"
HELPER = "def helped(number):\n    return number"
PROGRAM = "def program(suffix):\n    return System(suffix).size()"


def program_of(*cells: str) -> Callable[..., Any]:
    """The program of these cells, run one after the other in one namespace."""
    names: dict[str, Any] = {}
    for number, cell in enumerate(cells, start=1):
        exec(compiled(cell, f"<test_program_source {number}>"), names)
    program: Callable[..., Any] = names["program"]
    return program


def test_the_source_of_a_program_in_one_cell_is_the_cell() -> None:
    assert source_of(program_of(PART, HELPER, "\ndef program(suffix): ...\n")) == "def program(suffix): ..."


def test_cells_of_its_classes_functions_and_bases_come_before_the_program() -> None:
    assert source_of(program_of(HELPER, PART, SYSTEM, PROGRAM)) == "\n\n".join(
        [PART, HELPER, SYSTEM, PROGRAM]
    )


def test_a_cell_that_was_run_again_counts_in_its_new_form() -> None:
    again = SYSTEM.replace("3", "4")
    text = source_of(program_of(HELPER, PART, SYSTEM, PROGRAM, again))
    assert text is not None
    assert again in text
    assert SYSTEM not in text


def test_cells_that_call_each_other_are_included_once() -> None:
    one, other = "def one():\n    return program(1)", "def program(suffix):\n    return one()"
    assert source_of(program_of(one, other)) == f"{one}\n\n{other}"


def test_a_decorated_program_is_found() -> None:
    cell = "import functools\n@functools.cache\ndef program(suffix): ..."
    assert source_of(program_of(cell)) == cell


def test_the_cells_of_an_exercise_keep_their_order() -> None:
    exercise = find_exercise("06_code_review")
    assert source_of(shipped_program(exercise)) == "\n\n".join(exercise.sources(EXERCISE))


@pytest.mark.parametrize("thing", [None, 3, len, functools.partial(print), "def program(): ..."])
def test_objects_without_source_have_none(thing: Any) -> None:
    assert source_of(thing) is None
