"""IAM's decisions, as described in the IAM User Guide, "Policy evaluation logic"."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, Policies, decide
from tests.iam.policies import ROLE, STREAM, allow, is_allowed, named


def test_a_request_is_denied_unless_something_allows_it() -> None:
    assert decide(AccessRequest("kinesis:GetRecords", STREAM), Policies(ROLE)).reason == "implicit deny"
    assert is_allowed(allow())


def test_an_explicit_deny_in_any_policy_wins() -> None:
    deny = {**allow(), "Effect": "Deny"}
    assert not is_allowed(allow(), deny)
    request = AccessRequest("kinesis:GetRecords", STREAM)
    on_stream = named({**deny, "Principal": "*"}, attached_to=STREAM)
    assert decide(request, Policies(ROLE, (named(allow()),), resource=(on_stream,))).reason == "explicit deny"
    assert decide(request, Policies(ROLE, (named(allow()),), named(deny))).reason == "explicit deny"


def test_a_permissions_boundary_limits_and_grants_nothing() -> None:
    request = AccessRequest("kinesis:GetRecords", STREAM)
    assert not decide(request, Policies(ROLE, (), named(allow()))).allowed
    narrow = named(allow(Action="kinesis:PutRecord"))
    assert decide(request, Policies(ROLE, (named(allow()),), narrow)).reason == "permissions boundary"


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
def test_a_resource_policy_allows_the_role_or_anyone_but_not_the_account_alone(
    principal: Any, allowed: bool, under_boundary: bool
) -> None:
    request = AccessRequest("kinesis:GetRecords", STREAM)
    on_stream = named(allow(Principal=principal), attached_to=STREAM)
    assert decide(request, Policies(ROLE, resource=(on_stream,))).allowed is allowed
    limit = named(allow(Action="s3:GetObject", Resource="*"))
    assert decide(request, Policies(ROLE, (), limit, (on_stream,))).allowed is under_boundary


def test_a_deny_with_not_principal_spares_only_the_named_role() -> None:
    request = AccessRequest("kinesis:GetRecords", STREAM)
    for role, allowed in ((ROLE, True), ("arn:aws:iam::123456789012:role/other", False)):
        deny = {"Effect": "Deny", "NotPrincipal": {"AWS": role}, "Action": "*", "Resource": "*"}
        policies = Policies(ROLE, (named(allow()),), resource=(named(deny, attached_to=STREAM),))
        assert decide(request, policies).allowed is allowed


@pytest.mark.parametrize("written", ["KINESIS:getrecords", "kinesis:Get*", "kinesis:GetRecord?", "*", "*:*"])
def test_actions_match_with_wildcards_ignoring_case(written: str) -> None:
    assert is_allowed(allow(Action=written))


def test_resources_are_case_sensitive() -> None:
    assert not is_allowed(allow(Resource=STREAM.replace("alerts", "Alerts")))


def test_a_condition_on_an_unknown_key_counts_for_an_allow_but_not_for_a_deny() -> None:
    possible = Context(unknown=True, never=("aws:username",))
    tagged = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    assert is_allowed(allow(Condition=tagged), context=possible)
    assert not is_allowed(allow(Condition=tagged))
    assert is_allowed(allow(), {**allow(Condition=tagged), "Effect": "Deny"}, context=possible)
    assert not is_allowed(allow(Condition={"StringLike": {"aws:username": "*"}}), context=possible)


def test_a_statement_of_a_key_policy_without_a_resource_has_no_effect() -> None:
    key = "arn:aws:kms:ap-southeast-1:123456789012:key/k"
    statement = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:Decrypt"}
    request = AccessRequest("kms:Decrypt", key)
    without = Policies(ROLE, resource=(named(statement, attached_to=key),))
    assert not decide(request, without).allowed
    assert decide(
        request, Policies(ROLE, resource=(named({**statement, "Resource": "*"}, attached_to=key),))
    ).allowed


def test_a_condition_on_tags_is_never_met_in_a_keys_policy() -> None:
    key = "arn:aws:kms:ap-southeast-1:123456789012:key/k"
    tagged = Context({"aws:resourcetag/team": ("a",)})
    request = AccessRequest("kms:Decrypt", key, tagged)
    statement = allow(Action="kms:*", Resource="*", Principal={"AWS": ROLE})
    condition = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    in_key_policy = named({**statement, "Condition": condition}, attached_to=key)
    assert not decide(request, Policies(ROLE, resource=(in_key_policy,))).allowed
    account = allow(Action="kms:*", Resource="*", Principal={"AWS": "123456789012"})
    in_own = named(allow(Action="kms:Decrypt", Resource="*", Condition=condition))
    assert decide(request, Policies(ROLE, (in_own,), resource=(named(account, attached_to=key),))).allowed
