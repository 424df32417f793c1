"""Deleting a resource: what AWS refuses to delete, in its own words, and what is left of it.

Texts in the entries: errors quoted in issues of hashicorp/terraform-provider-aws, and getmoto/moto; what the provider
says itself, before it calls AWS, is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.resource_spec import DeletionGuard, ResourceSpec
from lab_support.mock_aws.services import canonical, canonical_token, holders_of, spec_of


def delete(resource: StoredResource, account: Account) -> None:
    """Removes the resource from the account. Raises AwsApiError where AWS, or the provider, would not delete it."""
    spec = spec_of(resource.type) or ResourceSpec()
    left = spec.on_delete(resource, account) if spec.on_delete else ()
    for guard in spec.guards:
        if resource.values.get(guard.unless) is True:
            continue
        user = next(_users(guard, resource, account), None)
        if user is not None or (guard.flag and resource.values.get(guard.flag[0]) == guard.flag[1]):
            named = user.values.get("identifier") or user.id if user else ""
            raise guard.error({**resource.values, "id": resource.id, "user": named}, spec.deletion)
    account.remove(resource.urn, resource.id)
    if resource.values.get("skipDestroy") is True:  # the provider only forgets it
        left = (*left, replace(resource, urn=f"{resource.urn}#kept"))
    account.existing = (*account.existing, *left)


def _users(guard: DeletionGuard, resource: StoredResource, account: Account) -> Iterator[StoredResource]:
    if guard.flag is not None:
        return
    for type, name in guard.users or holders_of(canonical(resource.type)):
        for other in account.of_type(canonical_token(type)):
            if other.urn != resource.urn and resource.handles & set(_texts_in(other.values.get(name))):
                yield other


def _texts_in(value: Any) -> Iterator[str]:
    """All strings in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts_in(inner)
