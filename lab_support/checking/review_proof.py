"""The proof of generated reviews: each flaw alone raises exactly its finding, a distractor none, and drawn sets theirs.

course/reviews/stock.py explains flaws and distractors. All programs are judged as `lab check` judges them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, combinations, product

from lab_support.checking.judge import as_shipped, as_solved
from lab_support.checking.judge_pool import judge_all
from lab_support.checking.validation import Claim, Job, compare
from lab_support.course.exercises import Exercise
from lab_support.course.reviews import stock
from lab_support.course.reviews.generate import Spec, review

NAME = "reviews"
DRAWN = 4  # reviews of as many seeds are proved each time


def claims(seeds: Iterable[int] = range(DRAWN), *, pairs: bool = False) -> Iterator[Claim]:
    """The claims of the stock and of the reviews of these seeds; with `pairs` also of all pairs."""
    jobs = [*_alone(), *(_pairs() if pairs else ()), *_drawn(seeds)]
    rulings = judge_all([(exercise, job.cells) for exercise, job in jobs])
    for (_, job), ruling in zip(jobs, rulings, strict=True):
        yield compare(NAME, job, ruling)


def _alone() -> Iterator[tuple[Exercise, Job]]:
    for seed, flaw in enumerate(stock.flaws()):
        yield _flawed(Spec(seed, chosen=(flaw.name,)), f"{flaw.name} alone")
    for seed, distractor in enumerate(stock.distractors()):
        flaw = next(flaw for flaw in stock.flaws() if not flaw.conflicts_with(distractor))
        yield _solved(Spec(seed, chosen=(flaw.name, distractor.name)), f"{distractor.name} raises nothing")


def _pairs() -> Iterator[tuple[Exercise, Job]]:
    """Flaws of two kinds, and flaws with distractors."""
    flaws = [pair for pair in combinations(stock.flaws(), 2) if pair[0].finding != pair[1].finding]
    for seed, (one, other) in enumerate(chain(flaws, product(stock.flaws(), stock.distractors()))):
        if not one.conflicts_with(other):
            yield _flawed(Spec(seed, chosen=(one.name, other.name)), f"{one.name} with {other.name}")


def _drawn(seeds: Iterable[int]) -> Iterator[tuple[Exercise, Job]]:
    for seed in seeds:
        spec = Spec(seed)
        yield _flawed(spec, spec.slug)
        yield _solved(spec, f"{spec.slug} passes with its solution")


def _flawed(spec: Spec, what: str) -> tuple[Exercise, Job]:
    found = review(spec.slug)
    job = Job(f"{what} raises {', '.join(found.findings)}", as_shipped(found), "unchanged", found.findings)
    return found, job


def _solved(spec: Spec, what: str) -> tuple[Exercise, Job]:
    found = review(spec.slug)
    return found, Job(what, as_solved(found), "passed")
