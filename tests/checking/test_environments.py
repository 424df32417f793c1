"""The environments that a check tries: words that a program compares with are tried, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lab_support.checking.environments import ENVIRONMENTS, named_environments, unforeseen_environment
from lab_support.course.cells import shipped_program
from lab_support.course.exercises import catalogue


def in_a_cell(source: str) -> Callable[..., Any]:
    """A program in a namespace of its own, as a notebook's cell defines it."""
    names: dict[str, Any] = {}
    exec(compile(source, "<cell 1>", "exec"), names)
    program: Callable[..., Any] = names["program"]
    return program


@pytest.mark.parametrize(
    "condition",
    [
        'suffix != "sandbox"',
        '"sandbox" == suffix',
        'suffix not in ("dev", "sandbox")',
        'suffix in {"sandbox"}',
        'not (suffix == "prod" or suffix == "sandbox")',
    ],
)
def test_a_word_that_the_program_compares_with_is_tried(condition: str) -> None:
    assert named_environments(in_a_cell(f"def program(suffix):\n    return {condition}\n")) == ("sandbox",)


def test_so_is_one_in_a_function_beside_the_program() -> None:
    source = 'def big(name):\n    return name == "loadtest"\ndef program(suffix):\n    return big(suffix)\n'
    assert named_environments(in_a_cell(source)) == ("loadtest",)


def test_what_is_only_named_is_not_tried() -> None:
    assert (
        named_environments(in_a_cell('def program(suffix):\n    return "postgres", suffix + "-db"\n')) == ()
    )


def test_what_is_beside_the_program_in_an_exercise_is_not_tried() -> None:
    for exercise in catalogue():
        assert named_environments(shipped_program(exercise)) == (), exercise.slug


def test_those_that_are_not_tried_anyway_are_named() -> None:
    program = in_a_cell('def program(suffix):\n    return suffix == "staging"\n')
    assert named_environments(program, ("dev", "prod")) == ("staging",)


def test_the_usual_ones_are_not_named_again() -> None:
    assert named_environments(in_a_cell('def program(suffix):\n    return suffix == "prod"\n')) == ()


def test_there_are_at_most_three() -> None:
    words = ", ".join(f'"word{n}"' for n in range(9))
    assert len(named_environments(in_a_cell(f"def program(suffix):\n    return suffix in ({words})\n"))) == 3


def test_the_unforeseen_one_changes_with_the_program_and_not_with_the_run() -> None:
    one, again, other = (in_a_cell(f"def program(suffix):\n    return {n}\n") for n in (1, 1, 2))
    assert unforeseen_environment(one) == unforeseen_environment(again) != unforeseen_environment(other)
    assert unforeseen_environment(one) not in ENVIRONMENTS


def test_it_changes_with_what_the_program_is_made_of() -> None:
    source = (
        "class System:\n    def __init__(self):\n        self.size = {}\ndef program(suffix):\n    System()\n"
    )
    one, other = (in_a_cell(source.format(n)) for n in (1, 2))
    assert unforeseen_environment(one) != unforeseen_environment(other)
