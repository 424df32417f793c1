"""The topics that an alarm notifies, and what keeps a notice from arriving."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.alarms.definitions import alarms_of
from lab_support.drills.notices import notices_of
from lab_support.plan.resource import Resource
from tests.alarm_plans import ACCOUNT, REGION, TOPIC, a_topic, an_alarm
from tests.plans import a_plan, a_resource

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
USE = ["kms:Decrypt", "kms:GenerateDataKey*"]


def statement(principal: Any, action: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **more}


def a_key(*statements: dict[str, Any], **properties: Any) -> Resource:
    policy = {"Statement": list(statements)}
    return a_resource(
        "kms.Key", "key", id="k", arn=KEY, region=REGION, policy=policy, is_enabled=True, **properties
    )


def problem(*resources: Resource, **alarm: Any) -> str:
    """What keeps the one notice from arriving; empty if it arrives."""
    plan = a_plan(*resources, an_alarm(**alarm))
    (notice,) = notices_of(plan, alarms_of(plan)[0])
    assert (notice.topic is None) == bool(notice.problem)
    return notice.problem


def test_the_default_policy_of_a_topic_lets_alarms_publish() -> None:
    assert problem(a_topic()) == ""


def test_an_alarm_without_enabled_actions_has_no_notices() -> None:
    for more in ({"actions_enabled": False}, {"alarm_actions": []}, {"alarm_actions": None}):
        plan = a_plan(a_topic(), an_alarm(**more))
        assert notices_of(plan, alarms_of(plan)[0]) == ()


@pytest.mark.parametrize("action", ["topic", TOPIC + ":subscription", TOPIC.replace(REGION, "us-east-1")])
def test_an_action_that_is_no_arn_of_a_topic_has_a_problem(action: str) -> None:
    assert "no topic of the program" in problem(a_topic(), alarm_actions=[action])


def test_fifo_topics_and_topics_in_other_regions_have_a_problem() -> None:
    assert "FIFO" in problem(a_topic(fifo_topic=True))
    assert "different region" in problem(a_topic(), region="us-east-1")


@pytest.mark.parametrize(
    ("statements", "arrives"),
    [
        ([statement(CLOUDWATCH, USE)], True),
        ([statement("*", "kms:*")], True),
        ([statement(CLOUDWATCH, ["kms:GenerateDataKey", "kms:decrypt"])], True),
        ([statement(CLOUDWATCH, "kms:Decrypt")], False),
        ([statement({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*")], False),
        ([statement({"Service": "events.amazonaws.com"}, USE)], False),
        ([statement(CLOUDWATCH, USE), statement("*", "kms:Decrypt", Effect="Deny")], False),
        ([statement(CLOUDWATCH, USE, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})], True),
        (
            [statement(CLOUDWATCH, USE, Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})],
            False,
        ),
        (
            [
                statement(
                    CLOUDWATCH,
                    USE,
                    Condition={"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}},
                )
            ],
            True,
        ),
        ([statement("*", USE, Condition={"StringEquals": {"kms:CallerAccount": ACCOUNT}})], False),
    ],
)
def test_an_encrypted_topic_needs_permission_from_its_key(
    statements: list[dict[str, Any]], arrives: bool
) -> None:
    found = problem(a_topic(kms_master_key_id="k"), a_key(*statements))
    assert (found == "") is arrives
    assert arrives or "key" in found


def test_a_topic_with_an_unusable_key_has_a_problem() -> None:
    use = statement(CLOUDWATCH, USE)
    assert "may not use" in problem(a_topic(kms_master_key_id="alias/aws/sns"))
    off = a_resource(
        "kms.Key", "key", id="k", arn=KEY, region=REGION, policy={"Statement": [use]}, is_enabled=False
    )
    assert "may not use" in problem(a_topic(kms_master_key_id="k"), off)


def test_separate_policy_resources_replace_those_of_topic_and_key() -> None:
    closed = {"Statement": [statement({"AWS": ACCOUNT}, "sns:Publish")]}
    policy = a_resource("sns.TopicPolicy", "policy", arn=TOPIC, policy=closed)
    assert "does not let CloudWatch publish" in problem(a_topic(), policy)
    opened = a_resource(
        "kms.KeyPolicy", "open", key_id="k", policy={"Statement": [statement(CLOUDWATCH, USE)]}
    )
    assert problem(a_topic(kms_master_key_id="k"), a_key()) != ""
    assert problem(a_topic(kms_master_key_id="k"), a_key(), opened) == ""
