"""The verdict on a program: collects failed assertions as findings, and says them as text.

with verdict.finding("SINGLE-ZONE", name, hint="..."):
    assert effect.continues, "what was found"   # recorded; the check continues
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from lab_support.course.exercises import Exercise
from lab_support.errors import BriefError
from lab_support.reporting import counted

REFUSED: Final = "REFUSED"
MOST_SHOWN: Final = 6  # findings that a screen has room for
_WIDTH: Final = 88


@dataclass(frozen=True)
class Finding:
    """A flaw: `what` was expected of a `resource` and found instead, a question as a `hint`, and the `environments`.

    The resource's name is that in the first of them. A `title` says what is wrong where the id alone would mislead.
    """

    id: str
    resource: str
    what: str
    hint: str
    environments: tuple[str, ...] = ()
    title: str = ""

    @property
    def heading(self) -> str:
        """The id, with the title where there is one."""
        return f"{self.id} ({self.title})" if self.title else self.id


class CheckFailed(AssertionError, BriefError):
    """The exercise is not solved yet; the message is the verdict, at most a screenful.

    If the verdict's card `is_shown` already, a notebook gets one line below it instead of a repetition.
    """

    def __init__(self, verdict: Verdict, is_shown: bool = False) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.is_shown = is_shown

    def _render_traceback_(self) -> list[str]:
        return [self.verdict.brief] if self.is_shown else super()._render_traceback_()


class Verdict:
    """The result of a check: `findings`, and whether the exercise is `passed` (None until the check ends).

    `environments` are those that were tried; those among them that were drawn at random follow from the `seed`.
    """

    def __init__(self, exercise: Exercise, environments: tuple[str, ...], seed: int) -> None:
        self.exercise = exercise
        self.environments = environments
        self.seed = seed
        self.findings: list[Finding] = []
        self.passed: bool | None = None
        self.note = ""  # what else a learner must know
        self._environment = ""  # the one that is being checked
        # Why its plan is not what the program says, as a sentence; then only the exercise's own findings count.
        self._because = ""

    @contextmanager
    def finding(self, id: str, resource: str, hint: str, title: str = "") -> Iterator[None]:
        """Records an assertion that fails in this block as the finding `id`; its message becomes `what`.

        The message says what was expected and what was found; the hint is a question.
        """
        try:
            yield
        except AssertionError as failed:
            if self._because and id not in self.exercise.findings:
                return
            what = (str(failed) or "the assertion failed without a message") + self._because
            self.record(Finding(id, resource, what, hint, (self._environment,), title))

    def record(self, finding: Finding) -> None:
        """Adds a finding, or its environments to the same finding in another environment."""
        for number, known in enumerate(self.findings):
            if self._kind(known) == self._kind(finding):
                environments = dict.fromkeys((*known.environments, *finding.environments))
                self.findings[number] = replace(known, environments=tuple(environments))
                return
        self.findings.append(finding)

    def _kind(self, finding: Finding) -> tuple[str, ...]:
        """What makes a finding the same in two environments."""
        return finding.id, finding.hint, self._family(finding)

    def _family(self, finding: Finding) -> str:
        """The resource's name without the environment that it carries."""
        longest_first = sorted(self.environments, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), "*", finding.resource)

    @property
    def points(self) -> int:
        """What the program earns: all if it passes; else, where flaws count independently, what is repaired."""
        if self.passed is None:
            return 0
        return self.exercise.points_for({finding.id for finding in self.findings})

    def __str__(self) -> str:
        """The verdict as plain text, for a terminal, nbval's output and a screen reader."""
        exercise = self.exercise
        if self.passed:
            tried = ", ".join(self.environments)
            points = f"{exercise.points} of {counted(exercise.points, 'point')}"
            passed = f"{exercise.slug}: passed, {points}. Tried in {tried}."
            return f"{passed}\n{self.note}" if self.note else passed
        lines = [f"{exercise.slug}: {self.summary}."]
        for finding in self.findings[:MOST_SHOWN]:
            where = self.environments_of(finding)
            lines += ["", f"{finding.heading}  {finding.resource}{f'  ({where})' if where else ''}"]
            lines += textwrap.wrap(
                finding.what, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
            )
            lines += textwrap.wrap(
                f"Hint: {finding.hint}", _WIDTH, initial_indent="  ", subsequent_indent="    "
            )
        lines += [line for text in (self.remainder, self.note) if text for line in ("", text)]
        return "\n".join(lines)

    @property
    def brief(self) -> str:
        """One line to go with the verdict's card, which has the findings."""
        return f"{self.exercise.slug}: {self.summary}."

    @property
    def summary(self) -> str:
        """`not yet. 2 findings`, with the points earned so far where flaws count independently."""
        earned = f", {self.points} of {counted(self.exercise.points, 'point')}" if self.exercise.worth else ""
        return f"not yet. {counted(len(self.findings), 'finding')}{earned}"

    @property
    def remainder(self) -> str:
        """How many findings do not fit on the screen, in words; empty if all do."""
        return f"And {len(self.findings) - MOST_SHOWN} more." if len(self.findings) > MOST_SHOWN else ""

    def environments_of(self, finding: Finding) -> str:
        """Where a finding holds: `in every environment`, `in every environment but prod`, `in dev`, or nothing."""
        named = [name for name in finding.environments if name]
        if not named:
            return ""
        others = [name for name in self.environments if name not in named]
        if not others:
            return "in every environment"
        if len(others) < len(named):
            return f"in every environment but {', '.join(others)}"
        return f"in {', '.join(named)}"
