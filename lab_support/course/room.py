"""The room: where the learners of a class are, and who is stuck, from the progress that they share (sharing.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from lab_support.course import exercises
from lab_support.course.exercises import Exercise
from lab_support.course.sharing import FORMAT, SUFFIX
from lab_support.safeguards.files import UnreadableFile, read_bytes, read_json
from lab_support.safeguards.printing import printable

STUCK_AFTER: Final = timedelta(minutes=10)  # with the same finding
AWAY_AFTER: Final = timedelta(minutes=30)  # without a check, a hint or a run
STUCK, WORKING, AWAY, DONE = "stuck", "working", "away", "passed"
_LARGEST: Final = 200_000  # bytes of a learner's file
_LONGEST_NAME: Final = 60


@dataclass(frozen=True)
class Learner:
    """A learner as of `seen`: the exercise they were at last, and the findings open there, each with its age."""

    name: str
    exercise: Exercise | None
    passed: int
    points: int
    checks: int
    is_passed: bool
    open: Mapping[str, timedelta]
    idle: timedelta

    @property
    def state(self) -> str:
        """PASSED (the exercise they are at), AWAY, STUCK or WORKING."""
        if self.is_passed:
            return DONE
        if self.idle >= AWAY_AFTER:
            return AWAY
        return STUCK if self.stuck_for >= STUCK_AFTER else WORKING

    @property
    def stuck_for(self) -> timedelta:
        """For how long the oldest open finding has been there."""
        return max(self.open.values(), default=timedelta())


@dataclass(frozen=True)
class Topic:
    """A finding that keeps learners from going on, and who they are, the longest first."""

    exercise: Exercise
    finding: str
    learners: tuple[Learner, ...]

    @property
    def longest(self) -> timedelta:
        return max(learner.open[self.finding] for learner in self.learners)


@dataclass(frozen=True)
class Room:
    """The learners by name, and the files that could not be read, with the reason."""

    learners: tuple[Learner, ...]
    unread: Mapping[str, str]
    seen: datetime

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What to talk about next: the findings of those who are stuck, that of the most first, then the oldest."""
        found: dict[tuple[str, str], list[Learner]] = defaultdict(list)
        for learner in self.learners:
            if learner.state == STUCK and learner.exercise:
                for finding, age in learner.open.items():
                    if age >= STUCK_AFTER:
                        found[learner.exercise.slug, finding].append(learner)
        topics = [
            Topic(
                exercises.find_exercise(slug),
                finding,
                tuple(sorted(learners, key=lambda learner: (-learner.open[finding], learner.name))),
            )
            for (slug, finding), learners in found.items()
        ]
        return tuple(sorted(topics, key=lambda topic: (-len(topic.learners), -topic.longest, topic.finding)))

    def to_json(self) -> dict[str, Any]:
        """The object that `lab room --json` prints."""
        return {
            "learners": [
                {
                    "name": learner.name,
                    "exercise": learner.exercise.slug if learner.exercise else None,
                    "state": learner.state,
                    "open": {finding: int(age.total_seconds()) for finding, age in learner.open.items()},
                    "idle": int(learner.idle.total_seconds()),
                    "passed": learner.passed,
                    "points": learner.points,
                    "checks": learner.checks,
                }
                for learner in self.learners
            ],
            "topics": [
                {
                    "exercise": topic.exercise.slug,
                    "finding": topic.finding,
                    "learners": [learner.name for learner in topic.learners],
                    "longest": int(topic.longest.total_seconds()),
                }
                for topic in self.topics
            ],
            "unread": dict(self.unread),
        }


def read_room(folder: Path, now: datetime | None = None) -> Room:
    """The room as of `now`. Only files that learners share are read, and none of their content is trusted."""
    seen = now or datetime.now(UTC)
    learners, unread = [], {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            learners.append(_learner(path, seen))
        except UnreadableFile as error:
            unread[_shown(path.name)] = error.reason
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            unread[_shown(path.name)] = "it is not shared progress of this version of the lab"
    order = sorted(learners, key=lambda learner: (learner.name.casefold(), learner.name))
    return Room(tuple(order), unread, seen)


def _learner(path: Path, now: datetime) -> Learner:
    read_bytes(path, _LARGEST)  # raises for a larger one
    data = read_json(path)
    if data["shared_progress"] != FORMAT:
        raise ValueError
    known = {exercise.slug: exercise for exercise in exercises.catalogue()}
    entries = {slug: values for slug, values in data["exercises"].items() if slug in known}
    last = data["last"] if data["last"] in known else ""
    current = entries.get(last, {})
    expected = known[last].findings if last else ()
    beside = ("MISSING", "MISSING-ACCESS", "REGRESSION", "REFUSED")
    return Learner(
        name=_shown(" ".join(str(data["name"]).split())[:_LONGEST_NAME]) or "(no name)",
        exercise=known.get(last),
        passed=sum(bool(values["passed_at"]) for values in entries.values()),
        points=sum(
            min(max(int(values["points"]), 0), known[slug].points) for slug, values in entries.items()
        ),
        checks=min(max(int(current.get("checks", 0)), 0), 9_999),
        is_passed=bool(current.get("passed_at")),
        open={
            finding: _age(since, now)
            for finding, since in current.get("open", {}).items()
            if finding in (*expected, *beside)
        },
        idle=_age(data["updated"], now),
    )


def _shown(text: str) -> str:
    """A text that any file and any terminal takes."""
    return printable(text.encode("utf-8", "replace").decode("utf-8"))


def _age(since: str, now: datetime) -> timedelta:
    """The time since then; none for a clock that is ahead. Raises ValueError for a time without a zone."""
    then = datetime.fromisoformat(since)
    if then.tzinfo is None:
        raise ValueError
    return max(now - then, timedelta())
