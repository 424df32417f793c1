"""The check of an exercise: assertions become findings, findings a verdict.

    with check("02_database_zone", program) as verdict:
        for plan in verdict.plans:                       # a real preview for each environment
            with verdict.finding("SINGLE-ZONE", name, hint="..."):
                assert effect.goes_on, "what was seen"   # recorded; the check goes on

At the end of the block the check raises CheckFailed with every finding, or says that the exercise is passed. What
is not an assertion of a finding is never turned into one: an error of the program stays a ProgramError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import Any, Final

from lab_support import progress
from lab_support.display.present import is_quiet, present
from lab_support.environments import ENVIRONMENTS, named_environments, unforeseen_environment
from lab_support.exercises import Exercise, exercise
from lab_support.faults import BriefError, Interrupted, LabFault, PreviewFailed, ProgramError
from lab_support.plan import Plan
from lab_support.reporting import is_watched

REFUSED: Final = "REFUSED"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong: `resource` by the name of the first environment it was seen in, `what` was seen,
    a `hint` on how to get on, and the `environments` in which it is so."""

    id: str
    resource: str
    what: str
    hint: str
    environments: tuple[str, ...] = ()


class CheckFailed(AssertionError, BriefError):
    """The exercise is not solved yet; the text is the verdict, a screenful at most.

    Where the verdict's card `is_shown` already, a notebook gets one line below it instead of the same again.
    """

    def __init__(self, verdict: Verdict, is_shown: bool = False) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.is_shown = is_shown

    def _render_traceback_(self) -> list[str]:
        from lab_support.display.verdict import brief_text

        return [brief_text(self.verdict)] if self.is_shown else super()._render_traceback_()


class Verdict:
    """What a check has found. Use it through `check(...)`; afterwards it holds `findings` and `passed`."""

    def __init__(
        self,
        asked: Exercise,
        program: Any,
        config: Mapping[str, Any],
        also_in: tuple[str, ...] = (),
        environments: tuple[str, ...] = ENVIRONMENTS,
    ) -> None:
        self.exercise = asked
        self.program = program
        self.config = config
        tried = (*environments, *also_in)
        found = (*named_environments(program, tried), unforeseen_environment(program))
        self.environments = tuple(dict.fromkeys((*tried, *found)))
        self.findings: list[Finding] = []
        self.passed: bool | None = None
        self._environment = ""

    @cached_property
    def _previews(self) -> tuple[Plan, ...]:
        """A preview for each environment; one that is refused gets a REFUSED finding and no plan."""
        from lab_support.engine import Settings, preview_all  # needed now, not when the names are imported

        settings = Settings(config=self.config)
        found = preview_all(self.program, self.environments, settings=settings, until_program_error=True)
        # A program that loops in one environment leaves the engines of the others no time: it comes first.
        for kind in (ProgramError, LabFault):
            for outcome in found.values():
                if isinstance(outcome, kind):
                    raise outcome
        plans = []
        for environment, outcome in found.items():
            if isinstance(outcome, PreviewFailed):
                self._refused(environment, outcome)
            elif isinstance(outcome, Plan):
                plans.append(outcome)
        return tuple(plans)

    @property
    def plans(self) -> Iterator[Plan]:
        """The plans, one for each environment; findings in the loop are about the environment of the moment.

        Raises ProgramError when the program does not run in one of them.
        """
        for plan in self._previews:
            self._environment = plan.stack
            yield plan
        self._environment = ""

    @property
    def plan(self) -> Plan | None:
        """The plan of the first environment that was not refused, for showing."""
        return next(iter(self._previews), None)

    @contextmanager
    def finding(self, id: str, resource: str, hint: str) -> Iterator[None]:
        """A block whose failing assertion is the finding `id` about `resource`; its message is what was seen."""
        try:
            yield
        except AssertionError as failed:
            what = str(failed) or "the assertion failed without saying what it saw"
            self._add(Finding(id, resource, what, hint, (self._environment,)))

    def __enter__(self) -> Verdict:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            raise error if isinstance(error, Interrupted) else Interrupted from None
        if error is not None:
            if isinstance(error, BriefError) or not isinstance(error, Exception):
                return
            raise LabFault(f"the check itself failed: {type(error).__name__}: {error}") from error
        if "_previews" not in self.__dict__:
            raise LabFault("the check looked at no plan, so it can say nothing")
        self.passed = not self.findings
        asked = self.exercise
        progress.record(asked.slug, passed=self.passed, points=self.points, version=asked.version)
        self._present()
        if not self.passed:
            raise CheckFailed(self, is_shown=self._is_shown)

    @property
    def points(self) -> int:
        """What the program earns: all when it passes; else what is repaired, where flaws count one by one."""
        if self.passed is None:
            return 0
        return self.exercise.points_for({each.id for each in self.findings})

    def __str__(self) -> str:
        from lab_support.display.verdict import verdict_text

        return verdict_text(self)

    @property
    def _is_shown(self) -> bool:
        """Whether the card of a failed check is on the screen: only where somebody sees it as it comes.

        A test runner shows the error alone, so there everything is in the error.
        """
        return is_watched() and not is_quiet()

    def _present(self) -> None:
        from lab_support.display.verdict import verdict_view

        if self.passed or self._is_shown:
            present(verdict_view(self))

    def _refused(self, environment: str, refusal: PreviewFailed) -> None:
        for diagnostic in refusal.diagnostics:
            hint = "The account or the engine refuses this; its own words say why."
            name = diagnostic.resource or "the program"
            self._add(Finding(REFUSED, name, diagnostic.text, hint, (environment,)))

    def _add(self, new: Finding) -> None:
        """Records a finding once, however many environments show it."""
        for n, old in enumerate(self.findings):
            if (old.id, old.hint, self._family(old)) == (new.id, new.hint, self._family(new)):
                environments = dict.fromkeys((*old.environments, *new.environments))
                self.findings[n] = replace(old, environments=tuple(environments))
                return
        self.findings.append(new)

    def _family(self, finding: Finding) -> str:
        """The resource's name without the environment that it carries."""
        return re.sub("|".join(map(re.escape, self.environments)), "*", finding.resource)


def check(
    slug: str,
    program: Any,
    config: Mapping[str, Any] | None = None,
    also_in: Iterable[str] = (),
    environments: Iterable[str] = ENVIRONMENTS,
) -> Verdict:
    """A verdict on `program` for an exercise, to be used in a `with` statement. Raises UnknownExercise.

    `config` is the stack's configuration by full key, where it is not the exercise's own; `also_in` are environments
    to try beside the usual ones, `environments` the ones to try in their place, where a preview takes long. Those that
    the program names, and one that nobody can foresee, are always tried.
    """
    asked = exercise(slug)
    own = asked.config if config is None else config
    return Verdict(asked, program, own, tuple(also_in), tuple(environments))
