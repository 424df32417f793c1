"""A program that depends on the clock or on chance is told so; one that only stamps what it makes is not."""

from __future__ import annotations

import datetime
import random
import time
from typing import Any

import pytest

from lab_support.checking.reached import reached_by
from lab_support.checking.repeatability import SHIFTS, at_another_time, may_vary
from lab_support.course.cells import shipped_program
from lab_support.course.exercises import Exercise, catalogue


def program_of(imports: str, expression: str) -> Any:
    names: dict[str, Any] = {"__name__": "learner"}
    exec(compile(f"{imports}\ndef program(suffix):\n    return {expression}\n", "<cell 1>", "exec"), names)
    return names["program"]


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("from datetime import datetime", "datetime.now().hour < 12"),
        ("import datetime", "datetime.datetime.now().hour < 12"),
        ("import datetime as clock", "clock.datetime.utcnow().hour < 12"),
        ("from datetime import UTC, datetime", "datetime.now(UTC).hour < 12"),
        ("import time", "time.localtime().tm_hour < 12"),
        ("from time import time", "int(time()) // 43_200 % 2 == 0"),
        ("", "__import__('time').localtime().tm_hour < 12"),
    ],
)
def test_a_program_that_asks_for_the_half_of_the_day_gets_the_other_one(
    imports: str, expression: str
) -> None:
    program = program_of(imports, expression)
    now = program("dev")
    with at_another_time(program, SHIFTS[0]):
        assert program("dev") != now
    assert program("dev") == now


def test_the_clock_of_everybody_else_is_right() -> None:
    with at_another_time(program_of("import time", "time.time()"), 1e6):
        assert abs(time.time() - datetime.datetime.now().timestamp()) < 5


def test_random_numbers_continue_as_they_would_have() -> None:
    random.seed(1)
    expected = [random.random() for _ in range(2)]
    random.seed(1)
    first = random.random()
    with at_another_time(program_of("import random", "random.random()"), 5):
        random.random()
    assert [first, random.random()] == expected


@pytest.mark.parametrize(
    "source",
    [
        "random.random() < 0.5",
        "uuid.uuid4().int % 2",
        "time.time() > 5",
        "id(suffix) % 2",
        "hash(suffix) % 2",
    ],
)
def test_a_program_that_names_a_clock_or_chance_may_vary(source: str) -> None:
    assert may_vary(reached_by(program_of("import random, time, uuid", source)))


def test_another_one_does_not() -> None:
    assert not may_vary(reached_by(program_of("", "suffix + '-db'")))


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_the_program_of_an_exercise_is_previewed_only_once(exercise: Exercise) -> None:
    assert not may_vary(reached_by(shipped_program(exercise)))
