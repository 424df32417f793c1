"""The reach of policies: the targets they allow, and an example of any other resource that a pattern matches."""

from __future__ import annotations

from typing import Any

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import Policies
from lab_support.iam.reach import FOREIGN_ACCOUNT, ReachQuery, reach
from tests.iam.policies import ROLE, STREAM, allow, named

QUERY = ReachQuery((STREAM,), "ap-southeast-1", lambda arn: Context())


def reached(*statements: dict[str, Any]) -> set[tuple[str, str]]:
    policies = Policies(ROLE, (named(*statements),))
    return {(found.action.name, found.resource) for found in reach(policies, QUERY)}


def test_a_named_resource_is_all_that_is_reached() -> None:
    assert reached(allow()) == {("kinesis:GetRecords", STREAM)}


def test_a_pattern_reaches_the_target_and_an_example_of_anything_else() -> None:
    found = reached(allow(Resource="*"))
    assert ("kinesis:GetRecords", STREAM) in found
    assert ("kinesis:GetRecords", "arn:aws:kinesis:ap-southeast-1:123456789012:stream/x") in found


def test_a_pattern_for_another_account_reaches_that_account() -> None:
    other = f"arn:aws:kinesis:ap-southeast-1:{FOREIGN_ACCOUNT}:stream/*"
    assert reached(allow(Resource=other)) == {("kinesis:GetRecords", other.replace("*", "x"))}


def test_a_pattern_that_no_valid_arn_matches_reaches_nothing() -> None:
    assert reached(allow(Resource=STREAM.replace("ap-southeast-1", "ap-nowhere-9"))) == set()


def test_a_deny_limits_the_reach_to_its_exceptions() -> None:
    deny = {"Effect": "Deny", "Action": "*", "NotResource": STREAM}
    assert reached(allow(Resource="*"), deny) == {("kinesis:GetRecords", STREAM)}


def test_reached_actions_name_the_policies_that_allow_them() -> None:
    (found,) = reach(Policies(ROLE, (named(allow()),)), QUERY)
    assert found.policies == ("policy",)
