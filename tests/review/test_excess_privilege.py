"""EXCESS-PRIVILEGE on small plans: the rule judges the effect of policies, not their spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.excess_privilege import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.plans import a_plan, a_resource

STREAM = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/events"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def observations(*resources: Resource) -> list[Observation]:
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


def test_a_whole_service_on_any_resource_is_a_finding() -> None:
    stream = a_resource("kinesis.Stream", "events", arn=STREAM)
    (found,) = observations(a_role(), inline(allowing("kinesis:*")), stream)
    assert found.resource is not None
    assert found.resource.name == "task-policy"
    for named in ("task-role", "kinesis actions", "kinesis:DeleteStream"):
        assert named in found.what
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
def test_a_whole_service_is_a_finding_however_it_is_written(statement: dict[str, Any]) -> None:
    (found,) = observations(a_role(), inline(statement), a_resource("kinesis.Stream", "events", arn=STREAM))
    assert found.resource is not None
    assert found.resource.name == "task-policy"
    assert not found.unknown


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
def test_a_policy_that_the_work_may_need_is_no_finding(statements: list[dict[str, Any]]) -> None:
    assert observations(a_role(), inline(*statements)) == []


def test_a_boundary_limits_and_an_unreadable_one_makes_the_result_unknown() -> None:
    boundary = a_resource(
        "iam.Policy",
        "boundary",
        arn="arn:aws:iam::123456789012:policy/boundary",
        policy=document(allowing("kinesis:*", STREAM)),
    )
    role = a_role(permissions_boundary=boundary["arn"])
    assert observations(role, inline(allowing("kinesis:*")), boundary) == []
    (found,) = observations(a_role(permissions_boundary=UNKNOWN), inline(allowing("kinesis:*")))
    assert "permissions boundary of task-role" in found.unknown


def test_a_policy_that_allows_everything_is_one_finding() -> None:
    (found,) = observations(a_role(), inline(allowing("*")))
    assert "task-role can do anything in the account" in found.what


@pytest.mark.parametrize("kind", ["iam.UserPolicy", "iam.GroupPolicy", "iam.Policy"])
def test_a_policy_of_no_role_is_a_finding(kind: str) -> None:
    policy = a_resource(
        kind, "s3", arn="arn:aws:iam::123456789012:policy/s3", policy=document(allowing("s3:*"))
    )
    (found,) = observations(policy)
    assert found.resource == policy
    assert "this policy" in found.what


def test_for_an_inline_policy_of_a_role_the_role_must_change() -> None:
    (found,) = observations(a_role(inline_policies=[{"name": "all", "policy": document(allowing("sqs:*"))}]))
    assert found.resource is not None
    assert found.resource.name == "task-role"


def test_for_an_attached_policy_the_policy_must_change() -> None:
    arn = "arn:aws:iam::123456789012:policy/p"
    policy = a_resource("iam.Policy", "policy", arn=arn, policy=document(allowing("dynamodb:*")))
    attachment = a_resource("iam.RolePolicyAttachment", "attached", role="task", policy_arn=arn)
    (found,) = observations(a_role(), policy, attachment)
    assert found.resource == policy
    assert "task-role" in found.what


def attached(arn: str, role: Resource) -> list[Observation]:
    return observations(role, a_resource("iam.RolePolicyAttachment", "attached", role="task", policy_arn=arn))


@pytest.mark.parametrize(
    "trusts",
    [
        {"Service": "ec2.amazonaws.com"},
        {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
    ],
)
def test_for_a_workload_with_administrator_access_the_attachment_must_change(trusts: dict[str, str]) -> None:
    (found,) = attached(ADMINISTRATOR, a_role(trusts))
    assert found.resource is not None
    assert found.resource.name == "attached"
    assert "can do anything in the account" in found.what


def test_administrator_access_for_people_and_other_aws_managed_policies_are_no_findings() -> None:
    assert attached(ADMINISTRATOR, a_role({"AWS": "arn:aws:iam::123456789012:root"})) == []
    assert attached("arn:aws:iam::aws:policy/AmazonKinesisFullAccess", a_role()) == []


def test_a_document_that_is_unknown_until_deployment_is_reported_as_unknown() -> None:
    (found,) = observations(a_role(), a_resource("iam.RolePolicy", "p", role="task", policy=UNKNOWN))
    assert "document" in found.unknown
    assert not found.what
