"""A learner's own reviews: making a new one, and those that were made so far.

new_review()           # of the usual size; "short" and "long" are others
show(my_reviews())
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab_support.course import coach, progress
from lab_support.course.exercises import REVIEW, UnknownExercise, find_exercise
from lab_support.course.notebooks import notebook, text_of
from lab_support.course.progress import Entry
from lab_support.course.reviews.generate import Spec

# Flaws and distractors of a review of each size.
SIZES: Final[Mapping[str, tuple[int, int]]] = {"short": (3, 1), "usual": (5, 3), "long": (8, 6)}


@dataclass(frozen=True)
class OwnReview:
    """A review whose notebook the learner has, with the points so far; `passed_at` is empty until the pass."""

    slug: str
    title: str
    points: int
    of: int
    checks: int
    passed_at: str


def new_seed() -> int:
    """A seed for a review that nobody has seen."""
    return secrets.randbelow(10**6)


def new_review(size: str = "usual", seed: int | None = None) -> OwnReview:
    """Writes the notebook of a review, by chance or by a seed. Raises ValueError for a size that there is not."""
    if size not in SIZES:
        raise ValueError(f"a review is {', '.join(SIZES)}, not {size!r}")
    flaws, distractors = SIZES[size]
    spec = Spec(new_seed() if seed is None else seed, flaws, distractors)
    write(spec, coach.folder())
    return _own(spec.slug, progress.read(coach.folder()).get(spec.slug, Entry()))


def write(spec: Spec, folder: Path) -> bool:
    """Writes the notebook of a review into a folder, unless it is there already; returns whether it was new."""
    path = folder / f"{spec.slug}.ipynb"
    if path.exists():
        return False
    folder.mkdir(exist_ok=True)
    path.write_text(text_of(notebook(find_exercise(spec.slug))), encoding="utf-8")
    return True


def my_reviews() -> tuple[OwnReview, ...]:
    """The reviews whose notebooks are beside the exercises, by name; those of another stock are left out."""
    entries = progress.read(coach.folder())
    found = []
    for path in sorted(coach.folder().glob(f"{REVIEW}*.ipynb")):
        try:
            found.append(_own(path.stem, entries.get(path.stem, Entry())))
        except UnknownExercise:
            continue
    return tuple(found)


def _own(slug: str, entry: Entry) -> OwnReview:
    exercise = find_exercise(slug)
    return OwnReview(slug, exercise.title, entry.points, exercise.points, entry.checks, entry.passed_at)
