"""How the account answers a request: what a resource looks like once AWS has created it.

A service is a table (services/): for each type an `Answer` with the format of its id and ARN, what AWS fills in
when the program says nothing, and the rules by which AWS refuses. Types without an entry get a generic answer
from the SDK's own description of the type.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.refusal import Refusal
from lab_support.mock_aws.sdk_types import ResourceType
from lab_support.mock_aws.zones import zones_of
from lab_support.plan import UNKNOWN, kind_of

Values = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request to the account: create (or change) one resource of a type, in a region, with these inputs.

    `inputs` carry wire names (`multiAz`). `account` is the account as the request finds it.
    """

    type: str
    urn: str
    inputs: Mapping[str, Any]
    account: Account
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def partition(self) -> str:
        prefix = self.region.split("-")[:2]
        return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(
            prefix[0], "aws-us-gov" if prefix[1:] == ["gov"] else "aws"
        )

    @property
    def zones(self) -> tuple[str, ...]:
        """The availability zones of the region, as the account sees them."""
        return zones_of(self.region)


Rule = Callable[[Request, Values], None]
Computed = str | bool | int | list[Any] | dict[str, Any] | Callable[[Request, Values], Any]


@dataclass(frozen=True)
class Answer:
    """One row of a service's table. Strings are templates: `{region}`, `{account}`, `{hex17}`, `{identifier}`.

    `name` is the input that holds the physical name; where the program gives none, the provider makes one from the
    logical name, `separator` and seven digits or, with `generated`, one that begins with that prefix. `taken` is
    the error when the name exists already: (service, operation, code, text); the name must be unique in its region,
    or `everywhere`. `rules` raise Refusal. A change of an
    input in `replaced_by`, or of the name unless AWS can rename (`renamed`), makes a new resource. `awaits` names
    inputs that stand for another resource, with its type: one that is being created is waited for.
    """

    id: str
    arn: str = ""
    name: str = "name"
    separator: str = "-"
    generated: str = ""
    taken: tuple[str, str, str, str] | None = None
    creating: str = ""
    everywhere: bool = False
    defaults: Mapping[str, Computed] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    replaced_by: frozenset[str] = frozenset()
    renamed: bool = False
    awaits: Mapping[str, str] = field(default_factory=dict)


def answer(request: Request, row: Answer | None, described: ResourceType | None) -> tuple[Any, Values]:
    """The id and the outputs (by wire name) of the resource that this request creates.

    Raises Refusal where AWS would not create it. An id or output that follows from an unknown is UNKNOWN.
    """
    row = row or _generic(request, described)
    values = {name: value for name, value in request.inputs.items() if value is not None}
    if described is None or "region" in described.outputs:
        values.setdefault("region", request.region)
    for name, default in row.defaults.items():
        if name not in values:
            values[name] = _value(default, request, values)
    prefix = values.get(f"{row.name}Prefix")
    if row.name and row.name not in values and isinstance(prefix, str):
        values[row.name] = prefix + _digits(request)
    for rule in row.rules:
        rule(request, values)
    _refuse_taken_name(request, row, values)
    values["id"] = identity = _render(row.id, request, values) if "{arn}" not in row.id else ""
    if row.arn:
        values["arn"] = _render(row.arn, request, values)
    if not identity:
        values["id"] = identity = _render(row.id, request, values)
    for name, computed in row.computed.items():
        values[name] = _value(computed, request, values)
    if described is None or "tagsAll" in described.outputs:
        values["tagsAll"] = {**request.default_tags, **(_known_mapping(values.get("tags")))}
    return identity, {name: value for name, value in values.items() if name != "id"}


def _known_mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _generic(request: Request, described: ResourceType | None) -> Answer:
    """For a type without a row: its name or a hexadecimal id, and an ARN if the type has one."""
    service, _, thing = kind_of(request.type).partition(".")
    has_name = isinstance(request.inputs.get("name"), str)
    has_arn = described is not None and "arn" in described.outputs
    tail = "{name}" if has_name else "{hex17}"
    arn = f"arn:{{partition}}:{service}:{{region}}:{{account}}:{thing.lower()}/{tail}" if has_arn else ""
    return Answer(id=tail, arn=arn)


def _refuse_taken_name(request: Request, row: Answer, values: Values) -> None:
    name = values.get(row.name)
    if row.taken is None or not isinstance(name, str):
        return
    for thing in request.account.of_type(request.type):
        near = row.everywhere or thing.region == request.region
        if thing.values.get(row.name) == name and near and thing.urn != request.urn:
            raise taken_refusal(row, _Fields(request, values))


def taken_refusal(row: Answer, fields: Mapping[str, Any]) -> Refusal:
    """AWS's answer to a second thing of a name that is taken; `fields` fill the row's templates."""
    assert row.taken is not None
    service, operation, code, text = row.taken
    fill = string.Formatter().vformat
    return Refusal(service, operation, code, fill(text, (), fields), doing=fill(row.creating, (), fields))


def _value(computed: Computed, request: Request, values: Values) -> Any:
    if callable(computed):
        return computed(request, values)
    return _render(computed, request, values) if isinstance(computed, str) else computed


class _Fields(dict[str, Any]):
    """What a template may name: facts of the request, derived identifiers, and the resource's own values."""

    def __init__(self, request: Request, values: Values) -> None:
        super().__init__(values)
        self._seed = f"{request.account.id}:{request.urn}"
        self.update(account=request.account.id, partition=request.partition, logical=request.name)
        self.setdefault("region", request.region)

    def __missing__(self, key: str) -> Any:
        kind = key.rstrip("0123456789")
        length = int(key[len(kind) :] or 0)
        make = {"hex": identifiers.hexadecimal, "upper": identifiers.upper, "lower": identifiers.lower}.get(
            kind
        )
        if make is not None:
            return make(self._seed, length)
        if key == "uuid":
            return identifiers.uuid_of(self._seed)
        return UNKNOWN  # nobody has said it, and nothing follows from it


def _render(template: str, request: Request, values: Values) -> Any:
    fields = _Fields(request, values)
    wanted = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    if any(fields[name] is UNKNOWN for name in wanted):
        return UNKNOWN
    return string.Formatter().vformat(template, (), fields)


def _digits(request: Request) -> str:
    """What the provider puts behind a prefix: 26 digits, a time and a counter; here they follow from the URN."""
    seed = f"{request.account.id}:{request.urn}"
    return str(int(identifiers.hexadecimal(seed, 26), 16)).rjust(26, "2")[:26]


def physical_name(request: Request, row: Answer | None, proposed: str, enforced: bool) -> dict[str, str]:
    """The name input that the provider adds when the program gives none, or nothing.

    `proposed` and `enforced` are the engine's autonaming configuration; without one the provider takes the
    logical name, a dash and seven hexadecimal digits.
    """
    prop = row.name if row else "name"
    if not prop or request.inputs.get(prop) is not None or request.inputs.get(f"{prop}Prefix") is not None:
        return {}
    seed = f"{request.account.id}:{request.urn}"
    separator = row.separator if row else "-"
    if row and row.generated:
        return {prop: f"{row.generated}{_digits(request)}"}
    if enforced and proposed:
        return {prop: proposed}
    return {prop: proposed or f"{request.name}{separator}{identifiers.hexadecimal(seed, 7)}"}
