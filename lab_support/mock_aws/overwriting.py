"""What AWS overwrites in silence: a second request for the same thing replaces the first one without an error.

An entry in services/ says which properties identify such a thing (`overwrites`), and which properties of another type
write it, too (`inline`: a role's `inline_policies` are what an `iam.RolePolicy` writes). The account remembers which
resource wrote it last; everything that an earlier resource wrote is gone, although its stack still lists it. The
deletion of one of them removes the thing, and with it what the others wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import canonical, canonical_token, inline_owners_of, spec_of
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type, token_of

Slot = tuple[str, ...]


def slot_of(resource: StoredResource, account: Account) -> Slot | None:
    """What a resource writes, as AWS identifies it; None where a second request is refused or makes a second thing.

    Two resources with equal slots are one thing to AWS. None, too, where that is not known yet.
    """
    spec = spec_of(resource.type)
    if spec is None or spec.overwrites is None:
        return None
    return _slot(
        canonical(resource.type),
        spec,
        [resource.values.get(name) for name in spec.overwrites],
        resource.region,
        account,
    )


def inline_slots(
    resource: StoredResource, account: Account, inputs: Mapping[str, Any] | None = None
) -> dict[Slot, Any]:
    """What a resource writes with its inline properties, as AWS identifies it, with what it writes there.

    `inputs` are what the program gives: a default of AWS's is not written by a request.
    """
    owner = spec_of(resource.type)
    found: dict[Slot, Any] = {}
    for name, type in owner.inline.items() if owner is not None else ():
        for fields, value in _written(name, type, resource.values if inputs is None else inputs):
            spec = spec_of(type)
            assert spec is not None
            assert spec.overwrites is not None
            # As the other type names this resource: by a property of the same name, or by its id.
            own = resource.values.get(spec.overwrites[0]) or resource.id
            slot = _slot(type, spec, [own, *fields], resource.region, account)
            if slot is not None:
                found[slot] = value
    return found


def write(
    resource: StoredResource,
    account: Account,
    inputs: Mapping[str, Any] | None = None,
    former: Mapping[str, Any] | None = None,
) -> None:
    """Notes that a resource was created or changed: it has replaced what another resource wrote in the same place.

    `inputs` are what the program gives, and `former` what it gave before an update, which writes only inline
    properties that have changed.
    """
    account.overwritten.pop(resource.urn, None)
    slot = slot_of(resource, account)
    if slot is not None:
        _take_over(slot, resource.urn, account)
    before = inline_slots(resource, account, former) if former is not None else {}
    for inline, value in inline_slots(resource, account, inputs).items():
        if before.get(inline) != value:
            account.overwritten_inline.pop((resource.urn, inline), None)
            _take_over(inline, resource.urn, account)


def delete(resource: StoredResource, account: Account) -> None:
    """Notes that a resource was deleted: what another resource wrote in the same place is gone as well."""
    if account.get(resource.urn) is None:  # else it was replaced by a new one
        account.overwritten.pop(resource.urn, None)
        for urn, inline in [*account.overwritten_inline]:
            if urn == resource.urn:
                del account.overwritten_inline[urn, inline]
    slot = slot_of(resource, account)
    last = account.writers.pop(slot, None) if slot is not None else None
    if slot is not None and last is not None and last != resource.urn:
        _lose(slot, last, resource.urn, account)
    for inline in inline_slots(resource, account):
        if account.writers.get(inline) == resource.urn:
            del account.writers[inline]


def _slot(type: str, spec: ResourceSpec, values: Sequence[Any], region: str, account: Account) -> Slot | None:
    if any(value is UNKNOWN for value in values) or (values and not any(values)):
        return None
    targets: dict[str, tuple[str, ...]] = {
        reference.name: (reference.target,) for reference in spec.references
    }
    names = spec.overwrites or ()
    if owners := inline_owners_of(type):
        targets.setdefault(names[0], owners)
    identified = (
        _id_of(value, targets.get(name, ()), account) for name, value in zip(names, values, strict=True)
    )
    described = resource_type(token_of(type) or "")
    is_regional = described is not None and "region" in described.outputs and not spec.is_global
    return (spec.overwrites_as or type, region if is_regional else "", *identified)


def _written(name: str, type: str, values: Mapping[str, Any]) -> Iterator[tuple[list[Any], Any]]:
    """What an inline property writes: the fields that identify each thing beside its owner, and the value."""
    spec, value = spec_of(type), values.get(name)
    fields = (spec.overwrites or ())[1:] if spec is not None else ()
    if value is UNKNOWN or not value:
        return
    if not fields:
        yield [], value
    for item in value if fields and isinstance(value, (list, tuple)) else ():
        if isinstance(item, Mapping):
            yield [item.get(field) for field in fields], item


def _take_over(slot: Slot, urn: str, account: Account) -> None:
    earlier = account.writers.get(slot)
    if earlier is not None and earlier != urn:
        _lose(slot, earlier, urn, account)
    account.writers[slot] = urn


def _lose(slot: Slot, earlier: str, later: str, account: Account) -> None:
    """Notes that what `earlier` wrote is gone: the resource, or what one of its properties wrote."""
    stored = account.get(earlier)
    spec = spec_of(stored.type) if stored is not None else None
    if spec is not None and spec.overwrites is None:
        account.overwritten_inline[earlier, slot] = later
    else:
        account.overwritten[earlier] = later


def _id_of(value: Any, targets: Sequence[str], account: Account) -> str:
    """What a property names, however it is written: the id of the resource where the account has it."""
    found = account.find(value, *map(canonical_token, targets)) if targets else None
    return found.id if found is not None else str(value or "")
