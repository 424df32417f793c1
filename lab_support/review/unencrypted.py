"""UNENCRYPTED-AT-REST: a data store that is not encrypted. The theft drill as a rule.

NIST SP 800-53 SC-28. Only stores that are certainly not encrypted are findings, not those with keys that AWS manages or
owns. S3 has encrypted every new object since January 2023, Aurora every new cluster since 18 February 2026 (Amazon
Aurora User Guide, Overview.Encryption.html); DynamoDB, SQS, SNS, CloudWatch Logs and Secrets Manager always encrypt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.theft import Protection, Store, theft
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.reporting import counted
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject

# Properties that make a new store inherit its encryption from another one, which the plan may not show.
_ORIGINS: Final = (
    "snapshot_identifier",
    "replicate_source_db",
    "replication_source_identifier",
    "restore_to_point_in_time",
    "global_cluster_identifier",
    "global_replication_group_id",
    "snapshot_arns",
    "snapshot_name",
    "snapshot_id",
)
_DATABASES: Final = ("rds.Instance", "rds.Cluster", "docdb.Cluster", "neptune.Cluster")


@dataclass(frozen=True)
class _StoreType:
    """How a type of store is encrypted: the argument that turns it on, a description of the data, and the repair."""

    argument: str
    data: Callable[[Plan, Resource], str]
    repair: str


def _files(plan: Plan, resource: Resource) -> str:
    targets = [
        target
        for target in plan.of_type("efs.MountTarget")
        if resource in plan.referenced(target, "file_system_id")
    ]
    reach = f", which are reachable through {counted(len(targets), 'mount target')}" if targets else ""
    return f"the files{reach}"


def _database(plan: Plan, resource: Resource) -> str:
    size, days = resource.get("allocated_storage"), resource.get("backup_retention_period")
    allocated = f" ({size} GiB)" if isinstance(size, (int, float)) else ""
    kept = f" of {counted(int(days), 'day')}" if isinstance(days, (int, float)) and days else ""
    return f"the database{allocated}, its snapshots and its backups{kept}"


def _events(plan: Plan, resource: Resource) -> str:
    shards, hours = resource.get("shard_count"), resource.get("retention_period")
    where = f" in its {counted(int(shards), 'shard')}" if isinstance(shards, (int, float)) and shards else ""
    kept = f" of the last {hours:g} hours" if isinstance(hours, (int, float)) else ""
    return f"the records{kept}{where}"


def _cache(plan: Plan, resource: Resource) -> str:
    return "the data that the cache writes to disk, and its backups"


_REPLACED: Final = (
    "This can only be set at creation and replaces the existing resource, so copy its contents first."
)
_STORE_TYPES: Final[Mapping[str, _StoreType]] = {
    "efs.FileSystem": _StoreType(
        "encrypted", _files, f"Set encrypted=True, and kms_key_id to a key of your own. {_REPLACED}"
    ),
    **dict.fromkeys(
        _DATABASES,
        _StoreType(
            "storage_encrypted",
            _database,
            "Set storage_encrypted=True, with a key of your own. This can only be set at creation: restore an "
            "encrypted copy of a snapshot.",
        ),
    ),
    "kinesis.Stream": _StoreType(
        "encryption_type",
        _events,
        'Set encryption_type="KMS" and kms_key_id, to a key of your own or to "alias/aws/kinesis".',
    ),
    "elasticache.ReplicationGroup": _StoreType(
        "at_rest_encryption_enabled", _cache, f"Set at_rest_encryption_enabled=True. {_REPLACED}"
    ),
}


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Data stores that are not encrypted."""
    for store in theft(subject.plan).stores:
        resource, kind = store.resource, _STORE_TYPES.get(store.resource.kind)
        if store.protection is not Protection.NONE or resource.op in ("read", "delete"):
            continue
        sources = (subject.plan.referenced(resource, name, *_DATABASES) for name in _ORIGINS)
        if any(source.op != "read" for found in sources for source in found):
            continue  # a copy is encrypted if its source is, and the source is reviewed itself
        if reason := _unknown(store, kind):
            yield Observation(resource, unknown=reason)
        elif kind is not None and not _is_always_encrypted(resource):
            what = (
                f"Nothing encrypts {kind.data(subject.plan, resource)}: {store.readers} can read them. There is no "
                "key to revoke."
            )
            yield Observation(resource, what, kind.repair, arguments=(kind.argument,))


def _unknown(store: Store, kind: _StoreType | None) -> str:
    """The unknown fact that a store's encryption depends on, in words; empty if there is none."""
    resource = store.resource
    if resource.kind == "ebs.Volume":
        return "whether the account has EBS encryption by default turned on is not known here"
    if kind is not None and resource.get(kind.argument) is UNKNOWN:
        return f"whether it is encrypted ({kind.argument}) is unknown until deployment"
    origin = next((name for name in _ORIGINS if resource.get(name) is not None), None) if kind else None
    return f"its encryption is that of its source ({origin})" if origin else ""


def _is_always_encrypted(resource: Resource) -> bool:
    engine: Any = resource.get("engine", "")
    if resource.kind in ("rds.Cluster", "rds.Instance"):
        return engine is not UNKNOWN and str(engine).startswith("aurora")
    return resource.kind == "elasticache.ReplicationGroup" and resource.get("data_tiering_enabled") is True


RULE = ReviewRule(
    "UNENCRYPTED-AT-REST",
    "Critical",
    "encryption",
    "SC-28",
    "Data is not encrypted at rest",
    "Turn on encryption with the argument that the finding names, preferably with a key of your own, which you "
    "can revoke and audit. On most stores this can only be set at creation: copy the data into a new one.",
    check,
)
