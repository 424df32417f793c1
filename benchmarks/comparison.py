"""Two things measured in turns, so that what else the machine does meets both; the result is a ratio of medians."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ROUNDS = 9


class Target(StrEnum):
    """What the lab promises; the table is told in this order."""

    CHECK = "A warm check in a kernel"
    FIRST = "The first preview in a fresh kernel"
    COLD = "lab check from a cold shell"
    SIZE = "Cost against size"
    MEMORY = "Resident memory of a learner's kernel"
    PROOFS = "Test suite and lab validate"
    OTHERS = "Beside what people use instead"


@dataclass(frozen=True)
class Comparison:
    """Medians of `ours` and `theirs` in the same unit; `limit` is what their ratio is meant to stay under.

    Without a limit, the figure is there to be known.
    """

    target: Target
    what: str
    ours: float
    theirs: float
    rounds: int
    limit: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def met(self) -> bool | None:
        return None if self.limit is None else self.ratio <= self.limit


def seconds_of(work: Callable[[], Any]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(
    benchmark: Any,
    ours: Callable[[], Any],
    others: Sequence[Callable[[], float]],
    *,
    rounds: int = ROUNDS,
    prepare: Callable[[], Any] | None = None,
) -> tuple[float, ...]:
    """The median of `ours` and those of `others`, which return their own seconds; all once more before, to warm up.

    `prepare` comes right before each turn of `ours` and is not part of it.
    """
    seconds: list[list[float]] = [[] for _ in others]

    def turn() -> None:
        for each, kept in zip(others, seconds, strict=True):
            kept.append(each())
        if prepare is not None:
            prepare()

    benchmark.pedantic(ours, setup=turn, rounds=rounds, warmup_rounds=1)
    kept = [each[1:] for each in seconds]
    benchmark.extra_info.update(rounds_of_others=kept)
    return (benchmark.stats.stats.median, *map(statistics.median, kept))


def compare(
    benchmark: Any,
    target: Target,
    what: str,
    ours: Callable[[], Any],
    theirs: Callable[[], float],
    *,
    limit: float | None = None,
    rounds: int = ROUNDS,
) -> Comparison:
    """`ours` beside one other, which returns its own seconds."""
    mine, others = in_turns(benchmark, ours, [theirs], rounds=rounds)
    return Comparison(target, what, mine, others, rounds, limit)
