"""The rollout drill: names that collide if two environments share an account."""

from __future__ import annotations

from typing import Any

from lab_support.drills.rollout import rollout
from lab_support.plan.plan import Plan
from tests.plans import a_plan, a_resource


def an_environment(stack: str, name: str, **properties: Any) -> Plan:
    values = {"name": name, "arn": f"arn:aws:kinesis:ap-southeast-1:123456789012:stream/{name}", **properties}
    return a_plan(
        a_resource("kinesis.Stream", f"stream-{stack}", inputs={"name": name}, **values), stack=stack
    )


def test_the_second_of_two_streams_with_one_name_is_refused() -> None:
    report = rollout([an_environment("dev", "events"), an_environment("prod", "events")])
    (collision,) = report.collisions
    assert (collision.first.environment, collision.second.environment) == ("dev", "prod")
    assert collision.name == "stream-prod"
    assert "ResourceInUseException" in collision.error
    assert not report.goes_through


def test_different_names_do_not_collide() -> None:
    report = rollout([an_environment("dev", "events-dev"), an_environment("prod", "events-prod")])
    assert report.goes_through
    assert report.environments == ("dev", "prod")
    assert [named.physical_name for named in report.names] == ["events-dev", "events-prod"]


def test_the_same_name_in_different_regions_does_not_collide() -> None:
    plans = [an_environment("dev", "events"), an_environment("prod", "events", region="eu-west-1")]
    assert rollout(plans).goes_through


def test_a_resource_that_is_only_read_takes_no_name() -> None:
    assert rollout(
        [an_environment("dev", "events", op="read"), an_environment("prod", "events")]
    ).goes_through
