"""Whether another environment's tasks may use a key of this one, by the key's policy alone.

A statement for a role needs no IAM policy beside it, so a pattern that fits the roles of several environments opens the
key of each to all of them (AWS KMS Developer Guide, "Key policies in AWS KMS").
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lab_support.drills.outsiders import statements_of
from lab_support.drills.streams import other_environments
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, applies
from lab_support.iam.policy import Statement
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["shared_with"]  # what notebooks import from lab_support

_USE: Final = ("kms:Decrypt", "kms:GenerateDataKey")


def shared_with(plan: Plan, key: Resource) -> tuple[str, ...]:
    """The ARNs of roles that the key's policy lets use it, as the plan's roles are called in another environment."""
    statements = statements_of(plan, key)
    found = []
    for role in plan.of_type("iam.Role"):
        if plan.stack in str(role.get("arn", "")):
            context = TaskRequests(plan, role, unknown=False).to_kms(str(key.get("arn")))
            there = (_in_environment(context, plan.stack, other) for other in other_environments(plan.stack))
            found += [_arn(request) for request in there if _may_use(request, key, statements)][:1]
    return tuple(found)


def _in_environment(context: Context, environment: str, other: str) -> Context:
    """The context of the same request with the role of another environment, which has its names, its tags and an id."""
    of_role = {
        name: tuple(value.replace(environment, other) for value in values)
        for name, values in context.values.items()
        if name.startswith("aws:principal")
    }
    return replace(context, values={**context.values, **of_role, "aws:userid": ("AROANEIGHBOUR:task",)})


def _arn(context: Context) -> str:
    return context.values["aws:principalarn"][0]


def _may_use(context: Context, key: Resource, statements: tuple[Statement, ...]) -> bool:
    """Whether the policy lets the role of a request use the key itself, with no service in between."""
    principals = {("*", "*"), ("AWS", "*"), ("AWS", _arn(context))}
    about = [
        statement
        for statement in statements
        if (not principals.isdisjoint(statement.principals or ())) is not statement.not_principals
    ]
    for action in _USE:
        request = AccessRequest(action, str(key.get("arn")), context)
        met = [statement.allows for statement in about if applies(statement, request)]
        if met and all(met):
            return True
    return False
