"""What a plan says of resources that AWS overwrites in silence (mock_aws/overwriting.py): marks and warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.overwriting import Slot, slot_of
from lab_support.mock_aws.services import canonical, canonical_token, spec_of
from lab_support.plan.dependencies import comes_after
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.resource import Resource
from lab_support.toolchain.sdk_types import resource_type

OVERWRITTEN: Final = "Overwritten without an error: "


def marked(resources: Iterable[Resource], account: Account) -> tuple[Resource, ...]:
    """The resources of a plan; each that is overwritten names the resource that replaced it.

    The outputs of a resource have no inline property that is overwritten. Its inputs still say what the program wrote.
    """
    overwritten = {urn: later for known in _accounts(account) for urn, later in known.overwritten.items()}
    lost: dict[str, set[Slot]] = {}
    for known in _accounts(account):
        for urn, slot in known.overwritten_inline:
            lost.setdefault(urn, set()).add(slot)
    return tuple(
        replace(
            resource,
            overwritten_by=overwritten.get(resource.urn, ""),
            outputs=_left(resource, lost.get(resource.urn, set())),
        )
        if resource.urn in overwritten or resource.urn in lost
        else resource
        for resource in resources
    )


def advice(resources: Sequence[Resource], account: Account) -> Iterator[Diagnostic]:
    """A warning for each resource of a plan that is overwritten, and for each that overwrites one of another stack."""
    planned = {resource.urn for resource in resources}
    for known in _accounts(account):
        for earlier, later, slot in _overwritten(known):
            if earlier in planned or (later in planned and known.get(earlier) is not None):
                about = earlier if earlier in planned else later
                yield Diagnostic(
                    "warning", OVERWRITTEN + _text(earlier, later, slot, resources, known), about
                )


def _left(resource: Resource, lost: set[Slot]) -> Mapping[str, Any]:
    """The outputs of a resource without the inline properties, or their items, that are lost."""
    spec, described = spec_of(resource.type), resource_type(canonical_token(resource.type))
    if not lost or spec is None or described is None:
        return resource.outputs
    outputs = dict(resource.outputs)
    for wire_name, type in spec.inline.items():
        gone = [slot for slot in lost if slot[0] == type]
        name = described.outputs[wire_name].python_name
        if not gone or name not in outputs:
            continue
        fields = [_python_name(type, field) for field in (_names(type)[1:])]
        outputs[name] = (
            [item for item in outputs[name] if not _is_one_of(item, fields, gone)]
            if fields and isinstance(outputs[name], (list, tuple))
            else None
        )
    return outputs


def _is_one_of(item: Any, fields: Sequence[str], slots: Iterable[Slot]) -> bool:
    return isinstance(item, Mapping) and any(
        tuple(str(item.get(field)) for field in fields) == slot[3:] for slot in slots
    )


def _overwritten(account: Account) -> Iterator[tuple[str, str, Slot]]:
    """What is overwritten, and by which resource, with what both write; inline properties last."""
    for earlier, later in account.overwritten.items():
        stored = account.get(earlier) or account.get(later)
        slot = slot_of(stored, account) if stored is not None else None
        yield earlier, later, slot or ()
    for (earlier, slot), later in account.overwritten_inline.items():
        yield earlier, later, slot


def _accounts(account: Account) -> tuple[Account, ...]:
    """The account, and those in which a program works by assuming a role."""
    return (account, *account.others.values())


def _text(earlier: str, later: str, slot: Slot, resources: Sequence[Resource], account: Account) -> str:
    stacks = {resource.urn.split(":")[2] for resource in resources}
    first, second = (_part(urn, slot, account) + _name(urn, stacks) for urn in (earlier, later))
    what = f"{first} and {second} are one {_described(slot)} to AWS." if slot else ""
    if account.get(later) is None:
        return f"{what} {second} was deleted, and with it what {first} had written."
    text = f"{what} {second} is written later, so nothing of {first} is left."
    if earlier.split(":")[2] == later.split(":")[2] and not comes_after(later, earlier, resources):
        text += f" Neither depends on the other: in another deployment, {first} may be the one that is left."
    return text


def _part(urn: str, slot: Slot, account: Account) -> str:
    """`inline_policies of ` where a resource writes a thing with that property; else nothing."""
    stored = account.get(urn)
    spec = spec_of(stored.type) if stored is not None else None
    if stored is None or spec is None or not slot:
        return ""
    name = next((name for name, type in spec.inline.items() if type == slot[0]), "")
    return f"{_python_name(canonical(stored.type), name)} of " if name else ""


def _described(slot: Slot) -> str:
    """A thing as AWS identifies it: `iam.RolePolicy with role 'task' and name 'access'`."""
    type, _, *values = slot
    given = [
        f"{_python_name(type, name)} '{value}'"
        for name, value in zip(_names(type), values, strict=True)
        if value
    ]
    return type + (f" with {' and '.join(given)}" if given else "")


def _names(type: str) -> tuple[str, ...]:
    """The inputs that identify what a resource of this type writes."""
    spec = spec_of(type)
    return spec.overwrites or () if spec is not None else ()


def _python_name(type: str, name: str) -> str:
    """A property as a program writes it."""
    described = resource_type(canonical_token(type))
    return described.inputs[name].python_name if described is not None and name in described.inputs else name


def _name(urn: str, stacks: set[str]) -> str:
    """A resource in a sentence; one of another stack than these with its stack."""
    name = f"'{urn.rpartition('::')[2]}'"
    stack = urn.split(":")[2]
    return name if stack in stacks else f"{name} of the stack {stack}"
