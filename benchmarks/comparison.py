"""Measures two things alternately, so that other load on the machine affects both; the result is a ratio of medians."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ROUNDS = 9


class Target(StrEnum):
    """The performance targets, in the order of the table."""

    CHECK = "A warm check in a kernel"
    FIRST = "The first preview in a fresh kernel"
    COLD = "lab check from a cold shell"
    SIZE = "Cost against size"
    MEMORY = "Resident memory of a learner's kernel"
    PROOFS = "Test suite and lab validate"
    OTHERS = "Compared with other tools"


@dataclass(frozen=True)
class Comparison:
    """Medians of `ours` and `theirs` in the same unit; their ratio should stay at or below `limit`.

    Without a limit, the figure is for information.
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
    """The seconds that a call takes."""
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
    """The medians of `ours` and of `others`, which return their own seconds. One more round comes first, as warm-up.

    `prepare` runs before each turn of `ours` and is not measured.
    """
    seconds: list[list[float]] = [[] for _ in others]

    def turn() -> None:
        for other, kept in zip(others, seconds, strict=True):
            kept.append(other())
        if prepare is not None:
            prepare()

    benchmark.pedantic(ours, setup=turn, rounds=rounds, warmup_rounds=1)
    kept = [times[1:] for times in seconds]
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
    """Compares `ours` with `theirs`, which returns its own seconds."""
    mine, others = in_turns(benchmark, ours, [theirs], rounds=rounds)
    return Comparison(target, what, mine, others, rounds, limit)
