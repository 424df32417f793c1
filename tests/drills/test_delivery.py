"""The delivery drill: which permissions a notice needs on its way, and who receives it."""

from __future__ import annotations

from typing import Any

from lab_support.drills.delivery import Delivery, deliveries
from lab_support.plan.resource import Resource
from tests.alarm_plans import ACCOUNT, REGION, TOPIC, a_topic, an_alarm
from tests.plans import a_plan, a_resource

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
USE = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
    "Resource": "*",
}


def a_key(*statements: dict[str, Any]) -> Resource:
    policy = {"Statement": list(statements)}
    return a_resource("kms.Key", "key", id="k", arn=KEY, region=REGION, policy=policy, is_enabled=True)


def a_subscription(topic: str = TOPIC) -> Resource:
    return a_resource(
        "sns.TopicSubscription", "subscription", topic=topic, protocol="email", endpoint="on-call@example.gov"
    )


def the_delivery(*resources: Resource) -> Delivery:
    (delivery,) = deliveries(a_plan(*resources, an_alarm())).ways
    return delivery


def test_a_notice_to_a_plain_topic_needs_the_topics_permission_only() -> None:
    delivery = the_delivery(a_topic(), a_subscription())
    assert delivery.arrives
    assert [permission.action for permission in delivery.permissions] == ["sns:Publish"]
    assert delivery.subscribers == ("on-call@example.gov (email)",)


def test_the_key_of_the_topic_decides_too() -> None:
    for key, arrives in ((a_key(USE), True), (a_key(), False)):
        delivery = the_delivery(a_topic(kms_master_key_id="k"), key, a_subscription())
        assert delivery.arrives is arrives
        assert [(p.action, p.holder.name, not p.problem) for p in delivery.permissions] == [
            ("sns:Publish", "topic", True),
            ("kms:Decrypt", "key", arrives),
            ("kms:GenerateDataKey", "key", arrives),
        ]


def test_a_topic_without_subscribers_notifies_nobody() -> None:
    assert "subscribes nobody" in the_delivery(a_topic()).problem
    assert "subscribes nobody" in the_delivery(a_topic(), a_subscription(f"{TOPIC}-2")).problem


def test_an_action_that_is_no_topic_of_the_program_has_no_permissions() -> None:
    (delivery,) = deliveries(a_plan(an_alarm())).ways
    assert (delivery.topic, delivery.permissions, delivery.arrives) == (None, (), False)


def test_alarms_with_the_same_way_are_in_one_delivery() -> None:
    plan = a_plan(a_topic(), a_subscription(), an_alarm("one"), an_alarm("two"))
    assert [delivery.alarms for delivery in deliveries(plan).ways] == [("one", "two")]
