"""Names that AWS gives a second time without an error, so that two environments get one and the same thing.

- Amazon SQS API Reference, CreateQueue, and Amazon SNS API Reference, CreateTopic: a request with the name and the
  attributes of what exists returns that.
- Amazon CloudWatch API Reference, PutMetricAlarm, PutCompositeAlarm and PutDashboard, and Amazon EventBridge API
  Reference, PutRule: a request with the name of what exists replaces its content.
"""

from __future__ import annotations

from typing import Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN_MARK
from lab_support.review.environment_pair import is_created

_SAME: Final = (
    "AWS creates no second one in the same account, so both use the same one, and destroying one environment deletes "
    "it for both"
)
_REPLACED: Final = (
    "in the same account, a deployment of one replaces the other's without an error, and destroying one environment "
    "deletes it for both"
)
# The property that names each kind, and what the second request does.
_KINDS: Final = {
    "sqs.Queue": ("name", _SAME),
    "sns.Topic": ("name", _SAME),
    "cloudwatch.MetricAlarm": ("name", _REPLACED),
    "cloudwatch.CompositeAlarm": ("alarm_name", _REPLACED),
    "cloudwatch.Dashboard": ("dashboard_name", _REPLACED),
    "cloudwatch.EventRule": ("name", _REPLACED),
}


def shared_name(resource: Resource, other: Plan) -> tuple[str, str, str] | None:
    """The argument, the name and the consequence if the other environment's program chooses the same name.

    None if it does not, or if AWS refuses it (`rollout` says so).
    """
    argument, consequence = _KINDS.get(resource.kind, ("", ""))
    key = _key(resource, argument)
    if not key or not any(
        _key(twin, argument) == key for twin in other.of_type(resource.kind) if is_created(twin)
    ):
        return None
    return argument, key[0], consequence


def _key(resource: Resource, argument: str) -> tuple[str, ...]:
    """The name that the program chooses, with what it is unique within; empty if it chooses none."""
    name = resource.inputs.get(argument) if argument not in resource.defaults | resource.secrets else None
    if not isinstance(name, str) or not name or UNKNOWN_MARK in name:
        return ()
    return name, str(resource.get("region")), str(resource.get("event_bus_name"))
