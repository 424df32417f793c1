"""A learner's own reviews: making a new one, and those that were made so far.

new_review()           # of the usual size; "short" and "long" are others
show(my_reviews())     # with the kinds of flaws that the notes of passed reviews missed
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lab_support.course import coach, progress
from lab_support.course.exercises import REVIEW, Exercise, UnknownExercise, find_exercise
from lab_support.course.learner_notebook import notes_in
from lab_support.course.notebooks import notebook, text_of
from lab_support.course.notes import compare, read_notes
from lab_support.course.progress import Entry
from lab_support.course.reviews.generate import Spec
from lab_support.errors import BriefError

# Flaws and distractors of a review of each size.
SIZES: Final[Mapping[str, tuple[int, int]]] = {"short": (3, 1), "usual": (5, 3), "long": (8, 6)}


@dataclass(frozen=True)
class OwnReview:
    """A review whose notebook the learner has, with the points so far.

    `made_at` and `passed_at` are ISO times in UTC; the latter is empty until the pass, the former where it is not
    known. `noted` and `missed` are the kinds of flaws that the learner's notes name, and do not; both are empty before
    the pass, and where there are no notes.
    """

    slug: str
    title: str
    flaws: int
    points: int
    of: int
    checks: int
    made_at: str
    passed_at: str
    noted: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def minutes(self) -> int | None:
        """How long after it was made it was passed; None where that is not known."""
        if not (self.made_at and self.passed_at):
            return None
        taken = datetime.fromisoformat(self.passed_at) - datetime.fromisoformat(self.made_at)
        return round(taken.total_seconds() / 60)


def new_seed() -> int:
    """A seed for a review that nobody has seen."""
    return secrets.randbelow(10**6)


def new_review(size: str = "usual", seed: int | None = None) -> OwnReview:
    """Writes the notebook of a review, with this seed or a random one. Raises ValueError for an unknown size."""
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
    progress.record_made(spec.slug, folder)
    return True


def my_reviews() -> tuple[OwnReview, ...]:
    """The reviews whose notebooks are beside the exercises, the newest first; those that this course cannot generate
    are left out."""
    entries = progress.read(coach.folder())
    found = []
    for path in sorted(coach.folder().glob(f"{REVIEW}*.ipynb")):
        try:
            found.append(_own(path.stem, entries.get(path.stem, Entry())))
        except UnknownExercise:
            continue
    return tuple(sorted(found, key=lambda review: review.made_at, reverse=True))


def missed_kinds(reviews: Iterable[OwnReview]) -> list[tuple[str, int, int]]:
    """The kinds of flaws that notes missed, the most frequent first: the finding, how often it was missed, and how
    often it was there."""
    reviews = list(reviews)
    missed = Counter(kind for review in reviews for kind in review.missed)
    there = Counter(kind for review in reviews for kind in (*review.noted, *review.missed))
    return [(kind, count, there[kind]) for kind, count in missed.most_common()]


def _own(slug: str, entry: Entry) -> OwnReview:
    exercise = find_exercise(slug)
    noted, missed = _compared(exercise) if entry.passed else ((), ())
    return OwnReview(
        slug=slug,
        title=exercise.title,
        flaws=len(exercise.severities),
        points=entry.points,
        of=exercise.points,
        checks=entry.checks,
        made_at=entry.made_at,
        passed_at=entry.passed_at,
        noted=noted,
        missed=missed,
    )


def _compared(exercise: Exercise) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of flaws that the notes in the learner's notebook name, and those that they miss."""
    try:
        notes = read_notes(notes_in(coach.folder() / f"{exercise.slug}.ipynb"))
    except (ValueError, BriefError):
        return (), ()
    if not notes:
        return (), ()
    comparison = compare(exercise, notes)
    missed = {answer.finding for answer in comparison.missed}
    kinds = exercise.severities
    return tuple(kind for kind in kinds if kind not in missed), tuple(
        kind for kind in kinds if kind in missed
    )
