"""The permissions that an ECS task execution role needs: AWS's managed policy, and access to its tasks' secrets.

Source: Amazon ECS Developer Guide, "Amazon ECS task execution IAM role": secretsmanager:GetSecretValue,
ssm:GetParameters, and kms:Decrypt if a customer managed key encrypts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lab_support.drills.ecs_roles import task_definitions
from lab_support.drills.keys import customer_key
from lab_support.iam.managed_policies import managed_policy
from lab_support.iam.policy import VERSION, Policy, Statement, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN_MARK

_EXECUTION: Final = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
READ_ACTIONS: Final = {"secretsmanager": "secretsmanager:GetSecretValue", "ssm": "ssm:GetParameters"}


def execution_role_policy(plan: Plan, role: Resource | None = None) -> Policy:
    """A policy with what starting tasks needs; with a role, also the secrets of the tasks that this role starts."""
    managed = managed_policy(_EXECUTION)
    assert managed is not None
    secrets = reading_policy(plan, _secrets(plan, role) if role is not None else ())
    return Policy((*managed.statements, *secrets.statements), VERSION)


def reading_policy(plan: Plan, arns: Iterable[str]) -> Policy:
    """A policy with what reading these secrets and parameters takes."""
    statements = (statement for arn in dict.fromkeys(arns) for statement in _reading(plan, arn))
    return Policy(tuple(statements), VERSION)


def _secrets(plan: Plan, role: Resource) -> Iterator[str]:
    """The ARNs of the secrets and parameters in the containers of task definitions with this execution role."""
    for definition in task_definitions(plan):
        if role in plan.referenced(definition, "execution_role_arn", "iam.Role"):
            for container in containers_of(definition):
                yield from _secrets_of(plan, container)


def containers_of(definition: Resource) -> tuple[Mapping[str, Any], ...]:
    """The containers of a task definition; none if they cannot be read."""
    written = definition.get("container_definitions")
    try:
        found = json.loads(written) if isinstance(written, str) else ()
    except ValueError:
        return ()
    return tuple(container for container in found if isinstance(container, Mapping))


def secret_arn(value: Any) -> str | None:
    """The ARN of a secret or a parameter in a text such as `ARN:json-key:stage:version`; None in any other text."""
    # A secret's ARN has seven parts.
    return ":".join(value.split(":")[:7]) if isinstance(value, str) and value.startswith("arn:") else None


def injected_arn(plan: Plan, value_from: Any) -> str | None:
    """The ARN of what ECS injects for a `valueFrom`; None if ECS cannot read it, or it is not known.

    It is the ARN of a secret, with the parts that json_key() reads, or a parameter's ARN, or its name if it is in the
    task's Region (Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container").
    """
    if not isinstance(value_from, str) or not value_from or UNKNOWN_MARK in value_from:
        return None
    if not value_from.startswith("arn:"):
        return f"arn:aws:ssm:{plan.region}:{plan.account}:parameter/{value_from.lstrip('/')}"
    service = value_from.split(":")[2]
    is_read = service == "ssm" or (service == "secretsmanager" and json_key(value_from) is not None)
    return secret_arn(value_from) if is_read else None


def json_key(value_from: str) -> str | None:
    """The JSON key that ECS takes from a secret in Secrets Manager; empty where it takes the whole secret.

    None if ECS cannot read the text: what follows the ARN is `:json-key:version-stage:version-id`, with all three
    colons even where a part is empty (Amazon ECS Developer Guide, "Pass Secrets Manager secrets through Amazon ECS
    environment variables").
    """
    parts = value_from.split(":")[7:]
    return "" if not parts else parts[0] if len(parts) == 3 else None


def injected(container: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What ECS injects into a container, and into the options of its log driver."""
    options = container.get("logConfiguration") or {}
    for secret in (*(container.get("secrets") or ()), *(options.get("secretOptions") or ())):
        if isinstance(secret, Mapping):
            yield secret


def _secrets_of(plan: Plan, container: Mapping[str, Any]) -> Iterator[str]:
    for secret in injected(container):
        source = secret.get("valueFrom")
        yield from filter(None, [secret_arn(source) or injected_arn(plan, source)])
    credentials = (container.get("repositoryCredentials") or {}).get("credentialsParameter")
    yield from filter(None, [secret_arn(credentials)])


def _reading(plan: Plan, arn: str) -> tuple[Statement, ...]:
    """The statements that allow reading a secret or a parameter, and decrypting it with the program's key."""
    action = READ_ACTIONS.get(arn.split(":")[2])
    if action is None:
        return ()
    return (
        *_allowing(action, arn),
        *(s for key in _keys_of(plan, arn) for s in _allowing("kms:Decrypt", key)),
    )


def _keys_of(plan: Plan, arn: str) -> Iterator[str]:
    """The ARNs of the program's keys that encrypt a secret or a parameter, including passwords that RDS stores."""
    for kind, key_property, secret_property in (
        ("secretsmanager.Secret", "kms_key_id", "arn"),
        ("ssm.Parameter", "key_id", "arn"),
        ("rds.Instance", "master_user_secret_kms_key_id", "master_user_secrets"),
        ("rds.Cluster", "master_user_secret_kms_key_id", "master_user_secrets"),
    ):
        for resource in plan.of_type(kind):
            value = resource.get(secret_property)
            secrets = value if isinstance(value, (list, tuple)) else [{"secret_arn": value}]
            arns = [secret.get("secret_arn") for secret in secrets if isinstance(secret, Mapping)]
            key = customer_key(plan, resource, key_property) if arn in arns else None
            if key is not None:
                yield str(key.get("arn"))


def _allowing(action: str, arn: str) -> tuple[Statement, ...]:
    statement = {"Effect": "Allow", "Action": action, "Resource": arn}
    return parse({"Version": VERSION, "Statement": statement}).statements
