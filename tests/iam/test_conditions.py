"""Condition operators and policy variables, as described in the IAM User Guide."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.policy import parse
from tests.iam.policies import ROLE, STREAM, allow, is_allowed


@pytest.mark.parametrize(
    ("operator", "values", "present", "absent"),
    [
        ("StringEquals", "a", True, False),
        ("StringNotEquals", "a", False, True),
        ("StringEqualsIfExists", "b", False, True),
        ("StringNotEqualsIfExists", "a", False, True),
        ("StringEqualsIgnoreCase", "A", True, False),
        ("StringLike", "?", True, False),
        ("StringNotLike", ["x*", "a*"], False, True),
        ("Null", "true", False, True),
        ("Null", "false", True, False),
        ("ForAllValues:StringEquals", ["a", "b"], True, True),
        ("ForAnyValue:StringEquals", ["b", "c"], False, False),
    ],
)
def test_an_operator_is_met_as_documented_with_and_without_the_key(
    operator: str, values: Any, present: bool, absent: bool
) -> None:
    statement = allow(Condition={operator: {"aws:Referer": values}})
    assert is_allowed(statement, context=Context({"aws:referer": ("a",)})) is present
    assert is_allowed(statement) is absent


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "met"),
    [
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericLessThan", "10", "10", False),
        ("DateLessThan", "2030-01-01T00:00:00Z", "2026-11-24T10:00:00Z", True),
        ("DateGreaterThan", "1893456000", "2026-11-24T10:00:00Z", False),
        ("Bool", True, "true", True),
        ("ArnLike", "arn:aws:iam::*:role/t*", ROLE, True),
        ("ArnEquals", "arn:aws:iam:*:role/task", ROLE, False),
        ("ArnNotLike", "arn:aws:iam::*:role/t*", ROLE, False),
        ("StringLike", "arn:aws:iam:*:role/task", ROLE, True),
    ],
)
def test_an_operator_compares_as_documented(operator: str, wanted: Any, value: str, met: bool) -> None:
    context = Context({"some:key": (value,)})
    assert is_allowed(allow(Condition={operator: {"Some:Key": wanted}}), context=context) is met


def test_all_operators_and_keys_of_a_condition_must_be_met() -> None:
    context = Context({"k:a": ("1",), "k:b": ("2",)})
    both = {"StringEquals": {"k:a": "1", "k:b": "2"}}
    assert is_allowed(allow(Condition=both), context=context)
    assert not is_allowed(allow(Condition={**both, "StringLike": {"k:c": "*"}}), context=context)


def test_policy_variables_are_substituted() -> None:
    context = Context({"aws:principaltag/team": ("alerts",)})
    pattern = STREAM.replace("alerts", "${aws:PrincipalTag/team}")
    assert is_allowed(allow(Resource=pattern), context=context)
    assert not is_allowed(allow(Resource=pattern)), "an absent variable matches nothing"
    assert is_allowed(allow(Resource=STREAM.replace("alerts", "${aws:PrincipalTag/team, 'alerts'}")))
    assert not is_allowed(allow(Resource=STREAM.replace("alerts", "${*}"))), "${*} is a star, not a wildcard"
    old = NamedPolicy("old", parse({"Version": "2008-10-17", "Statement": allow(Resource=pattern)}))
    request = AccessRequest("kinesis:GetRecords", STREAM, context)
    assert not decide(request, Policies(ROLE, (old,))).allowed, "version 2008-10-17 knows no variables"
