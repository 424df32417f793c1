"""The EventBridge rules that an alarm's change to ALARM matches, and their targets.

CloudWatch sends an event to the account's default bus whenever an alarm changes its state, whatever its actions are
(CloudWatch User Guide, "Alarm events and EventBridge"). What a rule matches: Amazon EventBridge User Guide, "Amazon
EventBridge event patterns"; a pattern with an operator that is not known here matches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from lab_support.alarms.definitions import Alarm
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


def targets_of(plan: Plan, alarm: Alarm) -> Iterator[tuple[Resource, str]]:
    """The rules that an alarm's change from OK to ALARM matches, each with the ARN of one of its targets."""
    event = _event(plan, alarm)
    rules = [rule for rule in plan.of_type("cloudwatch.EventRule") if _is_on(rule, alarm)]
    for rule in rules:
        if not _matches(_pattern(rule), event):
            continue
        for target in plan.of_type("cloudwatch.EventTarget"):
            if rule in plan.referenced(target, "rule") or target.get("rule") == rule.get("name"):
                yield rule, str(target.get("arn"))


def _event(plan: Plan, alarm: Alarm) -> dict[str, Any]:
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


def _matches(pattern: Any, event: Any) -> bool:
    """Whether an event has a value that each field of a pattern accepts."""
    if isinstance(pattern, Mapping):
        held = event if isinstance(event, Mapping) else {}
        return bool(pattern) and all(
            any(_matches(one, held) for one in wanted) if name == "$or" else _matches(wanted, held.get(name))
            for name, wanted in pattern.items()
        )
    values = event if isinstance(event, list) else [event]
    return isinstance(pattern, list) and any(_accepts(one, value) for one in pattern for value in values)


def _accepts(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return value is not None and wanted == value
    text = value if isinstance(value, str) else ""
    match next(iter(wanted.items()), None):
        case ("exists", bool(is_there)):
            return is_there is (value is not None)
        case ("prefix", str(start)):
            return bool(text) and text.startswith(start)
        case ("suffix", str(end)):
            return bool(text) and text.endswith(end)
        case ("equals-ignore-case", str(other)):
            return text.lower() == other.lower()
        case ("wildcard", str(form)):
            return fnmatchcase(text, form.replace("[", "[[]").replace("?", "[?]"))
        case ("anything-but", str(other)):
            return bool(text) and text != other
        case ("anything-but", list(others)):
            return bool(text) and text not in others
    return False
