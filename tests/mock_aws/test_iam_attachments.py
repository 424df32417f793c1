"""Who has a managed policy: an exclusive attachment reads all of them back, and detaches those it does not list."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import deploy, destroy, preview
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def exclusive(environment_suffix: str) -> None:
    name = f"role-{environment_suffix}"
    role = aws.iam.Role(name, name=name, assume_role_policy=TRUST)
    aws.iam.PolicyAttachment(f"all-{environment_suffix}", roles=[role.name], policy_arn=POLICY)


def ignoring(environment_suffix: str) -> None:
    name = f"role-{environment_suffix}"
    role = aws.iam.Role(name, name=name, assume_role_policy=TRUST)
    options = pulumi.ResourceOptions(ignore_changes=["roles"])
    aws.iam.PolicyAttachment(f"all-{environment_suffix}", roles=[role.name], policy_arn=POLICY, opts=options)


def single(environment_suffix: str) -> None:
    name = f"role-{environment_suffix}"
    role = aws.iam.Role(name, name=name, assume_role_policy=TRUST)
    aws.iam.RolePolicyAttachment(f"one-{environment_suffix}", role=role.name, policy_arn=POLICY)


def in_role(environment_suffix: str) -> None:
    name = f"role-{environment_suffix}"
    aws.iam.Role(name, name=name, assume_role_policy=TRUST, managed_policy_arns=[POLICY])


def only_these(environment_suffix: str) -> None:
    name = f"role-{environment_suffix}"
    role = aws.iam.Role(name, name=name, assume_role_policy=TRUST)
    aws.iam.RolePolicyAttachmentsExclusive(
        f"exactly-{environment_suffix}", role_name=role.name, policy_arns=[POLICY]
    )


def holders(account: Account) -> list[str]:
    return sorted(name for policy, entity, name in account.attached if (policy, entity) == (POLICY, "roles"))


def of_attachment(plan: Plan) -> tuple[str, Any]:
    (found,) = plan.of_type("iam.PolicyAttachment")
    return found.op, found.get("roles")


@pytest.mark.slow
@pytest.mark.parametrize("neighbour", [exclusive, single, in_role, only_these])
def test_the_next_update_of_an_exclusive_attachment_detaches_whoever_else_has_the_policy(
    neighbour: Callable[[str], None],
) -> None:
    account = Account()
    deploy(neighbour, "dev", account=account)
    assert of_attachment(deploy(exclusive, "prod", account=account)) == ("create", ["role-dev", "role-prod"])
    assert holders(account) == ["role-dev", "role-prod"]
    assert of_attachment(preview(exclusive, "prod", account=account))[0] == "update"
    assert holders(account) == ["role-dev", "role-prod"]
    assert of_attachment(deploy(exclusive, "prod", account=account)) == ("update", ["role-prod"])
    assert holders(account) == ["role-prod"]
    assert of_attachment(deploy(exclusive, "prod", account=account)) == ("same", ["role-prod"])


@pytest.mark.slow
def test_an_exclusive_attachment_that_is_deleted_detaches_everyone_in_its_state() -> None:
    account = Account()
    deploy(single, "dev", account=account)
    deploy(exclusive, "prod", account=account)
    destroy(exclusive, "prod", account=account)
    assert holders(account) == []


@pytest.mark.slow
def test_an_exclusive_attachment_whose_changes_are_ignored_evicts_when_it_is_deleted() -> None:
    account = Account()
    deploy(single, "dev", account=account)
    for _ in range(2):
        assert of_attachment(deploy(ignoring, "prod", account=account))[1] == ["role-dev", "role-prod"]
    destroy(ignoring, "prod", account=account)
    assert holders(account) == []


@pytest.mark.slow
def test_single_attachments_leave_each_other_alone() -> None:
    account = Account()
    for environment in ("dev", "prod", "dev", "prod"):
        deploy(single, environment, account=account)
    assert holders(account) == ["role-dev", "role-prod"]
    destroy(single, "prod", account=account)
    assert holders(account) == ["role-dev"]
