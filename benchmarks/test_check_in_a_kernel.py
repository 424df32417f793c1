"""How long a learner waits for a verdict: an exercise's check cell, in a kernel that has run it before.

Measured from sending the cell to the end of its output. Every round first runs the program's cell, changed a little.
"""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine
from benchmarks.comparison import Comparison, Target, in_turns, seconds_of
from benchmarks.kernel import kernel
from benchmarks.programs import anew
from lab_support.course.exercises import CHECK, EXERCISE, SETUP, SOLUTION, Exercise, catalogue

ROUNDS = 9
REVIEW = "06_code_review"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_check_in_a_kernel(
    benchmark: Any, engine: BareEngine, exercise: Exercise, keep: Callable[[Comparison], None]
) -> None:
    (check,) = exercise.sources(CHECK)
    with kernel() as learner:
        learner.run_all(exercise.sources(SETUP))

        def shipped() -> float:
            learner.run_all(anew(exercise, EXERCISE))
            return seconds_of(lambda: learner.run(check, error="CheckFailed"))

        solved, failed, empty = in_turns(
            benchmark,
            lambda: learner.run(check),
            [shipped, engine.preview],
            rounds=ROUNDS,
            prepare=lambda: learner.run_all(anew(exercise, SOLUTION)),
        )
    # The review has eleven times as many resources; its cost is shown with the cost against size.
    limit = None if exercise.slug == REVIEW else 1.5
    for took, how in ((failed, "as shipped"), (solved, "solved")):
        keep(Comparison(Target.CHECK, f"{exercise.slug} {how} / empty preview", took, empty, ROUNDS, limit))
