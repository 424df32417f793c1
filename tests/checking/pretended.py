"""Checks with faked previews: each environment's outcome is given, and nothing is run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab_support import check
from lab_support.checking.verdict import CheckFailed, Verdict
from lab_support.errors import PreviewFailed, ProgramError
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan
from tests.plans import a_plan, a_resource
from tests.programs import SLUG

Outcome = Plan | ProgramError | PreviewFailed
Pretend = Callable[[Callable[[str], Outcome]], None]


def program(environment_suffix: str) -> None:
    """Never run: the previews are faked."""


def a_plan_of(environment: str) -> Plan:
    return a_plan(a_resource("rds.Instance", f"db-{environment}"), stack=environment)


def a_refusal(environment: str, name: str = "db", text: str = "InvalidParameterValue: no") -> PreviewFailed:
    urn = f"urn:pulumi:{environment}::p::aws:rds/instance:Instance::{name}-{environment}"
    return PreviewFailed([Diagnostic("error", text, urn)], environment)


def played(look: Callable[[Verdict, Plan], None]) -> Verdict:
    """The verdict of a check that examines every plan with `look` and finds something."""
    verdict = check(SLUG, program)
    with pytest.raises(CheckFailed) as caught:
        run_check(verdict, look)
    assert caught.value.verdict is verdict
    assert str(caught.value) == str(verdict)
    return verdict


def run_check(verdict: Verdict, look: Callable[[Verdict, Plan], None]) -> None:
    """Runs a check that examines every plan with `look`."""
    with verdict:
        for plan in verdict.plans:
            look(verdict, plan)


def judged(*bad: str, what: str = "It stops.") -> Verdict:
    """The verdict of a check that fails for the databases in these environments."""

    def look(verdict: Verdict, plan: Plan) -> None:
        (database,) = plan.of_type("rds.Instance")
        with verdict.finding("SINGLE-ZONE", database.name, "Look."):
            if plan.stack in bad:  # not `assert`, to which pytest would add what it saw
                raise AssertionError(what)

    return played(look)
