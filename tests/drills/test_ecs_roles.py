"""The roles of ECS tasks: those in use, and unused ones that ECS may assume."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.drills.ecs_roles import ecs_may_assume, execution_roles, task_roles
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

ECS = {"Service": "ecs-tasks.amazonaws.com"}


def a_role(name: str, **statement: Any) -> Resource:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ECS, **statement}
    arn = f"arn:aws:iam::123456789012:role/{name}"
    return a_resource("iam.Role", name, id=name, arn=arn, assume_role_policy=json.dumps({"Statement": trust}))


def test_roles_are_found_by_their_use() -> None:
    roles = [a_role("task"), a_role("execution"), a_role("unused"), a_role("other", Principal={"AWS": "*"})]
    tasks = a_resource(
        "ecs.TaskDefinition",
        "tasks",
        task_role_arn=roles[0]["arn"],
        execution_role_arn=roles[1]["arn"],
    )
    plan = a_plan(*roles, tasks)
    assert [(found.role.name, found.used) for found in task_roles(plan)] == [
        ("task", True),
        ("unused", False),
    ]
    assert [found.role.name for found in execution_roles(plan)] == ["execution"]


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ({}, True),
        ({"Action": "sts:*"}, True),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, False),
        ({"Action": "sts:TagSession"}, False),
        ({"Effect": "Deny"}, False),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}, True),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:ap-southeast-1:123456789012:*"}}}, True),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:123456789012:*"}}}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:123456789012:*"}}}, False),
        ({"Condition": {"StringEquals": {"sts:ExternalId": "any"}}}, False),
        ({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, False),
        ({"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}, True),
    ],
)
def test_a_trust_policy_decides_whether_ecs_may_assume_a_role(
    statement: dict[str, Any], allowed: bool
) -> None:
    role = a_role("role", **statement)
    assert ecs_may_assume(a_plan(role), role) is allowed


def test_an_unknown_trust_policy_allows_nothing() -> None:
    role = a_resource("iam.Role", "role", id="role", assume_role_policy=UNKNOWN)
    assert not ecs_may_assume(a_plan(role), role)
