"""NOBODY-PAGED on small plans: which alarms count, and when the rule does not apply."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.nobody_paged import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.alarm_plans import NO_METRIC, a_composite, a_database, a_query, a_topic, an_alarm
from tests.plans import a_plan, a_resource

ON_STREAM: dict[str, Any] = {
    "namespace": "AWS/Kinesis",
    "metric_name": "GetRecords.IteratorAgeMilliseconds",
    "dimensions": {"StreamName": "events"},
}
OTHER_ALARM = an_alarm("stream-alarm", **ON_STREAM)


def observations(*resources: Resource, **more: Any) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources, **more))))


def test_a_database_without_an_alarm_is_a_finding() -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM)
    assert found.resource is not None
    assert found.resource.name == "db"
    assert "only alarm" in found.what
    assert "the dimension DBInstanceIdentifier of db, and the topic topic" in found.repair


def test_the_second_of_two_databases_without_an_alarm_is_a_finding() -> None:
    (found,) = observations(a_database(), a_database("reports"), a_topic(), an_alarm(), OTHER_ALARM)
    assert found.resource is not None
    assert found.resource.name == "reports"
    assert "2 alarms" in found.what


@pytest.mark.parametrize(
    "alarms",
    [
        [an_alarm()],
        [an_alarm(metric_name="FreeStorageSpace", comparison_operator="LessThanThreshold", threshold=1e9)],
        [an_alarm(metric_name="DatabaseConnections")],
        [an_alarm(dimensions={"DBInstanceIdentifier": UNKNOWN})],
        [an_alarm(dimensions={})],
        [an_alarm(dimensions={"EngineName": "postgres"})],
        [an_alarm(alarm_actions=["arn:aws:sns:ap-southeast-1:123456789012:on-call"])],
        [an_alarm(alarm_actions=UNKNOWN)],
        [an_alarm(metric_queries=[a_query("m", returns=True)], **NO_METRIC)],
        [an_alarm("part", alarm_actions=[]), a_composite('ALARM("part")')],
        [an_alarm(threshold=99)],
    ],
    ids=[
        *("cpu", "storage", "connections", "unknown", "all databases", "engine", "topic elsewhere"),
        *("unknown action", "query", "composite", "at 99 %"),
    ],
)
def test_any_alarm_with_an_action_on_the_database_is_enough(alarms: list[Resource]) -> None:
    assert observations(a_database(), a_topic(), OTHER_ALARM, *alarms) == []


@pytest.mark.parametrize(
    ("alarm", "reason"),
    [
        (an_alarm(alarm_actions=[]), "no action"),
        (an_alarm(actions_enabled=False), "no action"),
        (an_alarm(threshold=101), "an hour at 100 % does not trigger alarm"),
        (an_alarm(dimensions={"DBInstanceIdentifier": "db-DB"}), "resource id"),
        (an_alarm(dimensions={"DBInstanceIdentifier": "reports"}), "none of the program's 2 alarms"),
        (an_alarm(namespace="AWS/EC2", dimensions={"InstanceId": "i-1"}), "none of the program's 2 alarms"),
    ],
)
def test_an_alarm_that_cannot_help_is_a_finding_with_the_reason(alarm: Resource, reason: str) -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM, alarm)
    assert reason in found.what


def test_a_program_without_notifying_alarms_has_no_finding() -> None:
    assert observations(a_database(), a_topic()) == []
    scaling = an_alarm(
        **{**ON_STREAM, "alarm_actions": ["arn:aws:autoscaling:ap-southeast-1:1:scalingPolicy:x"]}
    )
    assert observations(a_database(), scaling) == []


def test_a_whole_system_without_alarms_has_a_finding() -> None:
    parts = [
        a_resource("ec2.Vpc", "vpc"),
        a_resource("ecs.Service", "service"),
        *(a_resource("ec2.Subnet", f"s{n}") for n in range(40)),
    ]
    (found,) = observations(a_database(), *parts)
    assert "no alarm watches it" in found.what


def test_a_notice_that_may_get_lost_makes_the_result_unknown() -> None:
    closed = a_topic(policy={"Statement": []})
    (found,) = observations(a_database(), closed, an_alarm())
    assert "its notice may not arrive: the policy of topic" in found.unknown


def test_a_monitoring_service_makes_the_result_unknown() -> None:
    (found,) = observations(a_database(), a_topic(), OTHER_ALARM, mocked_packages=("datadog",))
    assert "datadog" in found.unknown


def test_a_database_that_is_only_read_is_no_finding() -> None:
    assert observations(a_database(op="read"), a_topic(), OTHER_ALARM) == []
