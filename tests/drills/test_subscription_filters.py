"""Which notices of an alarm get through a subscription's filter policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.alarms.definitions import alarms_of
from lab_support.drills.notices import notices_of
from lab_support.plan.resource import Resource
from tests.alarm_plans import TOPIC, a_topic, an_alarm
from tests.plans import a_plan, a_resource


def subscribed(name: str = "on-call", policy: Any = None, scope: str | None = None) -> Resource:
    text = policy if isinstance(policy, str) or policy is None else json.dumps(policy)
    return a_resource(
        "sns.TopicSubscription", name, topic=TOPIC, filter_policy=text, filter_policy_scope=scope
    )


def problem(*subscriptions: Resource) -> str:
    alarm = an_alarm(name="cpu", dimensions={"DBInstanceIdentifier": "db"}, alarm_actions=[TOPIC])
    plan = a_plan(a_topic(), alarm, *subscriptions)
    (notice,) = notices_of(plan, alarms_of(plan)[0])
    return notice.problem


BODY = "MessageBody"


@pytest.mark.parametrize(
    "subscriptions",
    [
        [],
        [subscribed()],
        [subscribed(policy={})],
        [subscribed(policy="not JSON")],
        [subscribed(policy={"severity": [{"exists": False}]})],
        [subscribed(policy={"NewStateValue": ["ALARM"]}, scope=BODY)],
        [subscribed(policy={"AlarmName": [{"prefix": "c"}], "OldStateValue": ["OK"]}, scope=BODY)],
        [subscribed(policy={"Trigger": {"Dimensions": {"value": ["db"]}}}, scope=BODY)],
        [subscribed(policy={"severity": ["high"]}), subscribed("all")],
    ],
)
def test_a_notice_that_a_subscription_gets_arrives(subscriptions: list[Resource]) -> None:
    assert problem(*subscriptions) == ""


@pytest.mark.parametrize(
    "subscription",
    [
        subscribed(policy={"severity": ["high"]}),
        subscribed(policy={"NewStateValue": ["ALARM"]}),
        subscribed(policy={"NewStateValue": ["ALARM"]}, scope="MessageAttributes"),
        subscribed(policy={"NewStateValue": ["OK"]}, scope=BODY),
        subscribed(policy={"AlarmName": [{"prefix": "memory"}]}, scope=BODY),
        subscribed(policy={"Trigger": {"Dimensions": {"value": ["another"]}}}, scope=BODY),
    ],
)
def test_a_notice_that_all_filters_drop_does_not_arrive(subscription: Resource) -> None:
    assert problem(subscription) == "the filter policy of on-call drops the notice"
