"""EventBridge: rules, targets, buses and connections."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, NameForm, ResourceSpec, name_length
from lab_support.plan.values import UNKNOWN

_EVENTS = "arn:{partition}:events:{region}:{account}:"


def _on_bus(name: str, separator: str) -> Any:
    """A rule's or target's handle: preceded by the bus, unless that is the default one."""

    def found(request: ResourceRequest, values: Values) -> Any:
        bus, own = values.get("eventBusName", "default"), values.get(name)
        if not isinstance(bus, str) or not isinstance(own, str):
            return UNKNOWN
        return own if bus == "default" else f"{bus.rpartition('/')[2]}{separator}{own}"

    return found


def _rule_arn(request: ResourceRequest, values: Values) -> Any:
    name = _on_bus("name", "/")(request, values)
    place = f"arn:{request.partition}:events:{request.region}:{request.account.id}"
    return name if name is UNKNOWN else f"{place}:rule/{name}"


def _target_id(request: ResourceRequest, values: Values) -> Any:
    rule, target = _on_bus("rule", "-")(request, values), values.get("targetId")
    return f"{rule}-{target}" if isinstance(rule, str) and isinstance(target, str) else UNKNOWN


SPECS = {
    "cloudwatch.EventRule": ResourceSpec(
        id=_on_bus("name", "/"),
        generated="terraform-",
        defaults={"arn": _rule_arn, "eventBusName": "default"},
        autoname=Autoname(longest=64),
        name_forms=(
            name_length("name", 1, 64),
            NameForm(r"[0-9A-Za-z_.-]*", "invalid value for name (must match [0-9A-Za-z_.-])"),
        ),
        overwrites=("eventBusName", "name"),
        force_new=("eventBusName",),
    ),
    "cloudwatch.EventTarget": ResourceSpec(
        id=_target_id,
        generated="terraform-",
        defaults={"eventBusName": "default"},
        name="targetId",
        autoname=Autoname(),
        overwrites=("eventBusName", "rule", "targetId"),
    ),
    "cloudwatch.EventBus": ResourceSpec(id="{name}", arn=_EVENTS + "event-bus/{name}"),
    "cloudwatch.EventPermission": ResourceSpec(id="{statementId}", defaults={"eventBusName": "default"}),
    "cloudwatch.EventArchive": ResourceSpec(
        id="{name}", arn=_EVENTS + "archive/{name}", defaults={"retentionDays": 0}
    ),
    "cloudwatch.EventConnection": ResourceSpec(
        id="{name}",
        arn=_EVENTS + "connection/{name}/{uuid}",
        computed={
            "secretArn": (
                "arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/{name}/{uuid}-{lower6}"
            )
        },
    ),
    "cloudwatch.EventApiDestination": ResourceSpec(
        id="{name}",
        arn=_EVENTS + "api-destination/{name}/{uuid}",
        defaults={"invocationRateLimitPerSecond": 300},
    ),
    "cloudwatch.EventBusPolicy": ResourceSpec(
        defaults={"eventBusName": "default"}, overwrites=("eventBusName",)
    ),
}
