"""OVERWRITTEN on small plans: what is a finding, what is unknown, and what is neither."""

from __future__ import annotations

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.overwritten import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.drills.test_three_releases import (
    FROM_TASKS,
    HOLDING,
    HTTPS,
    TO_DATABASE,
    a_group,
    a_rule,
    a_system,
    an_exclusive_set,
)
from tests.plans import a_plan


def observations(*parts: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_system(*parts))))


def test_a_group_with_a_list_and_separate_rules_is_a_finding() -> None:
    tasks = a_group("tasks", egress=[HTTPS])
    (found,) = observations(tasks, a_group("db"), TO_DATABASE, FROM_TASKS)
    assert found.resource is tasks
    assert found.arguments == ("egress",)
    assert "to-db adds to them" in found.what
    assert "vpc.SecurityGroupEgressRule" in found.repair


def test_each_direction_of_a_group_is_a_finding_of_its_own() -> None:
    database = a_group("db", ingress=[], egress=[])
    found = observations(a_group("tasks"), database, FROM_TASKS, a_rule("Egress", "out", "db", "tasks"))
    assert [observation.arguments for observation in found] == [("ingress",), ("egress",)]


@pytest.mark.parametrize(
    "parts", [parts for name, parts in HOLDING.items() if "unknown" not in name], ids=lambda parts: ""
)
def test_one_owner_for_each_direction_is_no_finding(parts: tuple[Resource, ...]) -> None:
    assert observations(*parts) == []


def test_a_list_that_is_unknown_makes_it_unknown() -> None:
    (found,) = observations(*HOLDING["a list that is unknown"])
    assert "egress" in found.unknown
    assert not found.what
    assert observations(a_group("tasks", egress=UNKNOWN), a_group("db")) == []


@pytest.mark.parametrize("kept", [[], ["other-id"]])
def test_an_exclusive_set_that_leaves_out_a_rule_is_a_finding(kept: list[str]) -> None:
    exclusive = an_exclusive_set(kept)
    (found,) = observations(a_group("tasks"), a_group("db"), TO_DATABASE, exclusive)
    assert (found.resource, found.arguments) == (exclusive, ("egress_rule_ids",))
    assert "to-db" in found.what


def test_an_exclusive_set_that_lists_all_rules_is_no_finding_and_one_with_unknown_ids_is_unknown() -> None:
    parts = (a_group("tasks"), a_group("db"), TO_DATABASE, FROM_TASKS)
    assert observations(*parts, an_exclusive_set(["to-db-id"])) == []
    (found,) = observations(*parts, an_exclusive_set([UNKNOWN]))
    assert found.unknown
    assert not found.what


def test_rules_of_groups_outside_the_program_are_no_findings() -> None:
    assert list(check(ReviewSubject(a_plan(TO_DATABASE, FROM_TASKS)))) == []
