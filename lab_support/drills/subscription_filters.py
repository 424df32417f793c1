"""Which notices of an alarm the filter policies of a topic's subscriptions let through.

A filter policy is about a message's attributes unless its scope is the body, and CloudWatch sends no attributes (Amazon
SNS Developer Guide, "Amazon SNS subscription filter policy scope"). The body has the fields of CloudWatch's notices.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lab_support.alarms.definitions import Alarm
from lab_support.drills.event_patterns import matches_pattern
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


def message_of(plan: Plan, alarm: Alarm) -> dict[str, Any]:
    """The body of the message that an alarm publishes when it changes from OK to ALARM."""
    value = alarm.resource.get
    dimensions = value("dimensions")
    return {
        "AlarmName": value("name"),
        "AlarmDescription": value("alarm_description"),
        "AlarmArn": value("arn"),
        "AWSAccountId": plan.account,
        "NewStateValue": "ALARM",
        "OldStateValue": "OK",
        "AlarmActions": value("alarm_actions"),
        "Trigger": {
            "MetricName": value("metric_name"),
            "Namespace": value("namespace"),
            "Dimensions": [
                {"name": name, "value": of}
                for name, of in (dimensions.items() if isinstance(dimensions, Mapping) else ())
            ],
        },
    }


def dropped(plan: Plan, topic: Resource, message: Mapping[str, Any]) -> str:
    """Why no subscription of a topic gets a message; empty if one does, or if there is none."""
    subscriptions = [
        subscription
        for subscription in plan.of_type("sns.TopicSubscription")
        if topic in plan.referenced(subscription, "topic", "sns.Topic")
    ]
    if not subscriptions or any(_passes(subscription, message) for subscription in subscriptions):
        return ""
    return f"the filter policy of {subscriptions[0].name} drops the notice"


def _passes(subscription: Resource, message: Mapping[str, Any]) -> bool:
    try:
        policy = json.loads(subscription.get("filter_policy") or "{}")
    except (TypeError, ValueError):  # not known until the program is deployed
        return True
    is_of_body = subscription.get("filter_policy_scope") == "MessageBody"
    return not policy or matches_pattern(policy, message if is_of_body else {})
