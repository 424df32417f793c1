"""What happens when: EventBridge rules and schedules, Step Functions, and application auto scaling.

Formats: Service Authorization Reference, "Amazon EventBridge", "AWS Step Functions", "AWS Application Auto Scaling".
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.values import UNKNOWN

_EVENTS = "arn:{partition}:events:{region}:{account}:"


def _on_bus(name: str, separator: str) -> Any:
    """A rule's or target's handle: the bus stands before it, unless it is the default one."""

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


ROWS = {
    "cloudwatch.EventRule": ResourceSpec(
        id=_on_bus("name", "/"),
        generated="terraform-",
        defaults={"arn": _rule_arn, "eventBusName": "default", "forceDestroy": False, "state": "ENABLED"},
    ),
    "cloudwatch.EventTarget": ResourceSpec(
        id=_target_id,
        name="targetId",
        generated="terraform-",
        defaults={"eventBusName": "default", "forceDestroy": False},
    ),
    "cloudwatch.EventBus": ResourceSpec(id="{name}", arn=_EVENTS + "event-bus/{name}"),
    "cloudwatch.EventPermission": ResourceSpec(
        id="{statementId}",
        name="",
        defaults={"action": "events:PutEvents", "eventBusName": "default"},
    ),
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
    "scheduler.ScheduleGroup": ResourceSpec(
        id="{name}",
        arn="arn:{partition}:scheduler:{region}:{account}:schedule-group/{name}",
        generated="terraform-",
        computed={"state": "ACTIVE"},
    ),
    "scheduler.Schedule": ResourceSpec(
        id="{groupName}/{name}",
        arn="arn:{partition}:scheduler:{region}:{account}:schedule/{groupName}/{name}",
        generated="terraform-",
        defaults={
            "actionAfterCompletion": "NONE",
            "groupName": "default",
            "scheduleExpressionTimezone": "UTC",
            "state": "ENABLED",
        },
    ),
    "sfn.StateMachine": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        generated="terraform-",
        defaults={"publish": False, "type": "STANDARD"},
        computed={
            "description": "",
            "revisionId": "",
            "stateMachineVersionArn": "",
            "status": "ACTIVE",
            "versionDescription": "",
        },
    ),
    "appautoscaling.Target": ResourceSpec(
        id="{resourceId}",
        arn="arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/{hex34}",
        name="",
        defaults={"roleArn": _scaling_role},
    ),
    "appautoscaling.Policy": ResourceSpec(
        id="{name}",
        arn=(
            "arn:{partition}:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{serviceNamespace}/"
            "{resourceId}:policyName/{name}"
        ),
        defaults={"policyType": "StepScaling"},
        computed={"alarmArns": _scaling_alarms},
    ),
    "appautoscaling.ScheduledAction": ResourceSpec(
        id="{name}-{serviceNamespace}-{resourceId}",
        arn=(
            "arn:{partition}:autoscaling:{region}:{account}:scheduledAction:{uuid}:resource/{serviceNamespace}/"
            "{resourceId}:scheduledActionName/{name}"
        ),
        defaults={"timezone": "UTC"},
    ),
}
