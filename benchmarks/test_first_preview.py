"""What the first preview in a fresh kernel costs, compared with later ones.

Three cases: with all of the program's imports done, which shows what the engine and the account need to start; after
the import cell and some reading; and at once, as with Run All.
"""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from benchmarks.comparison import Comparison, Target, in_turns, seconds_of
from benchmarks.kernel import Kernel, kernel
from lab_support.course.exercises import EXERCISE, SETUP, find_exercise

SLUG = "02_database_zone"
ROUNDS = 7
READING = 5.0  # seconds; the exercise's first page takes a minute
PREVIEW = "plan = preview(program, 'dev')"
PROGRAM = "\n".join(find_exercise(SLUG).sources(EXERCISE))
# Touching a class loads its module: pulumi_aws is lazy.
IMPORTS = "\n".join(sorted(set(re.findall(r"aws\.\w+\.[A-Z]\w+", PROGRAM))))


def imports(learner: Kernel) -> None:
    learner.run(IMPORTS)


def reads(learner: Kernel) -> None:
    time.sleep(READING)


def at_once(learner: Kernel) -> None:
    """Does nothing: Run All does not wait."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("meanwhile", "what", "limit"),
    [
        (imports, "first preview, imports done / warm one", 1.5),
        (reads, f"first preview after {READING:g} s of reading / warm one", None),
        (at_once, "first preview by Run All, imports and all / warm one", None),
    ],
    ids=["imports done", "after reading", "Run All"],
)
def test_first_preview(
    benchmark: Any,
    meanwhile: Callable[[Kernel], None],
    what: str,
    limit: float | None,
    keep: Callable[[Comparison], None],
) -> None:
    fresh: list[Kernel] = []
    ends = ExitStack()

    @contextmanager
    def started() -> Iterator[Kernel]:
        with kernel() as learner:
            learner.run_all(find_exercise(SLUG).sources(SETUP))
            learner.run(PROGRAM)
            meanwhile(learner)
            yield learner

    def prepare() -> None:
        fresh[:] = [ends.enter_context(started())]

    def warm_of_the_last() -> float:
        """Previews after the first one of the last round; before the first round there are none."""
        if not fresh:
            return 0.0
        took = [seconds_of(lambda: fresh[0].run(PREVIEW)) for _ in range(3)]
        ends.close()
        return statistics.median(took)

    with ends:
        first, warm = in_turns(
            benchmark, lambda: fresh[0].run(PREVIEW), [warm_of_the_last], rounds=ROUNDS, prepare=prepare
        )
    keep(Comparison(Target.FIRST, what, first, warm, ROUNDS, limit))
