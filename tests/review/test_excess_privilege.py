"""EXCESS-PRIVILEGE on small plans: the effect of policies, not their spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.excess_privilege import check
from lab_support.review.findings import Observation, ReviewSubject
from tests.plans import a_plan, a_resource

STREAM = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/events"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def seen(*resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


def allowing(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def a_role(trusts: Any = None, **more: Any) -> Resource:
    principal = trusts or {"Service": "ecs-tasks.amazonaws.com"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    arn = "arn:aws:iam::123456789012:role/task"
    return a_resource(
        "iam.Role", "task-role", id="task", name="task", arn=arn, assume_role_policy=document(trust), **more
    )


def inline(*statements: dict[str, Any]) -> Resource:
    return a_resource("iam.RolePolicy", "task-policy", role="task", policy=document(*statements))


def test_a_whole_service_on_everything() -> None:
    stream = a_resource("kinesis.Stream", "events", arn=STREAM)
    (found,) = seen(a_role(), inline(allowing("kinesis:*")), stream)
    assert found.resource is not None
    assert found.resource.name == "task-policy"
    assert found.what.startswith("Whoever acts as task-role may use ")
    assert "kinesis actions that change something, on any resource of the account" in found.what
    assert "kinesis:DeleteStream (delete a stream, with every record in it)" in found.what
    assert "(here: events)" in found.repair


@pytest.mark.parametrize(
    "statement",
    [
        allowing("KINESIS:*"),
        allowing("kinesis:*", "arn:aws:kinesis:*:*:*"),
        allowing("kinesis:*", [STREAM, "arn:aws:kinesis:ap-southeast-1:123456789012:stream/*"]),
        allowing(
            [
                *("kinesis:[A-Z]*", "kinesis:A*", "kinesis:C*", "kinesis:D*", "kinesis:E*", "kinesis:I*"),
                *("kinesis:M*", "kinesis:P*", "kinesis:R*", "kinesis:S*", "kinesis:T*", "kinesis:U*"),
            ]
        ),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "kinesis:*", "NotResource": STREAM},
        allowing("kinesis:*", Condition={"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}}),
    ],
    ids=["case", "arn", "list", "letters", "not-action", "not-resource", "region"],
)
def test_however_it_is_written(statement: dict[str, Any]) -> None:
    (found,) = seen(a_role(), inline(statement), a_resource("kinesis.Stream", "events", arn=STREAM))
    assert "on any resource of the account" in found.what


@pytest.mark.parametrize(
    "statements",
    [
        [allowing(["kinesis:GetRecords", "kinesis:PutRecord"])],
        [allowing("kinesis:*", STREAM)],
        [allowing("kinesis:*", "arn:aws:kinesis:*:*:stream/events-*")],
        [allowing(["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"])],
        [allowing("kinesis:*", Condition={"StringEquals": {"aws:ResourceTag/team": "alerts"}})],
        [allowing("kinesis:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
        [allowing("kinesis:*"), {"Effect": "Deny", "Action": "kinesis:*", "NotResource": STREAM}],
        [allowing(["ssmmessages:*", "xray:*", "ce:*", "pricing:*", "textract:*"])],
        [allowing(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])],
        [allowing("ec2:Describe*")],
        [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
    ],
    ids=[
        *("named", "own stream", "prefix", "reads", "tag", "mfa", "denied elsewhere", "not limitable"),
        *("logs", "describe", "deny"),
    ],
)
def test_what_may_be_its_work_is_no_finding(statements: list[dict[str, Any]]) -> None:
    assert seen(a_role(), inline(*statements)) == []


def test_a_boundary_limits_and_one_that_cannot_be_read_is_said() -> None:
    boundary = a_resource(
        "iam.Policy",
        "boundary",
        arn="arn:aws:iam::123456789012:policy/boundary",
        policy=document(allowing("kinesis:*", STREAM)),
    )
    role = a_role(permissions_boundary=boundary["arn"])
    assert seen(role, inline(allowing("kinesis:*")), boundary) == []
    (found,) = seen(a_role(permissions_boundary=UNKNOWN), inline(allowing("kinesis:*")))
    assert "permissions boundary of task-role" in found.unknown


def test_everything_at_once_is_said_in_one_finding() -> None:
    (found,) = seen(a_role(), inline(allowing("*")))
    assert found.what.startswith("Whoever acts as task-role may do anything in the account")


@pytest.mark.parametrize("kind", ["iam.UserPolicy", "iam.GroupPolicy", "iam.Policy"])
def test_policies_of_others(kind: str) -> None:
    policy = a_resource(
        kind, "s3", arn="arn:aws:iam::123456789012:policy/s3", policy=document(allowing("s3:*"))
    )
    (found,) = seen(policy)
    assert found.resource == policy
    assert found.what.startswith("Whoever has this policy may use ")


def test_a_policy_inside_the_role_is_the_roles() -> None:
    (found,) = seen(a_role(inline_policies=[{"name": "all", "policy": document(allowing("sqs:*"))}]))
    assert found.resource is not None
    assert found.resource.name == "task-role"


def test_the_policy_is_to_change_not_its_attachment() -> None:
    arn = "arn:aws:iam::123456789012:policy/p"
    policy = a_resource("iam.Policy", "policy", arn=arn, policy=document(allowing("dynamodb:*")))
    attachment = a_resource("iam.RolePolicyAttachment", "attached", role="task", policy_arn=arn)
    (found,) = seen(a_role(), policy, attachment)
    assert found.resource == policy
    assert "Whoever acts as task-role" in found.what


def attached(arn: str, role: Resource) -> list[Observation]:
    return seen(role, a_resource("iam.RolePolicyAttachment", "attached", role="task", policy_arn=arn))


@pytest.mark.parametrize(
    "trusts",
    [
        {"Service": "ec2.amazonaws.com"},
        {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
    ],
)
def test_a_workload_that_administers_the_account(trusts: dict[str, str]) -> None:
    (found,) = attached(ADMINISTRATOR, a_role(trusts))
    assert found.resource is not None
    assert found.resource.name == "attached"
    assert "may do anything in the account" in found.what


def test_people_may_administer_and_other_policies_of_aws_are_used_as_they_are() -> None:
    assert attached(ADMINISTRATOR, a_role({"AWS": "arn:aws:iam::123456789012:root"})) == []
    assert attached("arn:aws:iam::aws:policy/AmazonKinesisFullAccess", a_role()) == []


def test_a_document_that_is_not_known_yet() -> None:
    (found,) = seen(a_role(), a_resource("iam.RolePolicy", "p", role="task", policy=UNKNOWN))
    assert found.unknown == "its document is unknown before the deployment"
