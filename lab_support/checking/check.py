"""An exercise's check, as its notebook writes it.

    with check("02_database_zone", program) as verdict:
        for plan in verdict.plans:                       # a real preview for each environment
            with verdict.finding("SINGLE-ZONE", name, hint="..."):
                assert effect.continues, "what was found"   # recorded; the check continues

At the end of the block the check raises CheckFailed with every finding, or reports that the exercise is passed. Only
an assertion inside a finding becomes one: an error in the program stays a ProgramError.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Any, Final

from lab_support.checking.environments import ENVIRONMENTS, choose, new_seed, sets_in, twin
from lab_support.checking.ignored_changes import ignores_changes, kept_from
from lab_support.checking.plan_difference import difference_from, replaced
from lab_support.checking.reached import Reached, reached_by
from lab_support.checking.repeatability import SHIFTS, at_another_time, may_vary
from lab_support.checking.set_apart import Sets
from lab_support.checking.verdict import REFUSED, CheckFailed, Finding, Verdict
from lab_support.course import progress
from lab_support.course.cells import shipped_program
from lab_support.course.exercises import Exercise, find_exercise
from lab_support.errors import BriefError, InternalError, Interrupted, PreviewFailed, ProgramError, TimedOut
from lab_support.plan.plan import Plan
from lab_support.program_code import function_of, source_of
from lab_support.reporting import is_quiet, is_watched, present

# What the account says of a name that has not the form it wants (mock_aws, NameForm).
_ABOUT_NAMES: Final = re.compile(
    r"\b(names?|characters?|letters?|length|longer|shorter|alphanumerics?|hyphens?|begin|regular expression)\b",
    re.IGNORECASE,
)
_REPEATED: Final = 5  # environments that are previewed again where a program may vary


class Check(Verdict):
    """A verdict in the making, which `check(...)` returns; afterwards it holds `findings` and `passed`."""

    def __init__(
        self,
        exercise: Exercise,
        program: Any,
        config: Mapping[str, Any],
        also_in: tuple[str, ...] = (),
        environments: tuple[str, ...] = ENVIRONMENTS,
        seed: int | None = None,
    ) -> None:
        chosen = _seed_from_environment() if seed is None else seed
        usual = (*environments, *also_in)
        found = reached_by(program)
        sets = found.sets or _sets_of(program, found, chosen, usual)
        self._chosen = choose(found, sets, usual, chosen)
        super().__init__(exercise, (*self._chosen.first, *self._chosen.later), chosen)
        self.program = program
        self.config = config
        self._may_vary = may_vary(found)
        self._until: float | None = None

    @cached_property
    def _previews(self) -> tuple[Plan, ...]:
        """The plan of each environment; one whose preview is refused gets a REFUSED finding instead."""
        began = time.monotonic()
        outcomes = self._preview(self._chosen.first, until_program_error=True)
        self._pace = max(0.001, (time.monotonic() - began) / len(self._chosen.first))
        _raise_errors(outcomes)
        if later := self._as_many_as_possible(self._chosen.later):
            outcomes = {**outcomes, **self._preview(later, until_program_error=True)}
            _raise_errors(outcomes)
        plans = []
        for environment, outcome in outcomes.items():
            if isinstance(outcome, PreviewFailed):
                self._refused(environment, outcome)
            elif isinstance(outcome, Plan):
                plans.append(outcome)
        self.environments = tuple(outcomes)
        self._compare_with_another_time(plans)
        return (*plans, *self._unusual_plans())

    def _as_many_as_possible(self, environments: tuple[str, ...]) -> tuple[str, ...]:
        """The first of these, as many as a third of the time that is left is enough for."""
        assert self._until is not None
        return environments[: max(0, int((self._until - time.monotonic()) / 3 / self._pace))]

    def _unusual_plans(self) -> list[Plan]:
        """The plans of unusual environments: of those in which the system can exist, under a name that holds theirs.

        A refusal there counts against the program if it is not about the form of a name, or if another environment that
        looks like this one is not refused.
        """
        names = self._as_many_as_possible(self._chosen.unusual)
        outcomes = self._preview(names) if names else {}
        plans = [plan for plan in outcomes.values() if isinstance(plan, Plan) and _is_named(plan)]
        failed = {twin(name, self.seed): name for name in names if not isinstance(outcomes.get(name), Plan)}
        twins = self._preview(self._as_many_as_possible(tuple(failed))) if failed else {}
        for other, name in failed.items():
            error, twin_exists = outcomes.get(name), isinstance(twins.get(other), Plan)
            if isinstance(error, PreviewFailed) and (twin_exists or not refuses_a_name(error)):
                self.environments += (name,)
                self._refused(name, error)
            elif isinstance(error, ProgramError) and not isinstance(error, TimedOut) and twin_exists:
                raise error
        self.environments += tuple(plan.stack for plan in plans)
        return plans

    @cached_property
    def _update(self) -> tuple[Plan, str] | None:
        """The plan of the first environment where the program as shipped is deployed, if that makes a difference."""
        if self.plan is None or not ignores_changes(self.plan):
            return None
        environment = self.plan.stack
        shipped = self._preview([environment], program=shipped_program(self.exercise))[environment]
        return kept_from(shipped, self.plan) if isinstance(shipped, Plan) else None

    def _preview(self, environments: Iterable[str], program: Any = None, **options: Any) -> Mapping[str, Any]:
        """A preview of each environment, or what went wrong there; all previews of a check share its time limit."""
        from lab_support.engine.operations import Settings, preview_all  # start-up time: loads Pulumi

        settings = Settings(config=self.config)
        if self._until is None:
            self._until = time.monotonic() + settings.time_limit
        left = max(0.1, self._until - time.monotonic())
        settings = replace(settings, time_limit=left)
        return preview_all(program or self.program, environments, settings=settings, **options)

    def _compare_with_another_time(self, plans: list[Plan]) -> None:
        """Previews a program that may vary again. Raises ProgramError if an environment gets a different plan."""
        repeated = plans[:_REPEATED]
        names: dict[str, str] = {}  # of what is replaced: in each environment another one, by chance
        for shift in SHIFTS if self._may_vary else ():
            with at_another_time(self.program, shift):
                again = self._preview([plan.stack for plan in repeated])
            for plan in repeated:
                if clause := difference_from(plan, again.get(plan.stack)):
                    raise ProgramError(
                        "The program depends on the clock, on chance or on being previewed: when it ran again, "
                        f"{clause}. It must give the same plan each time.",
                        environment=plan.stack,
                    )
                for resource, why in replaced(plan, again.get(plan.stack)):
                    self._replaced(plan.stack, names.setdefault(resource.kind, resource.name), why)

    @property
    def plans(self) -> Iterator[Plan]:
        """The plan of each environment; a finding inside the loop is about that plan's environment.

        Where the program has `ignore_changes`, another one shows what is left of the program as shipped, if that is
        deployed already; there, only the shipped program's findings count. Raises ProgramError if the program fails in
        an environment.
        """
        for plan in self._previews:
            self._environment = plan.stack
            yield plan
        if self._update:
            plan, clause = self._update
            self._environment = plan.stack
            self._because = f" Where the program as shipped is deployed already, {clause}."
            yield plan
        self._environment = self._because = ""

    @property
    def plan(self) -> Plan | None:
        """The plan to show: that of the first environment that was not refused."""
        return next(iter(self._previews), None)

    def __enter__(self) -> Check:
        caller = sys._getframe(1)
        self._names = caller.f_globals if caller.f_locals is caller.f_globals else {}
        self._names_before = dict(self._names)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore_names()
        if isinstance(error, KeyboardInterrupt):
            raise error if isinstance(error, Interrupted) else Interrupted from None
        if error is not None:
            if isinstance(error, BriefError) or not isinstance(error, Exception):
                return
            raise InternalError(f"the check itself failed: {type(error).__name__}: {error}") from error
        if "_previews" not in self.__dict__:
            raise InternalError("the check examined no plan, so there is no verdict")
        self.passed = not self.findings
        exercise = self.exercise
        self.note = progress.record(
            exercise.slug,
            passed=self.passed,
            points=self.points,
            version=exercise.version,
            findings=[finding.id for finding in self.findings],
        )
        if self.passed or self._is_shown:
            present(self)
        if not self.passed:
            raise CheckFailed(self, is_shown=self._is_shown)

    def _restore_names(self) -> None:
        """Undoes a cell's assignments, but for the verdict: a learner may have called something `plan`, too."""
        for name, value in list(self._names.items()):
            if value is self:
                continue
            if name not in self._names_before:
                del self._names[name]
            elif self._names_before[name] is not value:
                self._names[name] = self._names_before[name]
        del self._names_before

    @property
    def _is_shown(self) -> bool:
        """Whether a failed check shows its card: only where a person is watching.

        A test runner shows only the error, so there the error holds everything.
        """
        return is_watched() and not is_quiet()

    def _refused(self, environment: str, refusal: PreviewFailed) -> None:
        for diagnostic in refusal.diagnostics:
            hint = "Which argument, value or name does the message object to?"
            name = diagnostic.resource or "the program"
            self.record(Finding(REFUSED, name, diagnostic.text, hint, (environment,)))

    def _replaced(self, environment: str, name: str, why: str) -> None:
        what = (
            f"Expected the next deployment to keep it; found that {why} then, so that a new one replaces it."
        )
        hint = "What becomes of what it holds when the same program is deployed again?"
        self.record(Finding("REGRESSION", name, what, hint, (environment,)))


def check(
    slug: str,
    program: Any,
    config: Mapping[str, Any] | None = None,
    also_in: Iterable[str] = (),
    environments: Iterable[str] = ENVIRONMENTS,
    seed: int | None = None,
) -> Check:
    """A verdict on `program` for an exercise, to be used in a `with` statement. Raises UnknownExercise.

    `config` replaces the exercise's own stack configuration, by full key. `also_in` adds environments to the usual
    ones; `environments` replaces the usual ones, for programs whose preview is slow. Those that the program names are
    always tried, and some that are drawn at random; the `seed` that a verdict names draws the same ones again.
    """
    exercise = find_exercise(slug)
    settings = exercise.config if config is None else config
    return Check(exercise, program, settings, tuple(also_in), tuple(environments), seed)


def _raise_errors(outcomes: Mapping[str, Any]) -> None:
    """A program that loops in one environment starves the engines of the others, so its error comes first."""
    for kind in (ProgramError, InternalError):
        for outcome in outcomes.values():
            if isinstance(outcome, kind):
                raise outcome


def refuses_a_name(error: PreviewFailed) -> bool:
    """Whether the account wants a name to be shorter or longer, to begin in another way, or of other characters."""
    return any(_ABOUT_NAMES.search(diagnostic.text) for diagnostic in error.diagnostics)


def _is_named(plan: Plan) -> bool:
    """Whether a program does not shorten the environment in all of its names."""
    return any(plan.stack in resource.name for resource in plan if resource.is_custom)


def _sets_of(program: Any, found: Reached, seed: int, usual: tuple[str, ...]) -> Sets:
    """The names that the conditions in the program's cells or files set apart."""
    source = source_of(program)
    variables = getattr(function_of(program), "__globals__", {})
    return sets_in(source, found, seed, variables, usual) if source else ()


def _seed_from_environment() -> int:
    """The seed that `lab check --seed` sets, otherwise a new one for each check."""
    given = os.environ.get("PULUMI_REVIEW_LAB_SEED", "")
    return int(given) if given.isdigit() else new_seed()
