"""Which EventBridge rules an alarm's change to ALARM matches, and what they may notify."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.alarms.definitions import alarms_of
from lab_support.drills.notices import notices_of
from lab_support.plan.resource import Resource
from tests.alarm_plans import ACCOUNT, REGION, TOPIC, a_topic, an_alarm
from tests.plans import a_plan, a_resource

ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:cpu"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/busy"
PATTERN: dict[str, Any] = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}


def open_to(service: str, **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    return {"Statement": [{**statement, **more}]}


def problems(pattern: Any = None, policy: Any = None, **rule: Any) -> list[str]:
    """What keeps the notice of each matching rule from arriving; the alarm itself has no action."""
    text = json.dumps(PATTERN if pattern is None else pattern)
    resources: tuple[Resource, ...] = (
        a_topic(policy=policy or open_to("events.amazonaws.com")),
        an_alarm(arn=ALARM, name="cpu", alarm_actions=[]),
        a_resource("cloudwatch.EventRule", "busy", name="busy", arn=RULE, event_pattern=text, **rule),
        a_resource("cloudwatch.EventTarget", "target", rule="busy", arn=TOPIC),
    )
    plan = a_plan(*resources)
    return [notice.problem for notice in notices_of(plan, alarms_of(plan)[0])]


@pytest.mark.parametrize(
    "pattern",
    [
        PATTERN,
        {"detail-type": ["CloudWatch Alarm State Change"], "resources": [ALARM]},
        {"source": [{"prefix": "aws.cloud"}], "detail": {"alarmName": [{"wildcard": "c*u"}]}},
        {"detail": {"state": {"value": [{"anything-but": ["OK", "INSUFFICIENT_DATA"]}]}}},
        {"detail": {"alarmName": [{"exists": True}], "previousState": {"value": ["OK"]}}},
        {"$or": [{"source": ["aws.rds"]}, {"source": ["aws.cloudwatch"]}]},
    ],
)
def test_a_rule_that_matches_notifies_the_topic(pattern: Any) -> None:
    assert problems(pattern) == [""]


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.rds"]},
        {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["OK"]}}},
        {"source": ["aws.cloudwatch"], "detail": {"alarmName": ["memory"]}},
        {"resources": [ALARM + "-2"]},
        {"source": "aws.cloudwatch"},
        {"detail": {"state": ["ALARM"]}},
        {"source": [{"not-an-operator": "x"}]},
        {},
        "no pattern",
    ],
)
def test_one_that_does_not_match_notifies_nobody(pattern: Any) -> None:
    assert problems(pattern) == []


@pytest.mark.parametrize("rule", [{"state": "DISABLED"}, {"event_bus_name": "own"}, {"region": "us-east-1"}])
def test_a_rule_that_never_sees_the_event_notifies_nobody(rule: dict[str, Any]) -> None:
    assert problems(**rule) == []


def test_the_topic_must_let_eventbridge_publish() -> None:
    owner = {"Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}
    for policy in (open_to("cloudwatch.amazonaws.com"), open_to("events.amazonaws.com", **owner)):
        (problem,) = problems(policy=policy)
        assert "does not let EventBridge publish" in problem
    mine = {"Condition": {"ArnEquals": {"aws:SourceArn": RULE}}}
    assert problems(policy=open_to("events.amazonaws.com", **mine)) == [""]
