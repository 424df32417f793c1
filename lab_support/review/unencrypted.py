"""UNENCRYPTED-AT-REST: a store whose bytes anybody can read who gets hold of them. The theft drill as a rule.

NIST SP 800-53 SC-28. Only what is plainly not encrypted is a finding. Keys that AWS manages or owns are not: S3 has
encrypted every new object since January 2023, Aurora every new cluster since 18 February 2026 (Amazon Aurora User
Guide, Overview.Encryption.html), and DynamoDB, SQS, SNS, CloudWatch Logs, Secrets Manager encrypt by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.theft import Protection, Store, theft
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.findings import Observation, ReviewRule, ReviewSubject, counted

# Where a new store takes its encryption from another one that the plan may not show.
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


@dataclass(frozen=True)
class _Kind:
    """How a kind of store is encrypted: the argument that switches it on, what it holds here, and the repair."""

    argument: str
    holds: Callable[[Plan, Resource], str]
    repair: str


def _files(plan: Plan, resource: Resource) -> str:
    targets = [t for t in plan.of_type("efs.MountTarget") if resource in plan.referenced(t, "file_system_id")]
    served = f", which {counted(len(targets), 'mount target')} serve" if len(targets) > 1 else ""
    return f"the files{served}"


def _database(plan: Plan, resource: Resource) -> str:
    size, days = resource.get("allocated_storage"), resource.get("backup_retention_period")
    room = f"{size} GiB of " if isinstance(size, (int, float)) else ""
    kept = f" of {counted(int(days), 'day')}" if isinstance(days, (int, float)) and days else ""
    return f"the {room}database, its snapshots and its backups{kept}"


def _events(plan: Plan, resource: Resource) -> str:
    shards, hours = resource.get("shard_count"), resource.get("retention_period")
    width = f" of its {counted(int(shards), 'shard')}" if isinstance(shards, (int, float)) and shards else ""
    kept = f" in the last {hours:g} hours" if isinstance(hours, (int, float)) else ""
    return f"the records{width}{kept}"


def _cache(plan: Plan, resource: Resource) -> str:
    return "what the cache writes to disk, and its backups"


_REPLACED: Final = "It can only be said at the creation: what exists is replaced, so copy its contents first."
_KINDS: Final[Mapping[str, _Kind]] = {
    "efs.FileSystem": _Kind(
        "encrypted", _files, f"Set encrypted=True, and kms_key_id to a key of your own. {_REPLACED}"
    ),
    **dict.fromkeys(
        ("rds.Instance", "rds.Cluster", "docdb.Cluster", "neptune.Cluster"),
        _Kind(
            "storage_encrypted",
            _database,
            "Set storage_encrypted=True, and the key to one of your own. It can only be said at the creation: restore "
            "an encrypted copy of a snapshot.",
        ),
    ),
    "kinesis.Stream": _Kind(
        "encryption_type",
        _events,
        'Set encryption_type="KMS" and kms_key_id, to a key of your own or to "alias/aws/kinesis".',
    ),
    "elasticache.ReplicationGroup": _Kind(
        "at_rest_encryption_enabled", _cache, f"Set at_rest_encryption_enabled=True. {_REPLACED}"
    ),
}


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """The stores that nothing encrypts."""
    for store in theft(subject.plan).stores:
        resource, kind = store.resource, _KINDS.get(store.resource.kind)
        if store.protection is not Protection.NONE or resource.op in ("read", "delete"):
            continue
        if reason := _not_known(store, kind):
            yield Observation(resource, unknown=reason)
        elif kind is not None and not _is_encrypted_anyway(resource):
            what = (
                f"Nothing encrypts {kind.holds(subject.plan, resource)}: {store.readers} can read them. There is no "
                "key to revoke."
            )
            yield Observation(resource, what, kind.repair)


def _not_known(store: Store, kind: _Kind | None) -> str:
    resource = store.resource
    if resource.kind == "ebs.Volume":
        return "whether the account encrypts new volumes by default (EBS encryption by default) is not known here"
    if kind is not None and resource.get(kind.argument) is UNKNOWN:
        return f"whether it is encrypted ({kind.argument}) is unknown before the deployment"
    origin = next((name for name in _ORIGINS if resource.get(name) is not None), None) if kind else None
    return f"its encryption follows from where it comes from ({origin})" if origin else ""


def _is_encrypted_anyway(resource: Resource) -> bool:
    engine: Any = resource.get("engine", "")
    if resource.kind in ("rds.Cluster", "rds.Instance"):
        return engine is not UNKNOWN and str(engine).startswith("aurora")
    return resource.kind == "elasticache.ReplicationGroup" and resource.get("data_tiering_enabled") is True


RULE = ReviewRule(
    "UNENCRYPTED-AT-REST",
    "Critical",
    "encryption",
    "SC-28",
    "Data lies unencrypted where it is stored",
    check,
)
