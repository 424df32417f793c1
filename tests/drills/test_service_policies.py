"""Resource policies, evaluated for an AWS service as the caller."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.drills.service_policies import ServiceCall, allows
from lab_support.plan.values import UNKNOWN

CALL = ServiceCall(
    "cloudwatch.amazonaws.com",
    "sns:Publish",
    "arn:aws:sns:r:1:t",
    {"aws:SourceAccount": "1", "aws:SecureTransport": "true"},
)


def policy(**changes: Any) -> dict[str, Any]:
    usual = {
        "Effect": "Allow",
        "Principal": {"Service": CALL.service},
        "Action": "sns:Publish",
        "Resource": "*",
    }
    merged = {**usual, **changes}
    return {"Statement": {name: value for name, value in merged.items() if value is not None}}


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"Action": "SNS:pub*"}, True),
        ({"Action": "sns:Publis?"}, True),
        ({"Action": "sns:Subscribe"}, False),
        ({"Action": None, "NotAction": "sns:Subscribe"}, True),
        ({"Resource": "arn:aws:sns:r:1:*"}, True),
        ({"Resource": "arn:aws:sns:r:1:T"}, False),
        ({"Resource": ["arn:aws:sns:r:1:u", "arn:aws:sns:r:1:t"]}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": "1"}}, False),
        ({"Principal": None, "NotPrincipal": {"AWS": "1"}}, True),
        ({"Condition": {"StringEquals": {"AWS:sourceaccount": ["2", "1"]}}}, True),
        ({"Condition": {"StringNotEquals": {"aws:SourceAccount": "1"}}}, False),
        ({"Condition": {"StringNotEquals": {"aws:PrincipalTag/x": "1"}}}, True),
        ({"Condition": {"StringEquals": {"aws:PrincipalAccount": "1"}}}, False),
        ({"Condition": {"StringEqualsIfExists": {"aws:PrincipalAccount": "1"}}}, True),
        ({"Condition": {"Null": {"aws:PrincipalAccount": True}}}, True),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, False),
        ({"Condition": {"ForAnyValue:StringLike": {"aws:SourceAccount": "?"}}}, True),
        ({"Condition": {"NumericLessThan": {"aws:SourceAccount": "2"}}}, True),
        ({"Condition": {"NoSuchOperator": {"aws:SourceAccount": "1"}}}, False),
        ({"Efect": "Allow"}, False),
    ],
)
def test_a_statement_allows_the_call_as_expected(changes: dict[str, Any], allowed: bool) -> None:
    assert allows(policy(**changes), CALL) is allowed
    assert allows(json.dumps(policy(**changes)), CALL) is allowed


def test_a_deny_wins_over_an_allow() -> None:
    both = {"Statement": [policy()["Statement"], policy(Effect="Deny")["Statement"]]}
    assert not allows(both, CALL)
    insecure = policy(Effect="Deny", Condition={"Bool": {"aws:SecureTransport": False}})["Statement"]
    assert allows({"Statement": [policy()["Statement"], insecure]}, CALL)


@pytest.mark.parametrize("nothing", [None, UNKNOWN, "", "not json", "[]", {}, {"Statement": ["x"]}])
def test_a_policy_that_cannot_be_parsed_allows_nothing(nothing: Any) -> None:
    assert not allows(nothing, CALL)
