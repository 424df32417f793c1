"""What AWS overwrites in silence: a second request for the same thing replaces the first one without an error.

An entry in services/ says which properties identify such a thing (`overwrites`). The account remembers who wrote it
last; everything that an earlier resource wrote is gone, although its stack still lists it. The deletion of one of them
removes the thing, and with it what the others wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.sdk_types import resource_type
from lab_support.mock_aws.services import canonical, canonical_token, spec_of
from lab_support.plan.dependencies import comes_after
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

OVERWRITTEN: Final = "Overwritten without an error: "

Slot = tuple[str, ...]


def slot_of(resource: StoredResource, account: Account) -> Slot | None:
    """What a resource writes, as AWS identifies it; None where a second request is refused or makes a second thing.

    Two resources with equal slots are one thing to AWS. None, too, where that is not known yet.
    """
    spec = spec_of(resource.type)
    if spec is None or spec.overwrites is None:
        return None
    values = [resource.values.get(name) for name in spec.overwrites]
    if UNKNOWN in values or (values and not any(values)):
        return None
    targets = {reference.name: reference.target for reference in spec.references}
    identified = (
        _id_of(value, targets.get(name), account) for name, value in zip(spec.overwrites, values, strict=True)
    )
    described = resource_type(resource.type)
    is_regional = described is not None and "region" in described.outputs and not spec.is_global
    return (canonical(resource.type), resource.region if is_regional else "", *identified)


def write(resource: StoredResource, account: Account) -> None:
    """Notes that a resource was created or changed: it has replaced what another resource wrote in the same place."""
    account.overwritten.pop(resource.urn, None)
    slot = slot_of(resource, account)
    if slot is None:
        return
    earlier = account.writers.get(slot)
    if earlier is not None and earlier != resource.urn:
        account.overwritten[earlier] = resource.urn
    account.writers[slot] = resource.urn


def delete(resource: StoredResource, account: Account) -> None:
    """Notes that a resource was deleted: what another resource wrote in the same place is gone as well."""
    if account.get(resource.urn) is None:  # else it was replaced by a new one
        account.overwritten.pop(resource.urn, None)
    slot = slot_of(resource, account)
    last = account.writers.pop(slot, None) if slot is not None else None
    if last is not None and last != resource.urn:
        account.overwritten[last] = resource.urn


def marked(resources: Iterable[Resource], account: Account) -> tuple[Resource, ...]:
    """The resources of a plan; of those that are overwritten it is said by which one."""
    overwritten = {urn: later for each in _accounts(account) for urn, later in each.overwritten.items()}
    return tuple(
        replace(resource, overwritten_by=overwritten[resource.urn])
        if resource.urn in overwritten
        else resource
        for resource in resources
    )


def advice(resources: Sequence[Resource], account: Account) -> Iterator[Diagnostic]:
    """A warning for each resource of a plan that is overwritten, and for each that overwrites one of another stack."""
    planned = {resource.urn for resource in resources}
    for known in _accounts(account):
        for earlier, later in known.overwritten.items():
            if earlier in planned or (later in planned and known.get(earlier) is not None):
                about = earlier if earlier in planned else later
                yield Diagnostic("warning", OVERWRITTEN + _text(earlier, later, resources, known), about)


def _accounts(account: Account) -> tuple[Account, ...]:
    """The account, and those in which a program works by assuming a role."""
    return (account, *account.others.values())


def _text(earlier: str, later: str, resources: Sequence[Resource], account: Account) -> str:
    stacks = {resource.urn.split(":")[2] for resource in resources}
    first, second = _name(earlier, stacks), _name(later, stacks)
    stored = account.get(earlier) or account.get(later)
    what = f"{first} and {second} are one {_described(stored)} to AWS." if stored else ""
    if account.get(later) is None:
        return f"{what} {second} was deleted, and with it what {first} had written."
    text = f"{what} {second} is written later, so nothing of {first} is left."
    if earlier.split(":")[2] == later.split(":")[2] and not comes_after(later, earlier, resources):
        text += f" Neither depends on the other: in another deployment, {first} may be the one that is left."
    return text


def _described(resource: StoredResource) -> str:
    """A thing as AWS identifies it: `iam.RolePolicy with role 'task' and name 'access'`."""
    spec = spec_of(resource.type)
    names = spec.overwrites if spec is not None and spec.overwrites else ()
    given = [f"{name} '{resource.values[name]}'" for name in names if resource.values.get(name)]
    return canonical(resource.type) + (f" with {' and '.join(given)}" if given else "")


def _name(urn: str, stacks: set[str]) -> str:
    """A resource in a sentence; one of another stack than these with its stack."""
    name = f"'{urn.rpartition('::')[2]}'"
    stack = urn.split(":")[2]
    return name if stack in stacks else f"{name} of the stack {stack}"


def _id_of(value: Any, target: str | None, account: Account) -> str:
    """What a property names, however it is written: the id of the resource where the account has it."""
    found = account.find(value, canonical_token(target)) if target else None
    return found.id if found is not None else str(value or "")
