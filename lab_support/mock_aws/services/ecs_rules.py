"""When ECS, or the provider before it, refuses a task definition; and what else is JSON that must be read."""

from __future__ import annotations

import json
from typing import Final

from lab_support.iam.document_faults import json_fault
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.invalid_input import InvalidInput

_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_TARGET_GROUP: Final = "aws:lb/targetGroup:TargetGroup"

# The memory (MiB) that Fargate has for each size of CPU (Amazon ECS Developer Guide, "Task CPU and memory").
_MEMORY: Final = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}


def policy_is_json(request: ResourceRequest, values: Values) -> None:
    """The policy on a resource, looked at by the provider."""
    text = values.get("policy")
    fault = json_fault("policy", text) if isinstance(text, str) else None
    if fault:
        raise InvalidInput("policy", fault)


def containers_are_json(request: ResourceRequest, values: Values) -> None:
    text = values.get("containerDefinitions")
    if not isinstance(text, str):
        return
    try:
        containers = json.loads(text)
    except ValueError as error:
        raise InvalidInput(
            "containerDefinitions", f"ECS Task Definition container_definitions is invalid: {error}"
        ) from None
    if not isinstance(containers, list):
        text = "ECS Task Definition container_definitions is invalid: it is not a list"
        raise InvalidInput("containerDefinitions", text)


def fits_fargate(request: ResourceRequest, values: Values) -> None:
    """What a task needs to run on Fargate: sizes of the task, and the network mode."""
    if "FARGATE" not in (values.get("requiresCompatibilities") or ()):
        return
    if values.get("networkMode") != "awsvpc":
        raise CreationRefused("ClientException", "Fargate only supports network mode ‘awsvpc’.")
    for size in ("cpu", "memory"):
        if not values.get(size):
            text = f"Fargate requires that '{size}' be defined at the task level."
            raise CreationRefused("ClientException", text)
    cpu, memory = str(values["cpu"]), str(values["memory"])
    if cpu.isdigit() and memory.isdigit() and int(memory) not in _MEMORY.get(int(cpu), ()):
        text = f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."
        raise CreationRefused("ClientException", text)


def network_fits(request: ResourceRequest, values: Values) -> None:
    """What a service needs for the network mode of its tasks: subnets, and target groups of addresses."""
    tasks = request.account.find(values.get("taskDefinition"), _TASK_DEFINITION, region=request.region)
    mode = tasks.values.get("networkMode") if tasks is not None else None
    if not isinstance(mode, str):
        return
    if mode == "awsvpc" and values.get("networkConfiguration") is None:
        text = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        raise CreationRefused("InvalidParameterException", text)
    for balancer in values.get("loadBalancers") or ():
        arn = balancer.get("targetGroupArn")
        group = request.account.find(arn, _TARGET_GROUP, region=request.region)
        kind = group.values.get("targetType") if group is not None else None
        if kind in ("instance", "ip") and (kind == "ip") != (mode == "awsvpc"):
            raise CreationRefused(
                "InvalidParameterException",
                f"The provided target group {arn} has target type {kind}, which is incompatible with the {mode} "
                "network mode specified in the task definition.",
            )
