"""What keeps ECS from starting a task, apart from exclusive attachments: how a secret is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab_support.drills.starting import refused_at_start
from lab_support.plan.values import UNKNOWN_MARK
from tests.drills.test_execution_role_policy import (
    PARAMETER,
    READ,
    TOKEN,
    a_definition,
    allow,
    system,
    with_secrets,
)
from tests.drills.test_side_by_side import TRUST
from tests.plans import a_plan


def refused(source: str, *statements: dict[str, str]) -> str:
    definition = a_definition(with_secrets(source))
    plan = system(definition, *statements)
    trusted = {"assume_role_policy": TRUST}
    resources = (
        replace(resource, outputs={**resource.outputs, **trusted})
        if resource.kind == "iam.Role"
        else resource
        for resource in plan
    )
    return refused_at_start(a_plan(*resources), definition)


@pytest.mark.parametrize("source", [TOKEN, f"{TOKEN}:password::", f"{TOKEN}:::"])
def test_a_task_starts_with_a_secret_that_its_role_may_read(source: str) -> None:
    assert refused(source, allow(READ, TOKEN)) == ""
    assert refused(source).startswith(f"{READ} on ")


@pytest.mark.parametrize(
    "source", [f"{TOKEN}:password", f"{TOKEN}:password:", "arn:aws:s3:::bucket/password"]
)
def test_a_task_does_not_start_with_a_secret_that_ecs_cannot_read(source: str) -> None:
    assert (
        refused(source, allow(READ, "*"), allow("s3:GetObject", "*"))
        == f"{source} as the valueFrom of SECRET"
    )


@pytest.mark.parametrize("name", ["/alerts/level", PARAMETER])
def test_a_parameter_may_be_given_by_its_name(name: str) -> None:
    assert refused(name, allow("ssm:GetParameters", PARAMETER)) == ""
    assert refused(name, allow(READ, "*")) == f"ssm:GetParameters on {PARAMETER}"


def test_what_is_not_known_before_deployment_is_not_refused_for_its_form() -> None:
    assert refused(f"{TOKEN}{UNKNOWN_MARK}:password", allow(READ, "*")) == ""
