"""What a role that starts ECS tasks needs: AWS's own policy for it, and the secrets that its task definitions name.

Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role": secretsmanager:GetSecretValue,
ssm:GetParameters, and kms:Decrypt where a key of one's own encrypts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.drills.ecs_roles import task_definitions
from lab_support.drills.keys import customer_key
from lab_support.iam.managed_policies import managed_policy
from lab_support.iam.policy import VERSION, Policy, Statement, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

_EXECUTION: Final = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
_READING: Final = {"secretsmanager": "secretsmanager:GetSecretValue", "ssm": "ssm:GetParameters"}


def execution_role_policy(plan: Plan, role: Resource | None = None) -> Policy:
    """A policy that allows what the work of starting takes; with a role, that of the tasks that it starts."""
    ours = managed_policy(_EXECUTION)
    assert ours is not None
    named = _secrets(plan, role) if role is not None else ()
    statements = [statement for arn in dict.fromkeys(named) for statement in _reading(plan, arn)]
    return Policy((*ours.statements, *statements), VERSION)


def _secrets(plan: Plan, role: Resource) -> Iterator[str]:
    """The ARNs of secrets and parameters that the task definitions with this execution role put into containers."""
    for definition in task_definitions(plan):
        if role in plan.referenced(definition, "execution_role_arn", "iam.Role"):
            for container in _containers(definition.get("container_definitions")):
                yield from _named_by(container)


def _containers(written: Any) -> Iterator[Mapping[str, Any]]:
    try:
        found = json.loads(written) if isinstance(written, str) else ()
    except ValueError:
        return
    yield from (each for each in found if isinstance(each, Mapping))


def _named_by(container: Mapping[str, Any]) -> Iterator[str]:
    options = container.get("logConfiguration") or {}
    listed = [*(container.get("secrets") or ()), *(options.get("secretOptions") or ())]
    places = [each.get("valueFrom") for each in listed if isinstance(each, Mapping)]
    places.append((container.get("repositoryCredentials") or {}).get("credentialsParameter"))
    for place in places:
        if isinstance(place, str) and place.startswith("arn:"):
            # A secret's ARN has seven parts; a JSON key, a stage and a version may follow.
            yield ":".join(place.split(":")[:7])


def _reading(plan: Plan, arn: str) -> tuple[Statement, ...]:
    action = _READING.get(arn.split(":")[2])
    if action is None:
        return ()
    return (
        *_allowing(action, arn),
        *(s for key in _keys_of(plan, arn) for s in _allowing("kms:Decrypt", key)),
    )


def _keys_of(plan: Plan, arn: str) -> Iterator[str]:
    """The ARNs of the program's keys that encrypt a secret or a parameter, or the password that RDS keeps in one."""
    for kind, prop, handle in (
        ("secretsmanager.Secret", "kms_key_id", "arn"),
        ("ssm.Parameter", "key_id", "arn"),
        ("rds.Instance", "master_user_secret_kms_key_id", "master_user_secrets"),
        ("rds.Cluster", "master_user_secret_kms_key_id", "master_user_secrets"),
    ):
        for holder in plan.of_type(kind):
            held = holder.get(handle)
            kept = held if isinstance(held, (list, tuple)) else [{"secret_arn": held}]
            arns = [each.get("secret_arn") for each in kept if isinstance(each, Mapping)]
            key = customer_key(plan, holder, prop) if arn in arns else None
            if key is not None:
                yield str(key.get("arn"))


def _allowing(action: str, arn: str) -> tuple[Statement, ...]:
    statement = {"Effect": "Allow", "Action": action, "Resource": arn}
    return parse({"Version": VERSION, "Statement": statement}).statements
