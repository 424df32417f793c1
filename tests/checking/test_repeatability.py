"""A program that depends on the clock or on chance is told so; one that only stamps what it makes is not."""

from __future__ import annotations

import datetime
import random
import time
from pathlib import Path
from typing import Any

import pulumi
import pytest

from lab_support.checking.environments import ENVIRONMENTS
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


@pytest.mark.parametrize(
    ("imports", "expression"),
    [
        ("import pulumi", "pulumi.runtime.is_dry_run()"),
        ("from pulumi import runtime", "runtime.is_dry_run()"),
        ("from pulumi.runtime import is_dry_run", "is_dry_run()"),
    ],
)
def test_a_program_that_asks_whether_it_is_previewed_is_tried_as_if_it_were_not(
    imports: str, expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    program = program_of(imports, expression)
    assert may_vary(reached_by(program))
    with at_another_time(program, SHIFTS[0]):
        assert program("dev") is False
    assert program("dev") is True


# Some shift changes the answer of each of these at any time of the day and in any year.
VARYING = [
    ("import os", "os.getpid() % 2"),
    ("from os import getpid", "getpid() % 2"),
    ("import time", "time.monotonic() % 2 < 1"),
    ("import time", "time.perf_counter_ns() % 2"),
    ("import time", "time.ctime()[11:13] < '12'"),
    ("import time", "time.clock_gettime(0) % 86_400 < 43_200"),
    ("from time import time as seconds", "seconds() % 86_400 < 43_200"),
    ("import time", "time.localtime().tm_year < 2035"),
    ("from datetime import date", "date.today() < date(2035, 1, 1)"),
    ("from datetime import date as day", "day.today().weekday() < 5"),
    ("from datetime import datetime", "datetime.now().month not in (1, 2, 3, 4, 5, 6)"),
    ("from datetime import datetime", "datetime.now().minute < 30"),
    ("from datetime import datetime", "datetime.now().second < 45"),
    ("import random", "random.random() < 0.999"),
    ("from random import randint as draw", "draw(0, 1000) < 1000"),
    ("import random", "random.choice(range(1000)) > 0"),
    ("", "hash(suffix) % 2"),
    ("", "id(suffix) // 16 % 2"),
]


@pytest.mark.parametrize(("imports", "expression"), VARYING)
def test_what_depends_on_the_clock_or_on_chance_answers_otherwise_in_some_shift(
    imports: str, expression: str
) -> None:
    program = program_of(imports, f"bool({expression})")
    assert may_vary(reached_by(program))
    before = [program(environment) for environment in ENVIRONMENTS]
    differs = False
    for shift in SHIFTS:
        with at_another_time(program, shift):
            differs |= [program(environment) for environment in ENVIRONMENTS] != before
    assert differs


def test_names_that_a_program_does_not_have_are_gone_afterwards() -> None:
    program = program_of("", "hash(suffix)")
    before = set(program.__globals__)
    with at_another_time(program, SHIFTS[0]):
        program("dev")
    assert set(program.__globals__) == before


def test_a_helper_of_the_users_reads_the_same_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_clock.py").write_text(
        "import time\ndef hour():\n    return time.localtime().tm_hour\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    program = program_of("from own_clock import hour", "hour() < 12")
    now = program("dev")
    with at_another_time(program, SHIFTS[0]):
        assert program("dev") != now


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
