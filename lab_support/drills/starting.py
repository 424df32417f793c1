"""What ECS calls with the execution role before a task starts, and the first of these calls that AWS refuses.

Amazon ECS Developer Guide, "Amazon ECS task execution IAM role": ECS pulls images from Amazon ECR, creates log streams
for the awslogs driver, and reads secrets. A task for which it may not do so does not start. Neither does one with a
`valueFrom` that ECS cannot read: it stops with a `ResourceInitializationError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.drills.ecs_roles import ecs_may_assume
from lab_support.drills.execution_role_policy import READ_ACTIONS, containers_of, injected, injected_arn
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.evaluate import AccessRequest, decide
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN_MARK

__all__ = ["log_groups"]  # what notebooks import from lab_support

_ECR: Final = re.compile(r"(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com/([^:@]+)")
_PULL: Final = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")


def refused_at_start(plan: Plan, definition: Resource) -> str:
    """The first thing that AWS refuses when a task of this definition starts, in words; empty if it starts."""
    for container in containers_of(definition):
        for secret in injected(container):
            source = secret.get("valueFrom")
            if isinstance(source, str) and UNKNOWN_MARK not in source and injected_arn(plan, source) is None:
                return f"{source} as the valueFrom of {secret.get('name')}"
    calls = [call for container in containers_of(definition) for call in _calls(plan, container)]
    roles = plan.referenced(definition, "execution_role_arn", "iam.Role")
    if not roles:
        # A role of another program is not known here; without one, ECS can call nothing.
        return (
            "" if not calls or definition.get("execution_role_arn") else f"{calls[0][0]}, for want of a role"
        )
    for role in roles:
        if not ecs_may_assume(plan, role):
            return f"sts:AssumeRole on {role.name}"
        policies, requests = policies_of(plan, role).policies, TaskRequests(plan, role, unknown=False)
        for action, arn in calls:
            if not decide(AccessRequest(action, arn, requests(arn)), policies).allowed:
                return f"{action} on {arn}"
    return ""


def log_groups(definition: Resource) -> tuple[str, ...]:
    """The names of the log groups that the containers of a definition write to through the awslogs driver."""
    return tuple(name for container in containers_of(definition) if (name := _log_group(container)))


def _calls(plan: Plan, container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The actions and their resources, in the order in which a task needs them."""
    image = _ECR.match(str(container.get("image", "")))
    if image is not None:
        account, region, repository = image.groups()
        yield "ecr:GetAuthorizationToken", "*"
        yield from ((action, f"arn:aws:ecr:{region}:{account}:repository/{repository}") for action in _PULL)
    for secret in injected(container):
        arn = injected_arn(plan, secret.get("valueFrom"))
        if arn is not None:
            yield READ_ACTIONS[arn.split(":")[2]], arn
    group = _log_group(container)
    if group:
        name = container.get("name", "app")
        stream = (
            f"arn:aws:logs:{plan.region}:{plan.account}:log-group:{group}:log-stream:{name}/{name}/0a1b2c3d"
        )
        yield from (("logs:CreateLogStream", stream), ("logs:PutLogEvents", stream))


def _log_group(container: Mapping[str, Any]) -> str:
    options = container.get("logConfiguration") or {}
    if options.get("logDriver") != "awslogs":
        return ""
    return str((options.get("options") or {}).get("awslogs-group", ""))
