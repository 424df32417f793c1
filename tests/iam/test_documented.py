"""The evaluator against what the IAM User Guide says in words, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.iam.actions import action, actions_in, expand
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.managed_policies import known_arns, managed_policy
from lab_support.iam.matching import common, matches
from lab_support.iam.policy import PolicyError, parse

ROLE = "arn:aws:iam::123456789012:role/task"
STREAM = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/alerts"


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "kinesis:GetRecords", "Resource": STREAM, **more}


def named(*statements: dict[str, Any], about: str = "") -> NamedPolicy:
    return NamedPolicy("policy", parse({"Version": "2012-10-17", "Statement": list(statements)}), about)


def is_allowed(*statements: dict[str, Any], resource: str = STREAM, context: Context | None = None) -> bool:
    asked = AccessRequest("kinesis:GetRecords", resource, context or Context())
    return decide(asked, Policies(ROLE, (named(*statements),))).allowed


def test_everything_is_denied_until_something_allows_it() -> None:
    assert decide(AccessRequest("kinesis:GetRecords", STREAM), Policies(ROLE)).why == "implicit deny"
    assert is_allowed(allow())


def test_a_deny_anywhere_wins() -> None:
    deny = {**allow(), "Effect": "Deny"}
    assert not is_allowed(allow(), deny)
    asked = AccessRequest("kinesis:GetRecords", STREAM)
    on_stream = named({**deny, "Principal": "*"}, about=STREAM)
    assert decide(asked, Policies(ROLE, (named(allow()),), resource=(on_stream,))).why == "explicit deny"
    assert decide(asked, Policies(ROLE, (named(allow()),), named(deny))).why == "explicit deny"


def test_a_boundary_limits_and_gives_nothing() -> None:
    asked = AccessRequest("kinesis:GetRecords", STREAM)
    assert not decide(asked, Policies(ROLE, (), named(allow()))).allowed
    narrow = named(allow(Action="kinesis:PutRecord"))
    assert decide(asked, Policies(ROLE, (named(allow()),), narrow)).why == "permissions boundary"


@pytest.mark.parametrize(
    ("principal", "allowed", "under_boundary"),
    [
        ({"AWS": ROLE}, True, False),
        ("*", True, True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, False, False),
        ({"AWS": "123456789012"}, False, False),
        ({"Service": "ecs-tasks.amazonaws.com"}, False, False),
        ({"AWS": "arn:aws:iam::123456789012:role/other"}, False, False),
    ],
)
def test_whom_a_resource_policy_lets_in(principal: Any, allowed: bool, under_boundary: bool) -> None:
    asked = AccessRequest("kinesis:GetRecords", STREAM)
    on_stream = named(allow(Principal=principal), about=STREAM)
    assert decide(asked, Policies(ROLE, resource=(on_stream,))).allowed is allowed
    limit = named(allow(Action="s3:GetObject", Resource="*"))
    assert decide(asked, Policies(ROLE, (), limit, (on_stream,))).allowed is under_boundary


def test_not_principal_denies_everybody_else() -> None:
    asked = AccessRequest("kinesis:GetRecords", STREAM)
    for role, allowed in ((ROLE, True), ("arn:aws:iam::123456789012:role/other", False)):
        deny = {"Effect": "Deny", "NotPrincipal": {"AWS": role}, "Action": "*", "Resource": "*"}
        policies = Policies(ROLE, (named(allow()),), resource=(named(deny, about=STREAM),))
        assert decide(asked, policies).allowed is allowed


@pytest.mark.parametrize("written", ["KINESIS:getrecords", "kinesis:Get*", "kinesis:GetRecord?", "*", "*:*"])
def test_actions_have_wildcards_and_no_letter_case(written: str) -> None:
    assert is_allowed(allow(Action=written))


def test_resources_have_letter_case() -> None:
    assert not is_allowed(allow(Resource=STREAM.replace("alerts", "Alerts")))


def test_a_star_reaches_over_colons() -> None:
    assert matches("arn:aws:kinesis:*:stream/alerts", STREAM)


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
def test_conditions_with_and_without_the_key(operator: str, values: Any, present: bool, absent: bool) -> None:
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
def test_operators(operator: str, wanted: Any, value: str, met: bool) -> None:
    context = Context({"some:key": (value,)})
    assert is_allowed(allow(Condition={operator: {"Some:Key": wanted}}), context=context) is met


def test_several_operators_and_keys_must_all_be_met() -> None:
    context = Context({"k:a": ("1",), "k:b": ("2",)})
    both = {"StringEquals": {"k:a": "1", "k:b": "2"}}
    assert is_allowed(allow(Condition=both), context=context)
    assert not is_allowed(allow(Condition={**both, "StringLike": {"k:c": "*"}}), context=context)


def test_policy_variables() -> None:
    context = Context({"aws:principaltag/team": ("alerts",)})
    pattern = STREAM.replace("alerts", "${aws:PrincipalTag/team}")
    assert is_allowed(allow(Resource=pattern), context=context)
    assert not is_allowed(allow(Resource=pattern)), "an absent variable matches nothing"
    assert is_allowed(allow(Resource=STREAM.replace("alerts", "${aws:PrincipalTag/team, 'alerts'}")))
    assert not is_allowed(allow(Resource=STREAM.replace("alerts", "${*}"))), "${*} is a star, not a wildcard"
    old = NamedPolicy("old", parse({"Version": "2008-10-17", "Statement": allow(Resource=pattern)}))
    asked = AccessRequest("kinesis:GetRecords", STREAM, context)
    assert not decide(asked, Policies(ROLE, (old,))).allowed, "version 2008-10-17 knows no variables"


def test_what_is_unknown_counts_for_an_allow_and_not_for_a_deny() -> None:
    possible = Context(unknown=True, never=("aws:username",))
    tagged = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    assert is_allowed(allow(Condition=tagged), context=possible)
    assert not is_allowed(allow(Condition=tagged))
    assert is_allowed(allow(), {**allow(Condition=tagged), "Effect": "Deny"}, context=possible)
    assert not is_allowed(allow(Condition={"StringLike": {"aws:username": "*"}}), context=possible)


@pytest.mark.parametrize(
    ("left", "right", "example"),
    [
        ("a*", "*b", "ab"),
        ("a?c", "ab*", "abc"),
        ("abc", "abd", None),
        ("arn:aws:kinesis:*", "arn:aws:s3:*", None),
        ("*", "*", "x"),
        ("", "", ""),
    ],
)
def test_a_text_that_two_patterns_share(left: str, right: str, example: str | None) -> None:
    found = common(left, right)
    assert found == example
    assert found is None or (matches(left, found) and matches(right, found))


def test_the_universe_of_actions() -> None:
    assert len(expand("kinesis:*")) == 47
    assert expand("KINESIS:putrecord?") == {"kinesis:PutRecords"}
    assert expand("no-such-service:*") == frozenset()
    assert expand("kinesis:[GP]*") == frozenset(), "IAM knows no sets of characters"
    everything_else = actions_in(
        parse({"Statement": {"Effect": "Allow", "NotAction": "kinesis:*"}}).statements[0].action
    )
    assert "s3:GetObject" in everything_else
    assert not everything_else & expand("kinesis:*")
    start = action("kinesis:StartStreamEncryption")
    assert start is not None
    assert start.acts_on == ("arn:*:kinesis:*:*:stream/*",), "a key alone is not what it acts on"
    tagging = action("kinesis:AddTagsToStream")
    assert tagging is not None
    assert tagging.level == "Tagging"


def test_every_managed_policy_can_be_read() -> None:
    assert len(known_arns()) > 90
    for arn in known_arns():
        assert managed_policy(arn) is not None, arn
    assert managed_policy("arn:aws:iam::aws:policy/NoSuchPolicy") is None


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("{", "Syntax errors in policy."),
        ('{"Statement": [], "Statement": []}', "Syntax errors in policy."),
        ({"Statement": {"Effect": "Permit", "Action": "*", "Resource": "*"}}, "Syntax errors in policy."),
        (
            {"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}},
            "The policy failed legacy parsing",
        ),
        ({"Statement": {"Effect": "Allow", "Resource": "*"}}, "Policy statement must contain actions."),
        ({"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}, "Syntax errors in policy."),
        ({"Statement": {"Effect": "Allow", "Action": "*", "Resources": "*"}}, "Syntax errors in policy."),
    ],
)
def test_documents_that_iam_does_not_take(document: Any, text: str) -> None:
    with pytest.raises(PolicyError, match=f"^{text}$"):
        parse(document)
