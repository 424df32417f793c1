"""A role, a stream and short ways to write policies for the tests of this folder."""

from __future__ import annotations

from typing import Any

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.policy import parse

ROLE = "arn:aws:iam::123456789012:role/task"
STREAM = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/alerts"


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "kinesis:GetRecords", "Resource": STREAM, **more}


def named(*statements: dict[str, Any], attached_to: str = "") -> NamedPolicy:
    return NamedPolicy("policy", parse({"Version": "2012-10-17", "Statement": list(statements)}), attached_to)


def is_allowed(*statements: dict[str, Any], resource: str = STREAM, context: Context | None = None) -> bool:
    request = AccessRequest("kinesis:GetRecords", resource, context or Context())
    return decide(request, Policies(ROLE, (named(*statements),))).allowed
