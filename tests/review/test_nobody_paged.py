"""NOBODY-PAGED on small plans: what counts as watched, and when the rule keeps silent."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.findings import Observation, ReviewSubject
from lab_support.review.nobody_paged import check
from tests.alarm_plans import NO_METRIC, a_composite, a_database, a_query, a_topic, an_alarm
from tests.plans import a_plan, a_resource

ELSEWHERE: dict[str, Any] = {
    "namespace": "AWS/Kinesis",
    "metric_name": "GetRecords.IteratorAgeMilliseconds",
    "dimensions": {"StreamName": "events"},
}
OTHER_ALARM = an_alarm("stream-alarm", **ELSEWHERE)


def seen(*resources: Resource, **more: Any) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources, **more))))


def test_a_database_that_no_alarm_watches() -> None:
    (found,) = seen(a_database(), a_topic(), OTHER_ALARM)
    assert found.resource is not None
    assert found.resource.name == "db"
    assert found.what.endswith("nobody is told: not even the one alarm of this program watches it.")
    assert "the dimension DBInstanceIdentifier of db, and the topic topic" in found.repair


def test_one_of_two_databases() -> None:
    (found,) = seen(a_database(), a_database("reports"), a_topic(), an_alarm(), OTHER_ALARM)
    assert found.resource is not None
    assert found.resource.name == "reports"
    assert "none of the 2 alarms of this program watches it" in found.what


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
def test_what_watches_it_is_enough(alarms: list[Resource]) -> None:
    assert seen(a_database(), a_topic(), OTHER_ALARM, *alarms) == []


@pytest.mark.parametrize(
    ("alarm", "words"),
    [
        (an_alarm(alarm_actions=[]), "alarm watches it, but has no action that tells anybody"),
        (an_alarm(actions_enabled=False), "alarm watches it, but has no action that tells anybody"),
        (an_alarm(threshold=101), "alarm watches it, but does not go off even at 100 %"),
        (an_alarm(dimensions={"DBInstanceIdentifier": "db-DB"}), "alarm names it by its resource id"),
        (an_alarm(dimensions={"DBInstanceIdentifier": "reports"}), "none of the 2 alarms"),
        (an_alarm(namespace="AWS/EC2", dimensions={"InstanceId": "i-1"}), "none of the 2 alarms"),
    ],
)
def test_what_only_looks_like_it(alarm: Resource, words: str) -> None:
    (found,) = seen(a_database(), a_topic(), OTHER_ALARM, alarm)
    assert words in found.what


def test_a_program_without_alarms_has_them_elsewhere() -> None:
    assert seen(a_database(), a_topic()) == []
    scaling = an_alarm(
        **{**ELSEWHERE, "alarm_actions": ["arn:aws:autoscaling:ap-southeast-1:1:scalingPolicy:x"]}
    )
    assert seen(a_database(), scaling) == []


def test_a_whole_system_without_alarms_has_none() -> None:
    parts = [
        a_resource("ec2.Vpc", "vpc"),
        a_resource("ecs.Service", "service"),
        *(a_resource("ec2.Subnet", f"s{n}") for n in range(40)),
    ]
    (found,) = seen(a_database(), *parts)
    assert found.what.endswith("nobody is told: no alarm watches it.")


def test_a_notice_that_gets_lost_is_said_to_be_unknown() -> None:
    closed = a_topic(policy={"Statement": []})
    (found,) = seen(a_database(), closed, an_alarm())
    assert found.unknown.startswith("alarm watches it, but its notice may not arrive: the policy of topic")


def test_monitoring_by_other_means_is_unknown() -> None:
    (found,) = seen(a_database(), a_topic(), OTHER_ALARM, mocked_packages=("datadog",))
    assert "the monitoring service of the package datadog" in found.unknown


def test_databases_of_others_are_theirs() -> None:
    assert seen(a_database(op="read"), a_topic(), OTHER_ALARM) == []
