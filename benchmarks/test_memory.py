"""How much memory a learner's kernel holds after an exercise: run as shipped, repaired, checked, debriefed."""

import statistics
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.comparison import Comparison, Target
from benchmarks.kernel import kernel
from lab_support.course.exercises import CHECK, REVEAL, SOLUTION, Exercise, catalogue
from lab_support.course.notebooks import notebook

ROUNDS = 7
ALLOWED = 160.0  # MB
REVIEW = "06_code_review"


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
            for tag in (SOLUTION, CHECK, REVEAL):
                learner.run_all(exercise.sources(tag))
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
