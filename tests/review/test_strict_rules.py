"""What `--strict` adds: keys that AWS holds, and actions on all resources that could be limited to some."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.review.rule import Observation, ReviewSubject
from lab_support.review.rules import RULES, STRICT_RULES, review_plan
from lab_support.review.strict_rules import check_keys, check_resources
from tests.plans import a_plan, a_resource

KEY = a_resource("kms.Key", "key", arn="arn:aws:kms:ap-southeast-1:123456789012:key/1", is_enabled=True)
MANAGED = "arn:aws:kms:ap-southeast-1:123456789012:key/0d5f1c9e-1111-2222-3333-444455556666"


def noted(check: Any, *resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


@pytest.mark.parametrize(
    "store",
    [
        a_resource("sns.Topic", "store"),
        a_resource("secretsmanager.Secret", "store"),
        a_resource("efs.FileSystem", "store", encrypted=True),
        a_resource("kinesis.Stream", "store", encryption_type="KMS", kms_key_id="alias/aws/kinesis"),
        # As it is deployed: AWS has chosen the key.
        a_resource("rds.Instance", "store", storage_encrypted=True, kms_key_id=MANAGED),
    ],
    ids=lambda store: store.kind,
)
def test_a_key_that_aws_holds_is_noted(store: Resource) -> None:
    assert [observation.resource for observation in noted(check_keys, store)] == [store]


@pytest.mark.parametrize(
    "store",
    [
        a_resource("efs.FileSystem", "store"),  # not encrypted, which is a finding
        a_resource("efs.FileSystem", "store", encrypted=True, kms_key_id=KEY["arn"]),
        a_resource(
            "rds.Instance",
            "store",
            inputs={"kms_key_id": MANAGED},
            storage_encrypted=True,
            kms_key_id=MANAGED,
        ),
        a_resource("rds.Snapshot", "store", encrypted=True, kms_key_id=MANAGED),  # that of the database
        a_resource("sns.Topic", "store", op="read"),
    ],
    ids=["unencrypted", "own key", "another program's key", "snapshot", "only read"],
)
def test_no_other_store_is_noted(store: Resource) -> None:
    assert noted(check_keys, KEY, store) == []


def a_policy(action: Any, resource: Any = "*", **more: Any) -> Resource:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return a_resource("iam.Policy", "p", arn="arn:aws:iam::123456789012:policy/p", policy=document)


SIX = [
    f"kinesis:{name}"
    for name in ("GetRecords", "GetShardIterator", "DescribeStream", "ListShards", "PutRecord", "PutRecords")
]


@pytest.mark.parametrize("resource", ["*", "arn:aws:kinesis:*:*:*", ["arn:aws:s3:::a", "*"]])
def test_actions_on_all_resources_are_noted(resource: Any) -> None:
    (observation,) = noted(check_resources, a_policy(SIX, resource))
    assert "6 actions" in observation.what
    assert "kinesis:PutRecords" in observation.what


@pytest.mark.parametrize(
    "policy",
    [
        a_policy(SIX, "arn:aws:kinesis:ap-southeast-1:123456789012:stream/events"),
        a_policy(SIX, "arn:aws:kinesis:*:*:stream/*"),
        a_policy(["ec2:DescribeVpcs", "kinesis:ListStreams"]),  # which only accept *
        a_policy(SIX, Effect="Deny"),
        a_policy(SIX, Condition={"StringEquals": {"aws:ResourceTag/App": "alerts"}}),
        a_policy("kinesis:*"),  # EXCESS-PRIVILEGE
    ],
    ids=["one stream", "all streams", "only *", "denied", "condition", "a finding already"],
)
def test_no_other_policy_is_noted(policy: Resource) -> None:
    assert noted(check_resources, policy) == []


def test_notes_are_only_added_with_strict_and_make_no_review_fail() -> None:
    plan = a_plan(a_policy(SIX))
    assert review_plan(plan).findings == ()
    review = review_plan(plan, strict=True)
    assert [(finding.id, finding.severity) for finding in review.findings] == [("ANY-RESOURCE", "Note")]
    assert not review.failed
    assert {rule.severity for rule in STRICT_RULES} == {"Note"}
    assert not {rule.id for rule in STRICT_RULES} & {rule.id for rule in RULES}
