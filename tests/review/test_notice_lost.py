"""NOTICE-LOST on small plans: alarms whose notices certainly do not arrive."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.nobody_paged import check_notices
from lab_support.review.rule import Observation, ReviewSubject
from tests.alarm_plans import ACCOUNT, REGION, TOPIC, a_database, a_topic, an_alarm
from tests.plans import a_plan, a_resource

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
ON_STREAM: dict[str, Any] = {
    "namespace": "AWS/Kinesis",
    "metric_name": "GetRecords.IteratorAgeMilliseconds",
    "dimensions": {"StreamName": "events"},
}


def a_key(principal: Any, **more: Any) -> Resource:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    properties: dict[str, Any] = {"policy": {"Statement": [statement]}, "is_enabled": True, **more}
    return a_resource("kms.Key", "key", id="k", arn=KEY, region=REGION, **properties)


ACCOUNT_ONLY = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}


def observations(*resources: Resource, **alarm: Any) -> list[Observation]:
    return list(check_notices(ReviewSubject(a_plan(*resources, an_alarm(**{**ON_STREAM, **alarm})))))


@pytest.mark.parametrize(
    ("topic", "key", "repair"),
    [
        ({"kms_master_key_id": KEY}, a_key(ACCOUNT_ONLY), "kms:GenerateDataKey*"),
        ({"kms_master_key_id": KEY}, a_key({"Service": "sns.amazonaws.com"}), "kms:GenerateDataKey*"),
        ({"kms_master_key_id": KEY}, a_key(CLOUDWATCH, is_enabled=False), "enabled symmetric key"),
        ({"kms_master_key_id": "alias/aws/sns"}, a_key(CLOUDWATCH), "a key of your own"),
        ({"policy": {"Statement": []}}, a_key(CLOUDWATCH), "sns:Publish"),
    ],
)
def test_a_topic_that_no_notice_reaches_is_a_finding(
    topic: dict[str, Any], key: Resource, repair: str
) -> None:
    (found,) = observations(a_topic(**topic), key)
    assert found.resource is not None
    assert found.resource.name == "topic"
    assert repair in found.repair


@pytest.mark.parametrize(
    ("topic", "key"),
    [
        ({}, a_key(ACCOUNT_ONLY)),
        ({"kms_master_key_id": KEY}, a_key(CLOUDWATCH)),
        ({"kms_master_key_id": KEY}, a_key(ACCOUNT_ONLY, policy=UNKNOWN)),
        ({"kms_master_key_id": UNKNOWN}, a_key(ACCOUNT_ONLY)),
        ({"kms_master_key_id": KEY.replace("/k", "/elsewhere")}, a_key(ACCOUNT_ONLY)),
        ({"policy": UNKNOWN}, a_key(ACCOUNT_ONLY)),
    ],
    ids=[
        "not encrypted",
        "allowed",
        "policy unknown",
        "key unknown",
        "key elsewhere",
        "topic's policy unknown",
    ],
)
def test_a_topic_that_a_notice_reaches_or_may_reach_is_none(topic: dict[str, Any], key: Resource) -> None:
    assert observations(a_topic(**topic), key) == []


def test_an_alarm_on_a_database_is_left_to_nobody_paged() -> None:
    topic = a_topic(kms_master_key_id=KEY)
    alarm = an_alarm(alarm_actions=[TOPIC])
    assert list(check_notices(ReviewSubject(a_plan(a_database(), topic, a_key(ACCOUNT_ONLY), alarm)))) == []


def test_alarms_are_listed_by_name() -> None:
    topic, key = a_topic(kms_master_key_id=KEY), a_key(ACCOUNT_ONLY)
    alarms = [an_alarm(name, **ON_STREAM) for name in ("second", "first", "third")]
    (found,) = check_notices(ReviewSubject(a_plan(topic, key, *alarms)))
    assert "first, second and third go to ALARM" in found.what
