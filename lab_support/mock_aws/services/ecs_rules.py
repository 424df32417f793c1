"""When ECS, or the provider before it, refuses a task definition; and what else is JSON that must be read."""

from __future__ import annotations

import json

from lab_support.mock_aws.aws_errors import CreationRefused, InvalidInput
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services.iam_documents import json_fault


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
        raise InvalidInput(
            "containerDefinitions", "ECS Task Definition container_definitions is invalid: it is not a list"
        )


def roles_are_arns(request: ResourceRequest, values: Values) -> None:
    for prop, name in (("taskRoleArn", "task_role_arn"), ("executionRoleArn", "execution_role_arn")):
        arn = values.get(prop)
        if isinstance(arn, str) and arn and not arn.startswith("arn:"):
            raise InvalidInput(prop, f'"{name}" ({arn}) is an invalid ARN: arn: invalid prefix')


def fits_fargate(request: ResourceRequest, values: Values) -> None:
    """What a task needs to run on Fargate: sizes of the task, and the network mode."""
    if "FARGATE" not in (values.get("requiresCompatibilities") or ()):
        return
    if values.get("networkMode") != "awsvpc":
        raise CreationRefused("ClientException", "Fargate only supports network mode ‘awsvpc’.")
    for size in ("cpu", "memory"):
        if not values.get(size):
            raise CreationRefused(
                "ClientException", f"Fargate requires that '{size}' be defined at the task level."
            )
