"""Whose key encrypts something at rest: the account's own, which it can disable and audit, or one that AWS manages."""

from __future__ import annotations

from lab_support.plan import Plan, Resource

_KEYS = ("kms.Key", "kms.ReplicaKey", "kms.ExternalKey")


def customer_key(plan: Plan, resource: Resource, name: str = "kms_key_id") -> Resource | None:
    """The enabled customer-managed key of this program that a property stands for, or None.

    The property may hold the key's id or ARN, or the name or ARN of an alias of it.
    """
    for alias in plan.referenced(resource, name, "kms.Alias"):
        return _enabled(plan.referenced(alias, "target_key_id", *_KEYS))
    return _enabled(plan.referenced(resource, name, *_KEYS))


def _enabled(keys: tuple[Resource, ...]) -> Resource | None:
    on = (key for key in keys if key.get("is_enabled", key.get("enabled", True)) is True)
    return next(on, None)


def encrypted_with(plan: Plan, resource: Resource) -> Resource | None:
    """The customer-managed key that a database encrypts its storage with; None if there is none or no encryption."""
    return customer_key(plan, resource) if resource.get("storage_encrypted") is True else None
