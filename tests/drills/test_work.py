"""The work drill: which of a task's requests are refused, by Kinesis or by KMS, and what it says of that."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.work import Run, work
from lab_support.plan.resource import Resource
from tests.plans import a_plan, a_resource
from tests.review.test_locked_out import KEY, ROLE, STREAM, a_key, a_stream, a_task, allow

NEEDS = [
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
]
USE = ["kms:Decrypt", "kms:GenerateDataKey"]
ON_STREAM = allow(NEEDS, STREAM)


def the_run(*resources: Resource) -> Run:
    (run,) = work(a_plan(*resources)).runs
    return run


@pytest.mark.parametrize(
    ("statements", "locked_out"),
    [
        ([], ("kms:Decrypt", "kms:GenerateDataKey")),
        ([allow("kms:Decrypt", KEY)], ("kms:GenerateDataKey",)),
        ([allow("kms:GenerateDataKey", KEY)], ("kms:Decrypt",)),
        ([allow(USE, KEY)], ()),
        ([allow(USE, STREAM)], ("kms:Decrypt", "kms:GenerateDataKey")),
    ],
)
def test_reading_and_writing_take_the_key(
    statements: list[dict[str, Any]], locked_out: tuple[str, ...]
) -> None:
    run = the_run(a_key(), a_stream(), *a_task(ON_STREAM, *statements))
    assert run.locked_out == locked_out
    assert run.succeeds is not bool(locked_out)
    assert run.not_allowed == ""


def test_the_first_refused_request_has_awss_answer() -> None:
    refused = the_run(a_key(), a_stream(), *a_task(ON_STREAM)).refused
    assert refused is not None
    assert (refused.action, refused.on, refused.of_key) == ("kms:Decrypt", "key", True)
    assert refused.error == (
        "KMSAccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/task/task is not authorized to "
        f"perform: kms:Decrypt on resource: {KEY} because no identity-based policy allows the kms:Decrypt action"
    )


def test_a_grant_counts_for_the_encryption_context_of_its_constraints_only() -> None:
    for arn, succeeds in ((STREAM, True), (f"{STREAM}-2", False)):
        constraints = [{"encryption_context_equals": {"aws:kinesis:arn": arn}}]
        grant = a_resource(
            "kms.Grant",
            "grant",
            key_id="k",
            grantee_principal=ROLE,
            operations=["Decrypt", "GenerateDataKey"],
            constraints=constraints,
        )
        assert the_run(a_key(), a_stream(), grant, *a_task(ON_STREAM)).succeeds is succeeds


def test_a_stream_that_is_not_encrypted_takes_no_key() -> None:
    assert the_run(a_key(), a_stream(encryption_type="NONE"), *a_task(ON_STREAM)).succeeds


def test_what_kinesis_refuses_is_told_apart_from_what_kms_refuses() -> None:
    run = the_run(a_key(), a_stream(), *a_task(allow(NEEDS[:-1], STREAM), allow("kms:Decrypt", KEY)))
    assert run.not_allowed == "role is not allowed kinesis:PutRecords"
    assert run.locked_out == ("kms:GenerateDataKey",)


def test_a_task_without_a_role_or_a_stream_does_not_start() -> None:
    definition = a_resource("ecs.TaskDefinition", "task")
    assert "without a role" in the_run(a_stream(), definition).not_allowed
    assert "no stream" in the_run(definition).not_allowed


@pytest.mark.parametrize(
    ("alias", "succeeds"),
    [("alias/events-dev", True), ("alias/events-*", True), ("alias/events-prod", False)],
)
def test_a_condition_on_the_keys_alias_counts(alias: str, succeeds: bool) -> None:
    named = a_resource(
        "kms.Alias", "alias", id="alias/events-dev", name="alias/events-dev", target_key_id="k"
    )
    condition = {"ForAnyValue:StringLike": {"kms:ResourceAliases": alias}}
    run = the_run(
        a_key(),
        named,
        a_stream(),
        *a_task(ON_STREAM, allow(USE, "arn:aws:kms:*:*:key/*", Condition=condition)),
    )
    assert run.succeeds is succeeds
