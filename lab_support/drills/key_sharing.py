"""Whether another environment's tasks may use a key of this one, by the key's policy alone.

A statement for a role needs no IAM policy beside it, so a pattern that fits the roles of several environments opens the
key of each to all of them (AWS KMS Developer Guide, "Key policies in AWS KMS").
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lab_support.drills.notices import key_policy
from lab_support.drills.streams import other_environments
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.evaluate import AccessRequest, applies
from lab_support.iam.policy import PolicyError, Statement, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["shared_with"]  # what notebooks import from lab_support

_USE: Final = ("kms:Decrypt", "kms:GenerateDataKey")


def shared_with(plan: Plan, key: Resource) -> tuple[str, ...]:
    """The ARNs of roles that the key's policy lets use it, as the plan's roles are called in another environment."""
    policy = key_policy(plan, key)
    try:
        statements = parse(policy).statements if isinstance(policy, (str, dict)) else ()
    except PolicyError:
        return ()
    roles = [role for role in plan.of_type("iam.Role") if plan.stack in str(role.get("arn", ""))]
    found = (
        next(
            (
                arn
                for other in other_environments(plan.stack)
                if (arn := _used_by(plan, key, role, other, statements))
            ),
            "",
        )
        for role in roles
    )
    return tuple(filter(None, found))


def _used_by(plan: Plan, key: Resource, role: Resource, other: str, statements: tuple[Statement, ...]) -> str:
    """The ARN of a role in another environment, if it may use the key itself, with no service in between."""
    arn = str(role.get("arn")).replace(plan.stack, other)
    context = TaskRequests(plan, role, unknown=False).to_kms(str(key.get("arn")))
    of_role = {
        name: tuple(value.replace(plan.stack, other) for value in values)
        for name, values in context.values.items()
        if name.startswith("aws:principal")
    } | {"aws:userid": ("AROANEIGHBOUR:task",)}
    principals = {("*", "*"), ("AWS", "*"), ("AWS", arn)}
    about = [
        statement
        for statement in statements
        if (not principals.isdisjoint(statement.principals or ())) is not statement.not_principals
    ]
    for action in _USE:
        request = AccessRequest(
            action, str(key.get("arn")), replace(context, values={**context.values, **of_role})
        )
        met = [statement.allows for statement in about if applies(statement, request)]
        if met and all(met):
            return arn
    return ""
