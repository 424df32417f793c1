"""Both evaluators, the lab's and an independent one, agree on 3,000 generated requests (with a fixed seed)."""

from __future__ import annotations

import random
from typing import Any

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.policy import parse
from tests.iam import oracle

LEAD = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/"
ACTIONS = [
    "kinesis:GetRecords",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
    "kinesis:DeleteStream",
    "s3:GetObject",
]
PATTERNS = [
    "*",
    "kinesis:*",
    "KINESIS:get*",
    "kinesis:PutRecord?",
    "kinesis:*Stream",
    "s3:*",
    "kinesis:PutRecord",
]
RESOURCES = [f"{LEAD}alert-dev", f"{LEAD}alert-prod", f"{LEAD}Alert-dev", "arn:aws:s3:::files/alert-dev"]
NAMES = [
    "*",
    f"{LEAD}*",
    f"{LEAD}alert-dev",
    f"{LEAD}alert-???",
    f"{LEAD}*-prod",
    "arn:*:*dev",
    "arn:aws:s3:::*",
]
CONDITIONS: list[tuple[str, str, list[str]]] = [
    ("Bool", "aws:SecureTransport", ["true"]),
    ("Bool", "aws:SecureTransport", ["false"]),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ["true"]),
    ("StringEquals", "aws:RequestedRegion", ["ap-southeast-1", "us-east-1"]),
    ("StringNotEquals", "aws:SourceVpce", ["vpce-1"]),
    ("StringLike", "AWS:PrincipalArn", ["arn:aws:iam::*:role/task*"]),
    ("StringNotLike", "aws:PrincipalArn", ["*/other*"]),
    ("StringEqualsIfExists", "aws:SourceVpce", ["vpce-2"]),
    ("Null", "aws:SourceVpce", ["true"]),
    ("NumericLessThan", "s3:max-keys", ["10"]),
]
KEYS: dict[str, list[list[str] | None]] = {
    "aws:securetransport": [["true"], ["false"]],
    "aws:requestedregion": [["ap-southeast-1"], ["eu-west-1"]],
    "aws:principalarn": [["arn:aws:iam::123456789012:role/task-role"]],
    "aws:sourcevpce": [None, ["vpce-1"], ["vpce-2"]],
    "aws:multifactorauthpresent": [None, ["true"], ["false"]],
    "s3:max-keys": [None, ["5"], ["50"]],
}


def document(draw: random.Random) -> dict[str, Any]:
    statements = []
    for _ in range(draw.randint(1, 3)):
        statement: dict[str, Any] = {"Effect": draw.choice(["Allow", "Allow", "Deny"])}
        for element, values in (("Action", PATTERNS), ("Resource", NAMES)):
            name = draw.choice([element, element, element, f"Not{element}"])
            statement[name] = draw.choice([draw.choice(values), draw.sample(values, 2)])
        if draw.random() < 0.4:
            operator, key, wanted = draw.choice(CONDITIONS)
            statement["Condition"] = {operator: {key: draw.choice([wanted, wanted[0]])}}
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": draw.choice([statements, statements[0]])}


def test_both_evaluators_agree_on_3000_requests() -> None:
    draw = random.Random(4)
    decisions = []
    for _ in range(3000):
        policies = [document(draw) for _ in range(draw.randint(1, 3))]
        boundary = document(draw) if draw.random() < 0.3 else None
        action, resource = draw.choice(ACTIONS), draw.choice(RESOURCES)
        keys = {key: value for key, values in KEYS.items() if (value := draw.choice(values)) is not None}
        expected = oracle.allowed(policies, boundary, action, resource, keys)
        request = AccessRequest(action, resource, Context({key: tuple(value) for key, value in keys.items()}))
        applied = Policies(
            "arn:aws:iam::123456789012:role/task-role",
            tuple(NamedPolicy(f"p{n}", parse(text)) for n, text in enumerate(policies)),
            NamedPolicy("boundary", parse(boundary)) if boundary else None,
        )
        assert decide(request, applied).allowed == expected, (policies, boundary, action, resource, keys)
        decisions.append(expected)
    assert 300 < sum(decisions) < 2700, "too few requests are allowed, or too few denied"
