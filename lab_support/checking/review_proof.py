"""The proof of generated reviews: each flaw alone raises exactly its finding, a distractor none, and drawn sets theirs.

What a flaw or distractor is, stock.py says. All programs are judged as `lab check` judges them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from lab_support.checking.judge_pool import judge_all
from lab_support.checking.validation import Claim
from lab_support.course.exercises import EXERCISE, SOLUTION, Exercise
from lab_support.course.reviews import stock
from lab_support.course.reviews.generate import Spec, review

NAME = "reviews"
DRAWN = 4  # reviews of as many seeds are proved each time


@dataclass(frozen=True)
class _Job:
    what: str
    exercise: Exercise
    is_solved: bool
    findings: tuple[str, ...]


def claims(seeds: Iterable[int] = range(DRAWN), *, pairs: bool = False) -> Iterator[Claim]:
    """The claims of the stock and of the reviews of these seeds; with `pairs` also of all pairs of flaws."""
    jobs = [*_alone(), *(_pairs() if pairs else ()), *_drawn(seeds)]
    rulings = judge_all(
        [(job.exercise, job.exercise.sources(SOLUTION if job.is_solved else EXERCISE)) for job in jobs]
    )
    for job, ruling in zip(jobs, rulings, strict=True):
        outcome = "passed" if job.is_solved else "unchanged"
        holds = ruling.outcome == outcome and set(ruling.finding_ids) == set(job.findings)
        saw = f"{ruling.outcome} {', '.join(ruling.finding_ids)}".strip()
        if not holds and ruling.text:
            saw += "\n" + "\n".join(f"          {line}" for line in ruling.text.splitlines()[:12])
        yield Claim(NAME, job.what, holds, saw)


def _alone() -> Iterator[_Job]:
    for seed, flaw in enumerate(stock.flaws()):
        found = review(Spec(seed, chosen=(flaw.name,)).slug)
        yield _Job(f"{flaw.name} alone raises {flaw.finding}", found, False, (flaw.finding,))
    for seed, distractor in enumerate(stock.distractors()):
        flaw = next(flaw for flaw in stock.flaws() if not flaw.conflicts_with(distractor))
        found = review(Spec(seed, chosen=(flaw.name, distractor.name)).slug)
        yield _Job(f"{distractor.name} raises nothing", found, True, ())


def _pairs() -> Iterator[_Job]:
    for seed, (one, other) in enumerate(combinations(stock.flaws(), 2)):
        if one.finding != other.finding and not one.conflicts_with(other):
            found = review(Spec(seed, chosen=(one.name, other.name)).slug)
            both = (one.finding, other.finding)
            yield _Job(f"{one.name} and {other.name} raise {', '.join(both)}", found, False, both)


def _drawn(seeds: Iterable[int]) -> Iterator[_Job]:
    for seed in seeds:
        found = review(Spec(seed).slug)
        findings = tuple(found.severities)
        yield _Job(f"{found.slug} raises {', '.join(findings)}", found, False, findings)
        yield _Job(f"{found.slug} passes with its solution", found, True, ())
