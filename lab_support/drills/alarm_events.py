"""The EventBridge rules that an alarm's change to ALARM matches, and their targets.

CloudWatch sends an event to the account's default bus whenever an alarm changes its state, whatever its actions are
(CloudWatch User Guide, "Alarm events and EventBridge").
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lab_support.alarms.definitions import Alarm
from lab_support.drills.event_patterns import matches_pattern
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


def targets_of(plan: Plan, alarm: Alarm) -> Iterator[tuple[Resource, str]]:
    """The rules that an alarm's change from OK to ALARM matches, each with the ARN of one of its targets."""
    event = event_of(plan, alarm)
    rules = [rule for rule in plan.of_type("cloudwatch.EventRule") if _is_on(rule, alarm)]
    for rule in rules:
        if not matches_pattern(_pattern(rule), event):
            continue
        for target in plan.of_type("cloudwatch.EventTarget"):
            if rule in plan.referenced(target, "rule") or target.get("rule") == rule.get("name"):
                yield rule, str(target.get("arn"))


def event_of(plan: Plan, alarm: Alarm) -> dict[str, Any]:
    """The event of an alarm's change from OK to ALARM."""
    names = (alarm.resource.get(name) for name in ("name", "alarm_name"))
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "account": plan.account,
        "region": alarm.region,
        "resources": [alarm.resource.get("arn")],
        "detail": {
            "alarmName": next((name for name in names if name is not None), None),
            "state": {"value": "ALARM"},
            "previousState": {"value": "OK"},
        },
    }


def _is_on(rule: Resource, alarm: Alarm) -> bool:
    is_enabled = rule.get("state", "ENABLED") != "DISABLED" and rule.get("is_enabled", True) is not False
    is_default = rule.get("event_bus_name", "default") == "default"
    return is_enabled and is_default and rule.get("region", alarm.region) == alarm.region


def _pattern(rule: Resource) -> Any:
    try:
        return json.loads(rule.get("event_pattern", ""))
    except (TypeError, ValueError):
        return None
