"""How the cost of a preview grows with the number of resources: 1 to 1,000 small, independent ones."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine
from benchmarks.comparison import Comparison, Target, in_turns, seconds_of
from benchmarks.programs import of_size
from lab_support import preview

SMALL = (1, 10, 75, 300)
LARGE = 1000
# Seconds for a program of 1,000 above which 7 rounds would take too long.
PATIENCE = 5.0


def seconds_for(resources: int) -> Callable[[], float]:
    program = of_size(resources)

    def measured() -> float:
        return seconds_of(lambda: preview(program, "dev"))

    return measured


@pytest.mark.timeout(3600)
def test_cost_against_size(benchmark: Any, engine: BareEngine, keep: Callable[[Comparison], None]) -> None:
    large = of_size(LARGE)
    assert len(list(preview(of_size(3), "dev"))) == 3

    def ours() -> None:
        preview(large, "dev")

    rounds = 7 if seconds_for(300)() * LARGE / 300 < PATIENCE else 3
    others = [engine.preview, *map(seconds_for, SMALL)]
    t1000, empty, t1, t10, t75, t300 = in_turns(benchmark, ours, others, rounds=rounds)

    def add(what: str, ours: float, theirs: float, limit: float | None = None) -> None:
        keep(Comparison(Target.SIZE, what, ours, theirs, rounds, limit))

    add("preview of 1 resource / empty preview", t1, empty)
    add("preview of 10 / empty preview", t10, empty)
    add("preview of 75 / 1.5 × empty preview + 5 ms each", t75, 1.5 * empty + 0.005 * 75, 1.0)
    add("preview of 300 / empty preview", t300, empty)
    add("preview of 1,000 / empty preview", t1000, empty, 32)
    # Part of a small program's work overlaps with the start of the CLI, so this one has no limit.
    add("from 75 to 300 / what 1 to 75 predicts", t300 - t75, (t75 - t1) * 225 / 74)
    add("from 75 to 1,000 / what 75 to 300 predicts", t1000 - t75, (t300 - t75) * 925 / 225, 1.3)
