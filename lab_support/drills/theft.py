"""The theft drill: the bytes at rest fall into wrong hands, and this is who can read them.

    for store in theft(plan).stores:
        print(store.resource.name, store.protection, store.readers)

An inventory of everything in a plan that stores data: what encrypts it, who holds the key, who could revoke it.
Sources: AWS KMS Developer Guide, "AWS KMS keys" (docs.aws.amazon.com/kms/latest/developerguide/concepts.html), which
describes customer managed, AWS managed and AWS owned keys; NIST SP 800-53 SC-28.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lab_support.drills.keys import customer_key, declared_key
from lab_support.mock_aws.services.kms import managed_key_arn
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN


class Protection(StrEnum):
    """What stands between the bytes and whoever holds the medium, from nothing to a key of one's own."""

    NONE = "not encrypted"
    AWS_OWNED = "AWS owned key"
    AWS_MANAGED = "AWS managed key"
    ELSEWHERE = "key of another program"
    UNUSABLE = "a key that is disabled or cannot encrypt"
    UNKNOWN = "unknown"
    CUSTOMER = "customer managed key of this program"


@dataclass(frozen=True)
class Fate:
    """What follows from a protection: who can read a stolen copy, who holds the key, who can revoke it."""

    readers: str
    holder: str
    revoked_by: str


FATES: Mapping[Protection, Fate] = {
    Protection.NONE: Fate("whoever holds the medium or a copy of it", "nobody: there is no key", "nobody"),
    Protection.AWS_OWNED: Fate(
        "nobody with the medium alone; whoever the service lets read",
        "AWS, for many accounts at once",
        "nobody here",
    ),
    Protection.AWS_MANAGED: Fate(
        "nobody with the medium alone; everyone in the account who may use the service",
        "AWS, for this account, which can look on but not change the policy",
        "nobody here: the account cannot disable it",
    ),
    Protection.ELSEWHERE: Fate(
        "nobody with the medium alone; whoever the other key's policy lets",
        "whoever owns the other key",
        "its owner",
    ),
    Protection.UNUSABLE: Fate(
        "nobody, not even the system itself", "this account", "it is out of use already"
    ),
    Protection.UNKNOWN: Fate("unknown before the deployment", "unknown", "unknown"),
    Protection.CUSTOMER: Fate(
        "nobody with the medium alone; whoever the key's policy lets",
        "this account, under a policy of its own",
        "this account: it can change the policy or disable the key",
    ),
}


@dataclass(frozen=True)
class Store:
    """Something that keeps data: the resource, what protects it, and the program's key if that is what does."""

    resource: Resource
    what: str
    protection: Protection
    key: Resource | None = None

    @property
    def fate(self) -> Fate:
        return FATES[self.protection]

    @property
    def readers(self) -> str:
        """Who can read the bytes if a copy of them is stolen."""
        return self.fate.readers


@dataclass(frozen=True)
class Theft:
    """The inventory of a plan's stores, the worst protected first."""

    stores: tuple[Store, ...]

    def of_type(self, *kinds: str) -> tuple[Store, ...]:
        """The stores of these kinds, such as `"efs.FileSystem"`."""
        return tuple(store for store in self.stores if store.resource.kind in kinds)


@dataclass(frozen=True)
class _Kind:
    """How one type of store is encrypted: the key's property, whether it is on, and what it gets without a key."""

    what: str
    key: str = "kms_key_id"
    on: Callable[[Resource], bool] = lambda resource: True
    otherwise: Protection = Protection.NONE
    service: str = ""


def _flag(name: str) -> Callable[[Resource], bool]:
    return lambda resource: resource.get(name) is True


_KINDS: Mapping[str, _Kind] = {
    "efs.FileSystem": _Kind("files", on=_flag("encrypted"), service="elasticfilesystem"),
    "rds.Instance": _Kind(
        "database, its backups and snapshots", on=_flag("storage_encrypted"), service="rds"
    ),
    "rds.Cluster": _Kind("database, its backups and snapshots", on=_flag("storage_encrypted"), service="rds"),
    "docdb.Cluster": _Kind(
        "database, its backups and snapshots", on=_flag("storage_encrypted"), service="rds"
    ),
    "neptune.Cluster": _Kind(
        "database, its backups and snapshots", "kms_key_arn", on=_flag("storage_encrypted"), service="rds"
    ),
    "rds.Snapshot": _Kind("snapshot", on=_flag("encrypted"), service="rds"),
    "kinesis.Stream": _Kind("events", on=lambda r: r.get("encryption_type") == "KMS", service="kinesis"),
    "sns.Topic": _Kind("messages", "kms_master_key_id", otherwise=Protection.AWS_OWNED, service="sns"),
    "sqs.Queue": _Kind("messages", "kms_master_key_id", otherwise=Protection.AWS_OWNED, service="sqs"),
    "cloudwatch.LogGroup": _Kind("logs", otherwise=Protection.AWS_OWNED, service="logs"),
    "secretsmanager.Secret": _Kind("secrets", otherwise=Protection.AWS_MANAGED, service="secretsmanager"),
    "elasticache.ReplicationGroup": _Kind(
        "cache", on=_flag("at_rest_encryption_enabled"), otherwise=Protection.AWS_OWNED, service="elasticache"
    ),
    "ebs.Volume": _Kind("disk", on=_flag("encrypted"), service="ebs"),
    "backup.Vault": _Kind("backups", "kms_key_arn", otherwise=Protection.AWS_MANAGED, service="backup"),
}


def theft(plan: Plan) -> Theft:
    """The inventory of everything in the plan that keeps data, and what protects it at rest."""
    stores = [_store(plan, resource, _KINDS[resource.kind]) for resource in plan if resource.kind in _KINDS]
    order = list(Protection)
    return Theft(tuple(sorted(stores, key=lambda store: order.index(store.protection))))


def _store(plan: Plan, resource: Resource, kind: _Kind) -> Store:
    protection, key = _protection(plan, resource, kind)
    return Store(resource, kind.what, protection, key)


def _protection(plan: Plan, resource: Resource, kind: _Kind) -> tuple[Protection, Resource | None]:
    if not kind.on(resource):
        return Protection.NONE, None
    value: Any = resource.get(kind.key)
    if value is UNKNOWN:
        return Protection.UNKNOWN, None
    if not value:
        return kind.otherwise if kind.otherwise is not Protection.NONE else Protection.AWS_MANAGED, None
    key = customer_key(plan, resource, kind.key)
    if key is not None:
        return Protection.CUSTOMER, key
    if declared_key(plan, resource, kind.key) is not None:
        return Protection.UNUSABLE, None
    region = str(resource.get("region", plan.region))
    is_managed = "alias/aws/" in str(value) or value == managed_key_arn(plan.account, kind.service, region)
    return (Protection.AWS_MANAGED if is_managed else Protection.ELSEWHERE), None
