"""The theft drill: a copy of the stored data is stolen. Who can read it?

    for store in theft(plan).stores:
        print(store.resource.name, store.protection, store.readers)

An inventory of all data stores in a plan: how each is encrypted, who holds the key, and who could revoke it. Sources:
AWS KMS Developer Guide, "AWS KMS keys" (docs.aws.amazon.com/kms/latest/developerguide/concepts.html), which describes
customer managed, AWS managed and AWS owned keys; NIST SP 800-53 SC-28.
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

__all__ = ["Protection", "theft"]  # what notebooks import from lab_support


class Protection(StrEnum):
    """How data at rest is protected, from nothing to a customer managed key."""

    NONE = "not encrypted"
    AWS_OWNED = "AWS owned key"
    AWS_MANAGED = "AWS managed key"
    EXTERNAL = "key of another program"
    UNUSABLE = "a key that is disabled or cannot encrypt"
    UNKNOWN = "unknown"
    CUSTOMER = "customer managed key of this program"


@dataclass(frozen=True)
class Exposure:
    """The consequences of a protection: who can read a stolen copy, who holds the key, who can revoke it."""

    readers: str
    holder: str
    revoked_by: str


EXPOSURES: Mapping[Protection, Exposure] = {
    Protection.NONE: Exposure("anyone with the medium or a copy of it", "nobody: there is no key", "nobody"),
    Protection.AWS_OWNED: Exposure(
        "nobody with the medium alone; anyone the service lets read",
        "AWS, for many accounts",
        "nobody here",
    ),
    Protection.AWS_MANAGED: Exposure(
        "nobody with the medium alone; anyone in the account who may use the service",
        "AWS, for this account, which can view the policy but not change it",
        "nobody here: the account cannot disable it",
    ),
    Protection.EXTERNAL: Exposure(
        "nobody with the medium alone; anyone the other key's policy allows",
        "the owner of the other key",
        "its owner",
    ),
    Protection.UNUSABLE: Exposure(
        "nobody, not even the system itself", "this account", "it is already out of use"
    ),
    Protection.UNKNOWN: Exposure("unknown before the deployment", "unknown", "unknown"),
    Protection.CUSTOMER: Exposure(
        "nobody with the medium alone; anyone the key's policy allows",
        "this account, under its own policy",
        "this account: it can change the policy or disable the key",
    ),
}


@dataclass(frozen=True)
class Store:
    """A resource that stores data: what it stores, how it is protected, and the program's key if that encrypts it."""

    resource: Resource
    what: str
    protection: Protection
    key: Resource | None = None

    @property
    def exposure(self) -> Exposure:
        return EXPOSURES[self.protection]

    @property
    def shortcoming(self) -> str:
        """What is wrong with an encryption that is there, in a few words; empty where there is none or it is right."""
        if self.protection in (Protection.NONE, Protection.CUSTOMER):
            return ""
        if self.protection in (Protection.UNUSABLE, Protection.UNKNOWN):
            return "its key cannot be used, or is not known"
        return "not encrypted with a key of this program"

    @property
    def readers(self) -> str:
        """Who can read a stolen copy of the data."""
        return self.exposure.readers


@dataclass(frozen=True)
class Theft:
    """The inventory of a plan's data stores, the worst protected first."""

    stores: tuple[Store, ...]

    def of_type(self, *kinds: str) -> tuple[Store, ...]:
        """The stores of these kinds, such as `"efs.FileSystem"`."""
        return tuple(store for store in self.stores if store.resource.kind in kinds)


@dataclass(frozen=True)
class _StoreType:
    """How a type of store is encrypted: its key property, whether encryption is on, and the default protection."""

    what: str
    key: str = "kms_key_id"
    on: Callable[[Resource], bool] = lambda resource: True
    without_key: Protection = Protection.NONE
    service: str = ""


def _flag(name: str) -> Callable[[Resource], bool]:
    return lambda resource: resource.get(name) is True


_STORE_TYPES: Mapping[str, _StoreType] = {
    "efs.FileSystem": _StoreType("files", on=_flag("encrypted"), service="elasticfilesystem"),
    "rds.Instance": _StoreType(
        "database, its backups and snapshots", on=_flag("storage_encrypted"), service="rds"
    ),
    "rds.Cluster": _StoreType(
        "database, its backups and snapshots", on=_flag("storage_encrypted"), service="rds"
    ),
    "docdb.Cluster": _StoreType(
        "database, its backups and snapshots", on=_flag("storage_encrypted"), service="rds"
    ),
    "neptune.Cluster": _StoreType(
        "database, its backups and snapshots", "kms_key_arn", on=_flag("storage_encrypted"), service="rds"
    ),
    "rds.Snapshot": _StoreType("snapshot", on=_flag("encrypted"), service="rds"),
    "kinesis.Stream": _StoreType("events", on=lambda r: r.get("encryption_type") == "KMS", service="kinesis"),
    "sns.Topic": _StoreType("messages", "kms_master_key_id", without_key=Protection.AWS_OWNED, service="sns"),
    "sqs.Queue": _StoreType("messages", "kms_master_key_id", without_key=Protection.AWS_OWNED, service="sqs"),
    "cloudwatch.LogGroup": _StoreType("logs", without_key=Protection.AWS_OWNED, service="logs"),
    "secretsmanager.Secret": _StoreType(
        "secrets", without_key=Protection.AWS_MANAGED, service="secretsmanager"
    ),
    "elasticache.ReplicationGroup": _StoreType(
        "cache",
        on=_flag("at_rest_encryption_enabled"),
        without_key=Protection.AWS_OWNED,
        service="elasticache",
    ),
    "ebs.Volume": _StoreType("disk", on=_flag("encrypted"), service="ebs"),
    "backup.Vault": _StoreType(
        "backups", "kms_key_arn", without_key=Protection.AWS_MANAGED, service="backup"
    ),
}


def theft(plan: Plan) -> Theft:
    """The inventory of all resources in the plan that store data, and how each is protected at rest."""
    stores = [
        _store(plan, resource, _STORE_TYPES[resource.kind])
        for resource in plan
        if resource.kind in _STORE_TYPES
    ]
    order = list(Protection)
    return Theft(tuple(sorted(stores, key=lambda store: order.index(store.protection))))


def _store(plan: Plan, resource: Resource, kind: _StoreType) -> Store:
    protection, key = _protection(plan, resource, kind)
    return Store(resource, kind.what, protection, key)


def _protection(plan: Plan, resource: Resource, kind: _StoreType) -> tuple[Protection, Resource | None]:
    if not kind.on(resource):
        return Protection.NONE, None
    value: Any = resource.get(kind.key)
    if value is UNKNOWN:
        return Protection.UNKNOWN, None
    if not value:
        return kind.without_key if kind.without_key is not Protection.NONE else Protection.AWS_MANAGED, None
    key = customer_key(plan, resource, kind.key)
    if key is not None:
        return Protection.CUSTOMER, key
    if declared_key(plan, resource, kind.key) is not None:
        return Protection.UNUSABLE, None
    region = str(resource.get("region", plan.region))
    is_managed = "alias/aws/" in str(value) or value == managed_key_arn(plan.account, kind.service, region)
    return (Protection.AWS_MANAGED if is_managed else Protection.EXTERNAL), None
