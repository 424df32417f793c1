"""Which key encrypts a resource: one of the account's own, which it can disable and audit, or one that AWS manages."""

from __future__ import annotations

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = ["customer_key", "rotates"]  # what notebooks import from lab_support

_KEYS = ("kms.Key", "kms.ReplicaKey", "kms.ExternalKey", "kms.ReplicaExternalKey")


def customer_key(plan: Plan, resource: Resource, name: str = "kms_key_id") -> Resource | None:
    """The usable customer-managed key of this program that a property refers to, or None.

    The property may have the key's id or ARN, or the name or ARN of an alias. A usable key is an enabled symmetric
    encryption key in the account and region of the resource: AWS services do not encrypt with any other (AWS KMS
    Developer Guide, "Using KMS keys with AWS services").
    """
    key = declared_key(plan, resource, name)
    in_account = key is not None and str(key.get("arn", "")).split(":")[4:5] == [plan.account]
    return key if key is not None and in_account and _is_usable(key, resource) else None


def declared_key(plan: Plan, resource: Resource, name: str = "kms_key_id") -> Resource | None:
    """The key of this program that a property refers to, usable or not, or None."""
    for alias in plan.referenced(resource, name, "kms.Alias"):
        return next(iter(plan.referenced(alias, "target_key_id", *_KEYS)), None)
    return next(iter(plan.referenced(resource, name, *_KEYS)), None)


def rotates(plan: Plan, key: Resource) -> bool:
    """Whether KMS rotates a key of this program by itself; one that is only read is not the program's to judge.

    A replica rotates with its primary key, and imported key material is never rotated automatically (AWS KMS Developer
    Guide, "Rotate AWS KMS keys").
    """
    if key.op == "read":
        return True
    if key.kind == "kms.ReplicaKey":
        return all(rotates(plan, primary) for primary in plan.referenced(key, "primary_key_arn", "kms.Key"))
    return key.kind == "kms.Key" and key.get("enable_key_rotation", False) in (True, UNKNOWN)


def _is_usable(key: Resource, resource: Resource) -> bool:
    has_material = not key.kind.endswith("ExternalKey") or bool(key.get("key_material_base64"))
    return (
        key.get("is_enabled", key.get("enabled", True)) is True
        and key.get("key_usage", "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT"
        and key.get("customer_master_key_spec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT"
        and key.get("region") == resource.get("region")
        and has_material
    )
