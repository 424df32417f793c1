"""UNENCRYPTED-AT-REST on small plans: only stores that are certainly not encrypted."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewSubject
from lab_support.review.unencrypted import check
from tests.plans import a_plan, a_resource


def observations(*resources: Resource) -> list[Observation]:
    plan: Plan = a_plan(*resources)
    return list(check(ReviewSubject(plan)))


def test_an_unencrypted_file_system_is_a_finding() -> None:
    files = a_resource("efs.FileSystem", "files", id="fs-1", encrypted=False)
    targets = [a_resource("efs.MountTarget", f"t{n}", file_system_id="fs-1") for n in range(3)]
    (found,) = observations(files, *targets)
    assert found.resource == files
    assert found.what.startswith("Nothing encrypts the files")
    assert "encrypted=True" in found.repair


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        (
            "rds.Instance",
            {
                "engine": "mysql",
                "storage_encrypted": False,
                "allocated_storage": 20,
                "backup_retention_period": 7,
            },
            "the database (20 GiB), its snapshots and its backups of 7 days",
        ),
        ("docdb.Cluster", {"engine": "docdb", "storage_encrypted": False}, "the database"),
        (
            "kinesis.Stream",
            {"encryption_type": "NONE", "shard_count": 4, "retention_period": 24},
            "the records of the last 24 hours in its 4 shards",
        ),
        (
            "elasticache.ReplicationGroup",
            {"engine": "redis", "at_rest_encryption_enabled": False},
            "the data that the cache writes to disk",
        ),
    ],
)
def test_an_unencrypted_store_of_any_type_is_a_finding(
    kind: str, properties: dict[str, Any], words: str
) -> None:
    (found,) = observations(a_resource(kind, "store", **properties))
    assert words in found.what
    assert found.repair


# AWS's defaults: S3 since January 2023 (S3 User Guide, "Amazon S3 now automatically encrypts all new objects"), Aurora
# since 18 February 2026 (Aurora User Guide, Overview.Encryption.html), the others in the guides of their services.
@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("s3.Bucket", {}),
        ("dynamodb.Table", {}),
        ("sns.Topic", {}),
        ("sqs.Queue", {}),
        ("cloudwatch.LogGroup", {}),
        ("secretsmanager.Secret", {}),
        ("redshift.Cluster", {}),
        ("rds.Cluster", {"engine": "aurora-postgresql", "storage_encrypted": False}),
        ("rds.Instance", {"engine": "postgres", "storage_encrypted": True}),
        ("efs.FileSystem", {"encrypted": True}),
        ("efs.FileSystem", {"encrypted": True, "kms_key_id": UNKNOWN}),
        ("kinesis.Stream", {"encryption_type": "KMS", "kms_key_id": "alias/aws/kinesis"}),
        ("efs.FileSystem", {"encrypted": False, "op": "read"}),
        ("rds.Snapshot", {"encrypted": False}),
    ],
)
def test_a_store_that_is_encrypted_or_may_be_is_no_finding(kind: str, properties: dict[str, Any]) -> None:
    assert observations(a_resource(kind, "store", **properties)) == []


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("efs.FileSystem", {"encrypted": UNKNOWN}, "encrypted"),
        ("rds.Instance", {"storage_encrypted": UNKNOWN}, "storage_encrypted"),
        ("rds.Instance", {"storage_encrypted": False, "snapshot_identifier": "s"}, "snapshot_identifier"),
        ("rds.Instance", {"storage_encrypted": False, "replicate_source_db": "s"}, "replicate_source_db"),
        (
            "elasticache.ReplicationGroup",
            {"at_rest_encryption_enabled": False, "global_replication_group_id": "g"},
            "global_replication_group_id",
        ),
        ("ebs.Volume", {"encrypted": False}, "EBS encryption by default"),
    ],
)
def test_encryption_that_depends_on_an_unknown_fact_is_unknown(
    kind: str, properties: dict[str, Any], words: str
) -> None:
    (found,) = observations(a_resource(kind, "store", **properties))
    assert words in found.unknown


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_copy_of_a_database_of_the_program_is_as_its_source(encrypted: bool) -> None:
    source = a_resource("rds.Instance", "db", id="db", engine="postgres", storage_encrypted=encrypted)
    copy = a_resource("rds.Instance", "copy", id="copy", engine="postgres", replicate_source_db="db")
    assert [found.resource for found in observations(source, copy)] == ([] if encrypted else [source])


def test_a_copy_of_a_database_that_the_program_only_reads_is_unknown() -> None:
    source = a_resource("rds.Instance", "db", id="db", op="read")
    (found,) = observations(source, a_resource("rds.Instance", "copy", replicate_source_db="db"))
    assert "replicate_source_db" in found.unknown
