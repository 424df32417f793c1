"""The task roles and the execution roles of a plan's ECS tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lab_support.iam.conditions import Context, holds
from lab_support.iam.matching import matches
from lab_support.iam.policy import PolicyError, Statement, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

SERVICE: Final = "ecs-tasks.amazonaws.com"
# Keys that a service's request for a role never has: they are for users, federation and third parties.
_NEVER_OF_ECS: Final = (
    "aws:multifactorauth",
    "aws:federatedprovider",
    "aws:principalorg",
    "aws:principaltag/",
    "aws:username",
    "cognito-identity.",
    "saml:",
    "sts:externalid",
)


@dataclass(frozen=True)
class EcsRole:
    """A role that ECS may assume. `used`: a task definition of the plan refers to it."""

    role: Resource
    used: bool


def task_definitions(plan: Plan) -> tuple[Resource, ...]:
    """The task definitions that the plan creates."""
    definitions = plan.of_type("ecs.TaskDefinition")
    return tuple(definition for definition in definitions if definition.op not in ("delete", "read"))


def task_roles(plan: Plan) -> tuple[EcsRole, ...]:
    """The roles that tasks run with, then unused roles that ECS may assume, which a task could be given."""
    used = _referenced_roles(plan, "task_role_arn")
    execution = _referenced_roles(plan, "execution_role_arn")
    unused = [
        role
        for role in plan.of_type("iam.Role")
        if role not in used and role not in execution and ecs_may_assume(plan, role)
    ]
    return (*(EcsRole(role, True) for role in used), *(EcsRole(role, False) for role in unused))


def execution_roles(plan: Plan) -> tuple[EcsRole, ...]:
    """The roles with which ECS starts tasks: it pulls images, reads secrets and writes logs."""
    return tuple(EcsRole(role, True) for role in _referenced_roles(plan, "execution_role_arn"))


def ecs_may_assume(plan: Plan, role: Resource) -> bool:
    """Whether the role's trust policy lets ECS tasks of this account assume it, as far as the plan can tell."""
    try:
        statements = parse(role.get("assume_role_policy", "")).statements
    except (PolicyError, TypeError):
        return False
    context = Context(_known_to_ecs(plan, role), unknown=True, never=_NEVER_OF_ECS)
    about_ecs = [statement for statement in statements if _is_about_ecs(statement)]
    allowed = any(s.allows and holds(s.conditions, context) is not False for s in about_ecs)
    return allowed and not any(not s.allows and holds(s.conditions, context) is True for s in about_ecs)


def _known_to_ecs(plan: Plan, role: Resource) -> dict[str, tuple[str, ...]]:
    """What ECS sends with its request (Amazon ECS Developer Guide, "Amazon ECS task IAM role"): the source's ARN is not
    that of a cluster, so policies have a wildcard there.
    """
    partition = str(role.get("arn", "")).partition(":")[2].partition(":")[0] or "aws"
    return {
        "aws:sourceaccount": (plan.account,),
        "aws:sourcearn": (f"arn:{partition}:ecs:{plan.region}:{plan.account}:task/a-task",),
        "aws:securetransport": ("true",),
    }


def _is_about_ecs(statement: Statement) -> bool:
    named = any(
        value in (SERVICE, "*") for kind, value in statement.principals or () if kind in ("Service", "*")
    )
    action = any(matches(value, "sts:AssumeRole", ignore_case=True) for value in statement.action.values)
    return named != statement.not_principals and action != statement.action.negated


def _referenced_roles(plan: Plan, prop: str) -> tuple[Resource, ...]:
    roles = (
        role
        for definition in task_definitions(plan)
        for role in plan.referenced(definition, prop, "iam.Role")
    )
    return tuple(dict.fromkeys(roles))
