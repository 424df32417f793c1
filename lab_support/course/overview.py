"""Where a learner stands: every exercise with its state, for `lab list`, the start page and the panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lab_support.course import coach, exercises, notebooks, progress, sharing
from lab_support.course.exercises import Exercise
from lab_support.course.progress import Entry

PASSED: Final = "passed"
BEGUN: Final = "begun"
NEW: Final = "new"
AFTERWARDS: Final = "90_your_own_stack"  # the guide that follows the last exercise


@dataclass(frozen=True)
class Standing:
    """An exercise with the learner's progress; `edited` says whether the notebook differs from the shipped one."""

    exercise: Exercise
    entry: Entry
    path: Path
    edited: bool

    @property
    def state(self) -> str:
        """PASSED, BEGUN or NEW."""
        if self.entry.passed:
            return PASSED
        return BEGUN if self.entry.begun or self.edited else NEW

    @property
    def is_outdated(self) -> bool:
        """Whether the exercise has changed since it was passed."""
        return self.entry.passed and self.entry.passed_version not in ("", self.exercise.version)

    def to_json(self) -> dict[str, Any]:
        """The object that `lab list --json` prints for an exercise."""
        exercise, entry = self.exercise, self.entry
        return {
            "slug": exercise.slug,
            "title": exercise.title,
            "severity": exercise.severity,
            "category": exercise.category,
            "minutes": exercise.minutes,
            "passed": entry.passed,
            "passed_at": entry.passed_at,
            "checks": entry.checks,
            "hints": entry.hints,
            "edited": self.edited,
            "points": entry.points,
            "of": exercise.points,
            "state": self.state,
            "passed_checks": entry.passed_checks,
            "passed_hints": entry.passed_hints,
            "solution_seen": entry.solution_seen,
            "outdated": self.is_outdated,
        }


@dataclass(frozen=True)
class Overview:
    """All exercises in order, the one to continue with, what is wrong with the progress file, if anything, and as whom
    and where progress is shared, if it is."""

    standings: tuple[Standing, ...]
    next: Exercise | None
    trouble: str = ""
    shared: str = ""

    @property
    def passed(self) -> int:
        return sum(standing.state == PASSED for standing in self.standings)

    @property
    def points(self) -> int:
        return sum(standing.entry.points for standing in self.standings)

    @property
    def of(self) -> int:
        return sum(standing.exercise.points for standing in self.standings)


def overview() -> Overview:
    """Where the learner stands now."""
    entries = progress.read(coach.folder())
    standings = tuple(
        _standing(exercise, entries.get(exercise.slug, Entry())) for exercise in exercises.catalogue()
    )
    shared = sharing.sharing_of(coach.folder())
    return Overview(
        standings,
        _where_to_continue(entries),
        progress.trouble(coach.folder()),
        f"Your progress is shared as {shared.name}, in {shared.folder}. `lab share --stop` ends that."
        if shared
        else "",
    )


def _where_to_continue(entries: Mapping[str, Entry]) -> Exercise | None:
    """The exercise that was worked on last or, if that is passed, the next one; None when all are passed."""
    last = progress.last(coach.folder())
    if last not in {exercise.slug for exercise in exercises.catalogue()}:
        return coach.next_exercise()
    return coach.next_exercise(last) if entries.get(last, Entry()).passed else exercises.find_exercise(last)


def standing_of(exercise: Exercise) -> Standing:
    """Where the learner stands with one exercise."""
    return _standing(exercise, coach.entry_of(exercise))


def _standing(exercise: Exercise, entry: Entry) -> Standing:
    path = coach.folder() / f"{exercise.slug}.ipynb"
    return Standing(exercise, entry, path, path.is_file() and notebooks.is_edited(path))
