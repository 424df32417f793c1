"""DATA-LOST on small plans: what is a finding, what is unknown, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.data_lost import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.plans import a_plan, a_resource


def observations(*resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


def a_database(**properties: Any) -> Resource:
    return a_resource("rds.Instance", "db", **properties)


@pytest.mark.parametrize(
    ("store", "repair"),
    [
        (a_database(skip_final_snapshot=True), "deletion_protection=True"),
        (a_resource("efs.FileSystem", "db"), "EFS has no protection of its own"),
        (a_resource("dynamodb.Table", "db"), "deletion_protection_enabled=True"),
    ],
    ids=["database", "file system", "table"],
)
def test_a_store_of_which_nothing_is_left_is_a_finding(store: Resource, repair: str) -> None:
    (found,) = observations(store)
    assert found.resource is store
    assert found.what.endswith(".")
    assert repair in found.repair
    assert "protect=True" in found.repair


@pytest.mark.parametrize(
    "store",
    [
        a_database(skip_final_snapshot=True, deletion_protection=True),
        a_database(final_snapshot_identifier="last"),
        a_database(skip_final_snapshot=True, protect=True),
        a_database(skip_final_snapshot=True, retain_on_delete=True),
        a_database(skip_final_snapshot=True, op="read"),
        a_database(skip_final_snapshot=True, replicate_source_db="other"),
        a_resource("dynamodb.Table", "t", point_in_time_recovery={"enabled": True}),
        a_resource("s3.Bucket", "b", force_destroy=True),
        a_resource("kms.Key", "key"),
    ],
    ids=["refused", "snapshot", "protect", "retained", "read", "replica", "recovery", "bucket", "key"],
)
def test_a_store_that_is_kept_and_what_is_no_store_are_no_findings(store: Resource) -> None:
    assert observations(store) == []


def test_a_copy_whose_key_goes_with_the_stack_is_no_finding() -> None:
    arn = "arn:aws:kms:ap-southeast-1:123456789012:key/key-id"
    key = a_resource("kms.Key", "key", region="ap-southeast-1", arn=arn)
    store = a_database(
        final_snapshot_identifier="last", storage_encrypted=True, kms_key_id=arn, region="ap-southeast-1"
    )
    assert observations(key, store) == []


@pytest.mark.parametrize(
    "store",
    [
        a_database(skip_final_snapshot=True, deletion_protection=UNKNOWN),
        a_database(skip_final_snapshot=True, inputs={"snapshot_identifier": "last-year"}),
        a_resource("dynamodb.Table", "t", inputs={"import_table": {"input_format": "CSV"}}),
    ],
    ids=["unknown protection", "restored", "imported"],
)
def test_what_a_plan_cannot_tell_is_unknown(store: Resource) -> None:
    (found,) = observations(store)
    assert found.unknown
    assert not found.what


FILES = a_resource("efs.FileSystem", "files", id="fs-1", arn="arn:aws:elasticfilesystem:x:1:file-system/fs-1")
TABLE = a_resource("dynamodb.Table", "t", arn="arn:aws:dynamodb:x:1:table/t", tags={"backup": "daily"})


def a_policy(status: object, of: str = "fs-1") -> Resource:
    return a_resource("efs.BackupPolicy", "policy", file_system_id=of, backup_policy={"status": status})


@pytest.mark.parametrize(
    ("store", "keeper"),
    [
        (FILES, a_policy("ENABLED")),
        (FILES, a_policy(UNKNOWN)),
        (FILES, a_resource("efs.ReplicationConfiguration", "r", source_file_system_id="fs-1")),
        (FILES, a_resource("backup.Selection", "all", resources=["*"])),
        (TABLE, a_resource("backup.Selection", "one", resources=["arn:aws:dynamodb:*:*:table/t"])),
        (TABLE, a_resource("backup.Selection", "one", resources=[UNKNOWN])),
        (TABLE, a_resource("backup.Selection", "tag", selection_tags=[{"key": "backup", "value": "daily"}])),
    ],
)
def test_a_store_of_which_an_older_copy_is_left_is_unknown(store: Resource, keeper: Resource) -> None:
    (found,) = observations(store, keeper)
    assert keeper.name in found.unknown
    assert not found.what


@pytest.mark.parametrize(
    ("store", "keeper"),
    [
        (FILES, a_policy("DISABLED")),
        (FILES, a_policy("ENABLED", of="fs-2")),
        (FILES, a_resource("backup.Selection", "others", resources=["arn:aws:dynamodb:*:*:table/*"])),
        (TABLE, a_resource("backup.Selection", "but", resources=["*"], not_resources=[TABLE["arn"]])),
        (TABLE, a_resource("backup.Selection", "tag", selection_tags=[{"key": "backup", "value": "weekly"}])),
    ],
)
def test_a_backup_of_something_else_leaves_no_copy(store: Resource, keeper: Resource) -> None:
    (found,) = observations(store, keeper)
    assert found.what
