"""What the brief asks of the whole system: the sound system meets everything, and each flaw breaks one requirement."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lab_support.checking.requirements import requirements
from lab_support.course.cells import plans_of, program_of
from lab_support.course.reviews import stock
from lab_support.plan.plan import Plan


def plan_of(cells: Sequence[str]) -> Plan:
    exercise = stock.system()
    return plans_of(program_of(exercise, cells), ["dev"], exercise.config)[0]


def broken(plan: Plan) -> set[tuple[str, str]]:
    return {(found.id, found.resource) for found in requirements(plan) if not found.holds}


def test_the_sound_system_meets_every_requirement() -> None:
    plan = plan_of(stock.sound_cells())
    assert broken(plan) == set()
    assert len(list(requirements(plan))) > 100


@pytest.mark.parametrize(
    ("name", "finding", "resource"),
    [
        ("sealed_topic", "NOTICE-LOST", "emergency-alert-topic-dev"),
        ("one_gateway", "NO-WAY-OUT", "emergency-alert-nat-a-dev"),
        ("redis_dimension", "NOBODY-PAGED", "emergency-alert-redis-dev"),
        ("key_not_allowed", "LOCKED-OUT", "emergency-alert-task-role-dev"),
        ("open_topic", "OPEN-TO-STRANGERS", "emergency-alert-topic-dev"),
        ("release_of_any_owner", "OPEN-TO-STRANGERS", "emergency-alert-release-role-dev"),
        ("exclusive_attachment", "EVICTED", "emergency-alert-execution-policy-dev"),
        ("empty_list_of_rules", "OVERWRITTEN", "emergency-alert-tasks-sg-dev"),
        ("token_in_environment", "SECRET-EXPOSED", "emergency-alert-task-dev"),
    ],
)
def test_a_flaw_breaks_the_requirement_of_its_kind_alone(name: str, finding: str, resource: str) -> None:
    flaw = next(flaw for flaw in stock.flaws() if flaw.name == name)
    assert {id for id, _ in broken(plan_of(flaw.cells))} == {finding}
    assert resource in {name for _, name in broken(plan_of(flaw.cells))}
