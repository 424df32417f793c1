"""Application Auto Scaling: targets and policies."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN

# The role that each service's targets are scaled with (Application Auto Scaling User Guide, "Service-linked roles").
_SCALED = {
    "appstream": ("appstream", "AppStreamFleet"),
    "comprehend": ("comprehend", "ComprehendEndpoint"),
    "dynamodb": ("dynamodb", "DynamoDBTable"),
    "ec2": ("ec2", "EC2SpotFleetRequest"),
    "ecs": ("ecs", "ECSService"),
    "elasticache": ("elasticache", "ElastiCacheRG"),
    "kafka": ("kafka", "KafkaCluster"),
    "lambda": ("lambda", "LambdaConcurrency"),
    "neptune": ("neptune", "NeptuneCluster"),
    "rds": ("rds", "RDSCluster"),
    "sagemaker": ("sagemaker", "SageMakerEndpoint"),
}


def _scaling_role(request: ResourceRequest, values: Values) -> Any:
    found = _SCALED.get(str(values.get("serviceNamespace")))
    if found is None:
        return UNKNOWN
    place = f"{found[0]}.application-autoscaling.amazonaws.com"
    role = f"AWSServiceRoleForApplicationAutoScaling_{found[1]}"
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
