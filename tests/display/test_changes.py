"""What changed in several environments: where it is the same, it is shown once."""

from __future__ import annotations

import pytest

from lab_support.display.changes import change_views
from lab_support.plan.plan import Plan
from tests.plans import a_plan, a_resource


def database(environment: str, multi_az: bool) -> Plan:
    resource = a_resource("rds.Instance", f"device-{environment}", multi_az=multi_az)
    return a_plan(resource, stack=environment)


def texts(*changed: tuple[str, bool]) -> list[str]:
    """What is shown where the database of each environment had no standby, and now has one or not."""
    return [
        str(shown)
        for shown in change_views(
            (database(name, multi_az=False), database(name, multi_az=now)) for name, now in changed
        )
    ]


def test_what_is_the_same_everywhere_is_shown_once() -> None:
    where, change = texts(("dev", True), ("prod", True))
    assert where == "The same in every environment that was compared (dev, prod); shown for dev:"
    assert "rds.Instance  device-dev" in change


def test_environments_that_differ_are_named() -> None:
    shown = texts(("dev", False), ("demo", False), ("prod", True))
    assert shown[:2] == ["In dev and demo:", "Nothing changed in the plan."]
    assert shown[2] == "In prod:"
    assert "multi_az: True" in shown[3]


def test_a_single_environment_is_named() -> None:
    assert texts(("prod", True))[0] == "In prod:"


@pytest.mark.parametrize(
    "ids",
    [
        ("key/11d5c6e1-3e92-4fbf-b411-9be5ca932863", "key/2deab1a2-acf0-4c08-aff5-da8db7dd9d7d"),
        ("stream/alerts-9543beb", "stream/alerts-ff9ddce"),
        ("arn:aws:secretsmanager:x:1:secret:redis-w2kl7r", "arn:aws:secretsmanager:x:1:secret:redis-7jduna"),
    ],
    ids=["UUID", "suffix of a name", "secret"],
)
def test_made_up_ids_are_no_difference_between_environments(ids: tuple[str, str]) -> None:
    def policy(environment: str, resource: str) -> Plan:
        return a_plan(a_resource("iam.RolePolicy", f"use-{environment}", policy=resource), stack=environment)

    pairs = zip(("dev", "prod"), ids, strict=True)
    where, _ = change_views((policy(name, "*"), policy(name, resource)) for name, resource in pairs)
    assert "The same in every environment" in str(where)
