"""How much memory a learner's kernel holds when an exercise is done, and how much it grows with each check."""

import statistics
from collections.abc import Callable
from typing import Any

import pytest
from psutil import Process

from benchmarks.comparison import Comparison, Target
from benchmarks.kernel import kernel
from benchmarks.programs import anew
from lab_support.checking.run_check import check_program
from lab_support.course.cells import program_of
from lab_support.course.exercises import (
    CHECK,
    SOLUTION,
    Exercise,
    catalogue,
    find_exercise,
)
from lab_support.course.notebooks import notebook

ROUNDS = 7
ALLOWED = 160.0  # MB
REVIEW = "06_code_review"
CHECKS = 200
ALLOWED_GROWTH = 20.0  # kB a check


@pytest.mark.timeout(900)
@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_memory_after_an_exercise(
    benchmark: Any, exercise: Exercise, keep: Callable[[Comparison], None]
) -> None:
    megabytes: list[float] = []

    def learns() -> None:
        with kernel() as learner:
            for cell in notebook(exercise)["cells"]:
                if cell["cell_type"] == "code":
                    is_check = CHECK in cell["metadata"].get("tags", [])
                    learner.run("".join(cell["source"]), error="CheckFailed" if is_check else "")
            for tag in (SOLUTION, CHECK):
                learner.run_all(exercise.sources(tag))
            learner.run("from lab_support import debrief; debrief(verdict)")
            megabytes.append(learner.megabytes)

    benchmark.pedantic(learns, rounds=ROUNDS, warmup_rounds=0)
    benchmark.extra_info.update(megabytes=megabytes)
    what = f"kernel after {exercise.slug} / {ALLOWED:g} MB"
    limit = None if exercise.slug == REVIEW else 1.0
    keep(Comparison(Target.MEMORY, what, statistics.median(megabytes), ALLOWED, ROUNDS, limit, unit="MB"))


def test_memory_of_a_bare_kernel(benchmark: Any, keep: Callable[[Comparison], None]) -> None:
    """Shows how much of the limit is left for the lab."""
    megabytes: list[float] = []

    def starts() -> None:
        with kernel() as bare:
            bare.run("1 + 1")
            megabytes.append(bare.megabytes)

    benchmark.pedantic(starts, rounds=ROUNDS, warmup_rounds=0)
    what = f"kernel that has done nothing / {ALLOWED:g} MB"
    keep(Comparison(Target.MEMORY, what, statistics.median(megabytes), ALLOWED, ROUNDS, unit="MB"))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("slug", ["01_stream_name", REVIEW])
def test_growth_with_each_check(benchmark: Any, slug: str, keep: Callable[[Comparison], None]) -> None:
    """Each check is of another program, as when somebody edits it; the first forty fill caches.

    In this process, because a kernel also keeps what it is sent.
    """
    exercise = find_exercise(slug)

    def checks(number: int) -> float:
        for _ in range(number):
            check_program(exercise, program_of(exercise, anew(exercise, SOLUTION)))
        return Process().memory_info().rss / 1e3

    before = checks(40)
    after = benchmark.pedantic(checks, args=(CHECKS,), rounds=1, warmup_rounds=0)
    benchmark.extra_info.update(kilobytes=[before, after])
    what = f"growth with each of {CHECKS} checks of {slug} / {ALLOWED_GROWTH:g} kB"
    growth = (after - before) / CHECKS
    keep(Comparison(Target.MEMORY, what, growth, ALLOWED_GROWTH, 1, limit=1.0, unit="kB"))
