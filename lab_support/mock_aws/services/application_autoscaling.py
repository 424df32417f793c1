"""Application Auto Scaling: targets and policies."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.data import read
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN


def _scaling_role(request: ResourceRequest, values: Values) -> Any:
    """The role that the targets of a service are scaled with."""
    service = str(values.get("serviceNamespace"))
    end = read("service_linked_roles")["scaling"].get(service)
    if end is None:
        return UNKNOWN
    place = f"{service}.application-autoscaling.amazonaws.com"
    role = f"AWSServiceRoleForApplicationAutoScaling_{end}"
    return f"arn:{request.partition}:iam::{request.account.id}:role/aws-service-role/{place}/{role}"


def _scaling_alarms(request: ResourceRequest, values: Values) -> Any:
    """A policy that tracks a target has two alarms of its own: for too much and for too little."""
    target = values.get("resourceId")
    if values.get("policyType") != "TargetTrackingScaling":
        return []
    if not isinstance(target, str):
        return UNKNOWN
    place = f"arn:{request.partition}:cloudwatch:{request.region}:{request.account.id}"
    return [
        f"{place}:alarm:TargetTracking-{target}-{which}-{identifiers.uuid_of(f'{request.seed}:{which}')}"
        for which in ("AlarmHigh", "AlarmLow")
    ]


SPECS = {
    "appautoscaling.Target": ResourceSpec(
        id="{resourceId}",
        arn="arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/{hex34}",
        defaults={"roleArn": _scaling_role},
        overwrites=("serviceNamespace", "resourceId", "scalableDimension"),
    ),
    "appautoscaling.Policy": ResourceSpec(
        id="{name}",
        arn=(
            "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{serviceNamespace}/"
            "{resourceId}:policyName/{name}"
        ),
        computed={"alarmArns": _scaling_alarms},
        overwrites=("serviceNamespace", "resourceId", "scalableDimension", "name"),
    ),
    "appautoscaling.ScheduledAction": ResourceSpec(
        id="{name}-{serviceNamespace}-{resourceId}",
        arn=(
            "arn:{partition}:autoscaling:{region}:{account}:scheduledAction:{uuid}:resource/{serviceNamespace}/"
            "{resourceId}:scheduledActionName/{name}"
        ),
    ),
}
