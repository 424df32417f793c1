"""OPEN-TO-STRANGERS on small plans: roles and topics that anyone may use."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK
from lab_support.review.open_to_strangers import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.alarm_plans import ACCOUNT, TOPIC, a_topic
from tests.drills.test_github_tokens import trust
from tests.drills.test_strangers import CLOUDWATCH, KEY, a_key, a_role, open_topic
from tests.plans import a_plan, a_resource

OWN = "repo:us/system:ref:refs/heads/main"


def observations(*resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


def found(*resources: Resource) -> list[str]:
    return [o.resource.name for o in observations(*resources) if o.resource is not None and not o.unknown]


def assume(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


@pytest.mark.parametrize(
    "statement",
    [
        trust({"StringEquals": {"aud": "sts.amazonaws.com"}}),
        trust({"StringLike": {"sub": "repo:*"}}),
        trust({"StringLike": {"sub": [OWN, "repo:*/system:pull_request"]}}),
        trust({"StringLike": {"sub": "repo:us*/system:*"}}),
        trust({"StringLike": {"sub": "*/system:ref:refs/heads/main"}}),
        trust({"StringLike": {"sub": "repo:*"}, "ForAllValues:StringEquals": {"repository_owner": "us"}}),
        assume({"AWS": "*"}),
        assume("*"),
    ],
    ids=str,
)
def test_a_role_that_anyone_can_become_is_a_finding(statement: dict[str, Any]) -> None:
    assert found(a_role(statement)) == ["deploy"]


@pytest.mark.parametrize(
    "statement",
    [
        trust({"StringLike": {"sub": OWN}}),
        trust({"StringLike": {"sub": "repo:us/*"}}),
        trust({"StringLike": {"sub": ["repo:us/*", "repo:we/system:*"]}}),
        trust({"StringLike": {"sub": "repo:us@*/system@*:*"}}),
        trust({"StringLike": {"sub": "repo:*"}, "StringEquals": {"repository_id": "12"}}),
        trust({"StringLike": {"sub": "repo:*"}, "StringEquals": {"sts:RoleSessionName": "release"}}),
        trust({"StringLike": {"sub": "repo:*"}}, Effect="Deny"),
        assume({"AWS": "arn:aws:iam::210987654321:root"}),
        assume({"AWS": "*"}, Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        assume({"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-ours"}}),
        assume({"Service": "ecs-tasks.amazonaws.com"}),
    ],
    ids=str,
)
def test_a_role_for_certain_others_is_none(statement: dict[str, Any]) -> None:
    assert observations(a_role(statement)) == []


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}], ids=str)
def test_a_topic_for_everyone_is_a_finding_at_its_policy(principal: Any) -> None:
    assert found(open_topic("SNS:Publish", principal=principal)) == ["topic"]
    statement = {"Effect": "Allow", "Principal": principal, "Action": "SNS:Subscribe", "Resource": TOPIC}
    policy = a_resource("sns.TopicPolicy", "policy", id=TOPIC, arn=TOPIC, policy={"Statement": [statement]})
    assert found(a_topic(), policy) == ["policy"]


def with_condition(**condition: Any) -> Resource:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "SNS:Publish", "Resource": TOPIC}
    return a_topic(policy={"Statement": [{**statement, "Condition": condition}]})


def test_a_topic_for_services_of_any_account_is_a_finding() -> None:
    (observation,) = observations(with_condition(ArnLike={"aws:SourceArn": "arn:aws:*:*:*:*"}))
    assert "AWS service" in observation.what


def test_a_topic_for_the_account_is_none() -> None:
    assert observations(a_topic()) == []
    assert observations(open_topic("SNS:Publish", principal=CLOUDWATCH)) == []
    assert observations(with_condition(StringEquals={"aws:SourceAccount": ACCOUNT})) == []
    assert observations(with_condition(IpAddress={"aws:SourceIp": "192.0.2.0/24"})) == []


def test_a_key_that_keeps_strangers_from_publishing_leaves_nothing_to_find() -> None:
    assert found(open_topic("SNS:Publish", kms_master_key_id=KEY), a_key(CLOUDWATCH)) == []
    assert found(open_topic("SNS:Subscribe", kms_master_key_id=KEY), a_key(CLOUDWATCH)) == ["topic"]


@pytest.mark.parametrize(
    "resource",
    [
        a_resource("iam.Role", "deploy", arn=f"arn:aws:iam::{ACCOUNT}:role/r", assume_role_policy=UNKNOWN),
        a_role(trust({"StringLike": {"sub": f"repo:{UNKNOWN_MARK}:*"}})),
        a_topic(policy=UNKNOWN, inputs={"policy": UNKNOWN}),
    ],
    ids=["trust policy", "subject", "topic's policy"],
)
def test_a_policy_that_is_not_known_is_reported_as_unknown(resource: Resource) -> None:
    (observation,) = observations(resource)
    assert "not known" in observation.unknown


def test_a_topic_without_a_policy_lets_nobody_in_even_if_its_name_is_not_known() -> None:
    assert observations(a_topic(policy=UNKNOWN, inputs={"name": UNKNOWN})) == []


def test_a_role_that_is_only_read_is_none() -> None:
    role = a_role(assume({"AWS": "*"}))
    read = a_resource("iam.Role", "deploy", op="read", **dict(role.outputs))
    assert observations(read) == []
