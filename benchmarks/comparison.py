"""Two things measured in turns, so that what else the machine does meets both; the result is a ratio of medians."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = 9


@dataclass(frozen=True)
class Comparison:
    """`ours` and `theirs` in seconds; `limit` is what their ratio is meant to stay under."""

    what: str
    ours: float
    theirs: float
    limit: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def compare(
    benchmark: Any,
    what: str,
    ours: Callable[[], Any],
    theirs: Callable[[], float],
    *,
    limit: float,
    rounds: int = ROUNDS,
) -> Comparison:
    """Runs `theirs` (which returns its seconds) and `ours` in turns, once each to warm up; keeps the ratio."""
    seconds: list[float] = []
    benchmark.pedantic(ours, setup=lambda: seconds.append(theirs()), rounds=rounds, warmup_rounds=1)
    found = Comparison(what, benchmark.stats.stats.median, statistics.median(seconds[1:]), limit)
    benchmark.extra_info.update(
        what=what,
        ours=found.ours,
        theirs=found.theirs,
        ratio=found.ratio,
        limit=limit,
        rounds_of_theirs=seconds[1:],
    )
    return found
