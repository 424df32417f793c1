"""LOCKED-OUT on small plans: roles that may use a store, and not the key that encrypts it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.locked_out import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.plans import a_plan, a_resource

REGION, ACCOUNT = "ap-southeast-1", "123456789012"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/events"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/task"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
READS = ["kinesis:GetRecords", "kinesis:GetShardIterator"]


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(service: str) -> str:
    return json.dumps(
        {"Statement": {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}}
    )


def a_key(*statements: dict[str, Any], **more: Any) -> Resource:
    policy = document(allow("kms:*", Principal=ROOT), *statements)
    properties = {"policy": policy, "is_enabled": True, "arn": KEY, "region": REGION, **more}
    return a_resource("kms.Key", "key", id="k", **properties)


def a_stream(**more: Any) -> Resource:
    properties = {"encryption_type": "KMS", "kms_key_id": KEY, "arn": STREAM, "name": "events", **more}
    return a_resource("kinesis.Stream", "events", region=REGION, **properties)


def a_task(*statements: dict[str, Any], **more: Any) -> tuple[Resource, ...]:
    role = a_resource(
        "iam.Role",
        "role",
        id="task",
        name="task",
        arn=ROLE,
        assume_role_policy=trust("ecs-tasks.amazonaws.com"),
    )
    policy = a_resource("iam.RolePolicy", "policy", role="task", **{"policy": document(*statements), **more})
    return role, policy, a_resource("ecs.TaskDefinition", "task", task_role_arn=ROLE)


def observations(*resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


def test_a_task_that_may_read_a_stream_and_not_use_its_key_is_a_finding() -> None:
    (found,) = observations(a_key(), a_stream(), *a_task(allow(READS, STREAM)))
    assert found.resource is not None
    assert found.resource.name == "role"
    assert "kinesis:GetRecords on events, but may not call kms:Decrypt on key" in found.what


def test_what_is_lacking_is_named_for_each_store() -> None:
    write = allow(["kinesis:PutRecord"], STREAM)
    (found,) = observations(a_key(), a_stream(), *a_task(write, allow("kms:Decrypt", KEY)))
    assert "kms:GenerateDataKey" in found.what
    assert "kms:Decrypt" not in found.what


QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"
BUCKET = "arn:aws:s3:::bucket"


@pytest.mark.parametrize(
    ("store", "statement", "lacking"),
    [
        (
            [a_resource("sqs.Queue", "queue", arn=QUEUE, kms_master_key_id="k", region=REGION)],
            allow("sqs:SendMessage", QUEUE),
            "kms:GenerateDataKey and kms:Decrypt",
        ),
        (
            [
                a_resource("s3.Bucket", "bucket", id="bucket", arn=BUCKET, region=REGION),
                a_resource(
                    "s3.BucketServerSideEncryptionConfiguration",
                    "encryption",
                    bucket="bucket",
                    rules=[
                        {
                            "apply_server_side_encryption_by_default": {
                                "sse_algorithm": "aws:kms",
                                "kms_master_key_id": KEY,
                            }
                        }
                    ],
                ),
            ],
            allow(["s3:GetObject"], f"{BUCKET}/*"),
            "kms:Decrypt",
        ),
    ],
    ids=["queue", "bucket"],
)
def test_queues_and_buckets_are_stores_too(
    store: list[Resource], statement: dict[str, Any], lacking: str
) -> None:
    (found,) = observations(a_key(), *store, *a_task(statement))
    assert f"may not call {lacking} on key" in found.what


@pytest.mark.parametrize(
    "users",
    [
        [a_resource("lambda.Function", "function", role=ROLE)],
        [a_resource("apigateway.Integration", "integration", credentials=ROLE)],
        [
            a_resource("iam.InstanceProfile", "profile", id="profile", name="profile", role="task"),
            a_resource("ec2.Instance", "instance", iam_instance_profile="profile"),
        ],
    ],
    ids=["function", "integration", "instance"],
)
def test_functions_instances_and_integrations_make_requests_too(users: list[Resource]) -> None:
    role, policy, _ = a_task(allow(READS, STREAM))
    assert len(observations(a_key(), a_stream(), role, policy, *users)) == 1
    assert observations(a_key(), a_stream(), role, policy) == []


@pytest.mark.parametrize(
    "resources",
    [
        [a_key(), a_stream(), *a_task(allow(READS, STREAM), allow("kms:Decrypt", KEY))],
        [a_key(), a_stream(), *a_task(allow(READS, STREAM), allow("kms:*"))],
        [a_key(allow("kms:Decrypt", Principal={"AWS": ROLE})), a_stream(), *a_task(allow(READS, STREAM))],
        [
            a_key(),
            a_stream(),
            *a_task(
                allow(READS, STREAM),
                allow(
                    "kms:Decrypt",
                    KEY,
                    Condition={"StringEquals": {"kms:ViaService": f"kinesis.{REGION}.amazonaws.com"}},
                ),
            ),
        ],
        [
            a_key(),
            a_stream(),
            *a_task(
                allow(READS, STREAM),
                allow("kms:Decrypt", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
            ),
        ],
        [a_key(), a_stream(), *a_task(allow("kinesis:*"))],
        [a_key(), a_stream(), *a_task(allow("kinesis:DescribeStream", STREAM))],
        [a_key(), a_stream(encryption_type="NONE"), *a_task(allow(READS, STREAM))],
        [a_key(), a_stream(kms_key_id="alias/aws/kinesis"), *a_task(allow(READS, STREAM))],
        [a_key(op="read"), a_stream(), *a_task(allow(READS, STREAM))],
        [
            a_key(),
            a_resource("kms.Grant", "grant", key_id="k", grantee_principal=ROLE, operations=["Decrypt"]),
            a_stream(),
            *a_task(allow(READS, STREAM)),
        ],
    ],
    ids=[
        *("role's policy", "every key", "key's policy", "through Kinesis", "endpoint", "wildcard", "no data"),
        *("not encrypted", "AWS's key", "key that is only read", "grant"),
    ],
)
def test_a_role_that_may_use_the_key_or_need_not_is_none(resources: list[Resource]) -> None:
    assert observations(*resources) == []


@pytest.mark.parametrize(
    "resources",
    [
        [a_key(policy=UNKNOWN), a_stream(), *a_task(allow(READS, STREAM))],
        [
            a_key(),
            a_stream(),
            *a_task(allow(READS, STREAM)),
            a_resource("iam.RolePolicy", "more", role="task", policy=UNKNOWN),
        ],
        [a_key(), a_stream(), *a_task(allow(READS, STREAM), allow("kms:Decrypt", "[unknown]"))],
        [
            a_key(),
            a_stream(),
            *a_task(allow(READS, STREAM)),
            a_resource(
                "iam.RolePolicyAttachment",
                "attachment",
                role="task",
                policy_arn=f"arn:aws:iam::{ACCOUNT}:policy/elsewhere",
            ),
        ],
    ],
    ids=["key's policy", "role's policy", "part of it", "policy elsewhere"],
)
def test_it_is_unknown_where_a_policy_is(resources: list[Resource]) -> None:
    (found,) = observations(*resources)
    assert found.unknown


def test_an_unknown_policy_of_another_key_does_not_matter() -> None:
    other = a_resource("kms.Key", "other", id="o", arn=KEY.replace("/k", "/o"), region=REGION, policy=UNKNOWN)
    (found,) = observations(a_key(), other, a_stream(), *a_task(allow(READS, STREAM)))
    assert not found.unknown
