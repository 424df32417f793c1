"""The side-by-side drill: which deployment takes a policy from whom, and whose tasks start at the end."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lab_support.drills.side_by_side import SideBySide, side_by_side
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from tests.plans import a_plan, a_resource

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)


def an_attachment(kind: str, name: str, **given: Any) -> Resource:
    return a_resource(f"iam.{kind}", name, inputs={"policy_arn": POLICY, **given}, policy_arn=POLICY, **given)


def an_environment(stack: str, *kinds: str, log_group: str = "logs", **of_role: Any) -> Plan:
    """A task definition that logs, its execution role, and attachments of these kinds."""
    role = f"role-{stack}"
    container = {
        "name": "app",
        "image": "amazon/aws-cli",
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": log_group}},
    }
    given: dict[str, dict[str, Any]] = {
        "PolicyAttachment": {"roles": [role]},
        "RolePolicyAttachment": {"role": role},
    }
    arn = f"arn:aws:iam::123456789012:role/{role}"
    plan = a_plan(
        a_resource(
            "iam.Role",
            role,
            id=role,
            name=role,
            arn=arn,
            assume_role_policy=TRUST,
            inputs=of_role,
            **of_role,
        ),
        *(an_attachment(kind, f"{kind}-{stack}", **given[kind]) for kind in kinds),
        a_resource(
            "ecs.TaskDefinition",
            f"task-{stack}",
            execution_role_arn=arn,
            container_definitions=json.dumps([container]),
        ),
        stack=stack,
    )
    return replace(plan, resources=tuple(replace(r, urn=f"{stack}::{r.urn}") for r in plan))


def taken(report: SideBySide) -> list[tuple[str, str]]:
    return [(eviction.by.name, eviction.lost.name) for eviction in report.evictions]


def started(report: SideBySide) -> list[str]:
    return [start.environment for start in report.starts if not start.refused]


def test_the_environment_that_was_deployed_later_evicts_the_earlier_one() -> None:
    report = side_by_side(an_environment(stack, "PolicyAttachment") for stack in ("dev", "prod"))
    assert [(step.environment, step.is_first) for step in report.steps] == [
        ("dev", True),
        ("prod", True),
        ("dev", False),
        ("prod", False),
    ]
    assert taken(report) == [("PolicyAttachment-prod", "role-dev")]
    assert [bool(step.evictions) for step in report.steps] == [False, False, False, True]
    assert started(report) == ["prod"]
    (start,) = (start for start in report.starts if start.refused)
    assert start.evicted
    assert start.refused.startswith("logs:CreateLogStream on ")


def test_attachments_of_single_roles_leave_each_other_alone() -> None:
    report = side_by_side(an_environment(stack, "RolePolicyAttachment") for stack in ("dev", "prod"))
    assert taken(report) == []
    assert started(report) == ["dev", "prod"]


def test_a_role_that_lists_its_policies_is_evicted_like_any_other() -> None:
    dev = an_environment("dev", managed_policy_arns=[POLICY])
    report = side_by_side([dev, an_environment("prod", "PolicyAttachment")])
    assert taken(report) == [("PolicyAttachment-prod", "role-dev")]
    assert started(report) == ["prod"]


def test_a_role_with_exactly_these_policies_is_evicted_like_any_other() -> None:
    dev = an_environment("dev")
    policies = {"role_name": "role-dev", "policy_arns": [POLICY]}
    exactly = a_resource("iam.RolePolicyAttachmentsExclusive", "exactly-dev", inputs=policies, **policies)
    dev = replace(dev, resources=(*dev.resources, replace(exactly, urn=f"dev::{exactly.urn}")))
    report = side_by_side([dev, an_environment("prod", "PolicyAttachment")])
    assert taken(report) == [("PolicyAttachment-prod", "role-dev")]
    assert started(report) == ["prod"]


def test_an_exclusive_attachment_evicts_only_what_was_there_before_it() -> None:
    first = an_environment("dev", "PolicyAttachment")
    report = side_by_side([first, an_environment("prod", "RolePolicyAttachment")])
    assert taken(report) == []


def test_a_task_that_never_could_start_is_not_said_to_be_evicted() -> None:
    (start,) = side_by_side([an_environment("dev")]).starts
    assert start.refused
    assert not start.evicted


def with_resource(plan: Plan, kind: str, **given: Any) -> Plan:
    more = a_resource(f"iam.{kind}", f"{kind}-{plan.stack}", inputs=given, **given)
    return replace(plan, resources=(*plan.resources, replace(more, urn=f"{plan.stack}::{more.urn}")))


@pytest.mark.parametrize(
    ("role", "listed", "lost"),
    [("role-dev", [], True), ("role-dev", [POLICY], False), ("role-prod", [], False)],
)
def test_an_exclusive_list_takes_managed_policies_from_a_role_of_another_environment(
    role: str, listed: list[str], lost: bool
) -> None:
    dev, prod = (an_environment(stack, "RolePolicyAttachment") for stack in ("dev", "prod"))
    prod = with_resource(prod, "RolePolicyAttachmentsExclusive", role_name=role, policy_arns=listed)
    report = side_by_side([dev, prod])
    assert taken(report) == ([("RolePolicyAttachmentsExclusive-prod", "role-dev")] if lost else [])
    assert ("dev" not in started(report)) is lost
    # The role that comes later gets its policies after the list was applied.
    assert taken(side_by_side([prod, dev])) == []


LOGS = json.dumps({"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}})


@pytest.mark.parametrize("in_role", [True, False])
@pytest.mark.parametrize(
    ("kind", "listed", "lost"),
    [
        ("RolePoliciesExclusive", {"policy_names": []}, True),
        ("RolePoliciesExclusive", {"policy_names": ["inline"]}, False),
        ("RolePolicyAttachmentsExclusive", {"policy_arns": []}, False),
    ],
)
def test_an_exclusive_list_takes_inline_policies_from_a_role_of_another_environment(
    kind: str, listed: dict[str, list[str]], lost: bool, in_role: bool
) -> None:
    if in_role:
        dev = an_environment("dev", inline_policies=[{"name": "inline", "policy": LOGS}])
    else:
        dev = with_resource(an_environment("dev"), "RolePolicy", role="role-dev", name="inline", policy=LOGS)
    prod = with_resource(an_environment("prod"), kind, role_name="role-dev", **listed)
    report = side_by_side([dev, prod])
    assert taken(report) == ([(f"{kind}-prod", "role-dev")] if lost else [])
    assert ("dev" not in started(report)) is lost
