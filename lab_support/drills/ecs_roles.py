"""The roles that ECS tasks run with, and those that start them, in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lab_support.iam.conditions import Context, holds
from lab_support.iam.matching import matches
from lab_support.iam.policy import PolicyError, Statement, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

SERVICE: Final = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True)
class EcsRole:
    """A role that tasks can have. `used`: a task definition of the plan names it."""

    role: Resource
    used: bool


def task_definitions(plan: Plan) -> tuple[Resource, ...]:
    """The task definitions that the plan creates."""
    return tuple(each for each in plan.of_type("ecs.TaskDefinition") if each.op not in ("delete", "read"))


def task_roles(plan: Plan) -> tuple[EcsRole, ...]:
    """The roles that tasks run with, then those that a task could be given: ECS may assume them, nobody names them."""
    used = _named(plan, "task_role_arn")
    starting = _named(plan, "execution_role_arn")
    spare = [
        role
        for role in plan.of_type("iam.Role")
        if role not in used and role not in starting and is_trusted(plan, role)
    ]
    return (*(EcsRole(role, True) for role in used), *(EcsRole(role, False) for role in spare))


def execution_roles(plan: Plan) -> tuple[EcsRole, ...]:
    """The roles with which ECS itself pulls images and writes logs."""
    return tuple(EcsRole(role, True) for role in _named(plan, "execution_role_arn"))


def is_trusted(plan: Plan, role: Resource) -> bool:
    """Whether the role's trust policy lets ECS tasks of this account assume it, as far as it can be known."""
    try:
        statements = parse(role.get("assume_role_policy", "")).statements
    except (PolicyError, TypeError):
        return False
    context = Context({"aws:sourceaccount": (plan.account,), "aws:securetransport": ("true",)}, unknown=True)
    meant = [each for each in statements if _means_ecs(each)]
    allowed = any(s.allows and holds(s.conditions, context) is not False for s in meant)
    return allowed and not any(not s.allows and holds(s.conditions, context) is True for s in meant)


def _means_ecs(statement: Statement) -> bool:
    named = any(
        value in (SERVICE, "*") for kind, value in statement.principals or () if kind in ("Service", "*")
    )
    action = any(matches(each, "sts:AssumeRole", ignore_case=True) for each in statement.action.values)
    return named != statement.not_principals and action != statement.action.negated


def _named(plan: Plan, prop: str) -> tuple[Resource, ...]:
    found = (role for each in task_definitions(plan) for role in plan.referenced(each, prop, "iam.Role"))
    return tuple(dict.fromkeys(found))
