"""Which of two resources comes after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab_support.plan.dependencies import comes_after
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from tests.plans import a_plan, a_resource


def chain() -> tuple[Resource, ...]:
    """Queues a, b, c, of which each depends on the one before, and d, which depends on none."""
    a, b, c, d = (a_resource("sqs.Queue", name) for name in "abcd")
    return a, replace(b, depends_on=(a.urn,)), replace(c, depends_on=(b.urn,)), d


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ("b", "a", True),
        ("c", "a", True),
        ("a", "b", False),
        ("d", "a", False),
        ("a", "d", False),
        ("a", "a", False),
    ],
)
def test_what_depends_on_a_resource_comes_after_it(later: str, earlier: str, expected: bool) -> None:
    urns = {resource.name: resource.urn for resource in chain()}
    assert comes_after(urns[later], urns[earlier], chain()) is expected


def test_dependencies_in_a_circle_end() -> None:
    one, two, other = (a_resource("sqs.Queue", name) for name in ("one", "two", "other"))
    circle = (replace(one, depends_on=(two.urn,)), replace(two, depends_on=(one.urn,)), other)
    assert not comes_after(one.urn, other.urn, circle)


def overwritten() -> Plan:
    """Two policies of one name; the second has overwritten the first."""
    first = a_resource("iam.RolePolicy", "first", id="task:access", role="task", name="access")
    second = a_resource("iam.RolePolicy", "second", id="task:access", role="task", name="access")
    return a_plan(replace(first, overwritten_by=second.urn), second)


def test_a_resource_that_is_overwritten_is_listed_but_not_found_by_type() -> None:
    plan = overwritten()
    assert [resource.name for resource in plan] == ["first", "second"]
    assert [resource.name for resource in plan.of_type("iam.RolePolicy")] == ["second"]


def test_an_id_belongs_to_the_resource_that_is_left() -> None:
    holder = overwritten().resolve("task:access")
    assert holder is not None
    assert holder.name == "second"
