"""No cheat earns a pass, breaks the grader, or changes what another program earns."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psutil
import pytest

from lab_support.checking.grading.bubblewrap import problem_of_bubblewrap
from lab_support.checking.grading.pool import Graded, Pool, graded, open_pool
from lab_support.checking.judge import as_shipped, as_solved
from lab_support.course.exercises import find_exercise
from tests.checking.grading.cheats import CHEATS, Cheat
from tests.programs import SLUG

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        bool(problem_of_bubblewrap()), reason="needs bubblewrap (Debian: apt-get install bubblewrap)"
    ),
]
HONEST = 3  # solutions that are graded beside the cheats


def cells_of(cheat: Cheat) -> list[str]:
    """The program of a cheat, as one cell."""
    exercise = find_exercise(SLUG)
    bad, good = (source[0].replace("def program(", f"def {name}(") for name, source in (
        ("bad", as_shipped(exercise)), ("good", as_solved(exercise))))  # fmt: skip
    return [f"{good}\n\n\n{bad}\n\n\nprogram = bad\n{cheat.code}"]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with open_pool([SLUG]) as pool:
        yield pool


@pytest.fixture(scope="module")
def results(pool: Pool) -> dict[str, Graded]:
    """What every cheat gets, and honest programs between them."""
    honest = as_solved(find_exercise(SLUG))
    jobs: list[tuple[str, list[str]]] = [(cheat.name, cells_of(cheat)) for cheat in CHEATS]
    for number in range(HONEST):
        jobs.insert(number * len(jobs) // HONEST + 5, (f"honest {number}", honest))

    # Most that can only be a program error run until their limit, and then until twice that.
    limits = {cheat.name: 4.0 if cheat.outcomes == ("program-error",) else 20.0 for cheat in CHEATS}

    def grade(job: tuple[str, list[str]]) -> Graded:
        name, cells = job
        limit = limits.get(name, 60.0)
        request = {"do": "grade", "slug": SLUG, "cells": cells, "seed": 7, "time_limit": limit}
        return graded(pool.ask, request)

    names = [name for name, _ in jobs]
    return dict(zip(names, pool.map(grade, jobs), strict=True))


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_no_cheat_earns_a_pass(cheat: Cheat, results: dict[str, Graded]) -> None:
    ruling = results[cheat.name].ruling
    assert ruling.outcome in cheat.outcomes, ruling
    assert ruling.points == 0
    assert ruling.outcome == "failed" or ruling.message


@pytest.mark.parametrize("number", range(HONEST))
def test_an_honest_program_beside_cheats_still_passes(number: int, results: dict[str, Graded]) -> None:
    assert results[f"honest {number}"].ruling.outcome == "passed", results[f"honest {number}"].ruling


def test_an_honest_program_after_all_cheats_still_passes(pool: Pool, results: dict[str, Graded]) -> None:
    assert results
    cells = as_solved(find_exercise(SLUG))
    request = {"do": "grade", "slug": SLUG, "cells": cells, "seed": 8, "time_limit": 60.0}
    for _ in range(pool.size):
        assert graded(pool.ask, request).ruling.outcome == "passed"


def test_no_process_of_a_cheat_is_left(results: dict[str, Graded]) -> None:
    assert results
    if os.geteuid() != 0:
        pytest.skip("only root's sandbox gives programs a user of their own")
    left = [
        process
        for process in psutil.process_iter(["uids", "cmdline"])
        if process.info["uids"].real >= 100_000
    ]
    assert left == []
