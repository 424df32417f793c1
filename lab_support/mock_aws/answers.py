"""How the account answers a request: what a resource looks like once AWS has created it.

A service is a table (services/): for each type an `Answer` with the format of its id and ARN, what AWS fills in
when the program says nothing, and the rules by which AWS refuses. Types without an entry get a generic answer
from the SDK's own description of the type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lab_support.mock_aws.account import Account, Thing
from lab_support.mock_aws.names import name_with_prefix
from lab_support.mock_aws.partitions import partition_of
from lab_support.mock_aws.plain_outputs import account_defaults, plain_outputs, vpc_of
from lab_support.mock_aws.sdk_defaults import documented_defaults
from lab_support.mock_aws.sdk_types import ResourceType
from lab_support.mock_aws.templates import Fields, render
from lab_support.mock_aws.unique_names import refuse_taken
from lab_support.mock_aws.unlisted import handle_templates
from lab_support.mock_aws.zones import zones_of
from lab_support.plan.values import UNKNOWN, NotKnownYet

Values = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request to the account: create (or change) one resource of a type, in a region, with these inputs.

    `inputs` carry wire names (`multiAz`). `account` is the account as the request finds it. `current` is the thing
    that the request changes; None where it creates one. One that `reads` is about something that exists, under
    `existing_id` where that is known.
    """

    type: str
    urn: str
    inputs: Mapping[str, Any]
    account: Account
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)
    current: Thing | None = None
    reads: bool = False
    existing_id: str = ""

    @property
    def generation(self) -> int:
        """How many things had this URN before the one that the request is about."""
        return self.current.generation if self.current else self.account.births.get(self.urn, 0)

    @property
    def seed(self) -> str:
        """What ids are derived from: always the same for one thing, another for the one that replaces it."""
        return f"{self.account.id}:{self.urn}" + (f"#{self.generation}" if self.generation else "")

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def partition(self) -> str:
        return partition_of(self.region).name

    @property
    def zones(self) -> tuple[str, ...]:
        """The availability zones of the region, as the account sees them."""
        return zones_of(self.region)


Rule = Callable[[Request, Values], None]
Computed = str | bool | int | list[Any] | dict[str, Any] | Callable[[Request, Values], Any]


@dataclass(frozen=True)
class Answer:
    """One row of a service's table. Strings are templates (templates.py), also inside lists and objects.

    `name` is the input that holds the physical name; where neither the program nor the provider gives one (names.py),
    it is `generated` with 26 digits behind. `defaults` stand for inputs that are not given, `computed` are outputs
    that AWS adds. `rules` raise Refusal. `awaits` names inputs that stand for another resource, with its type: one
    that is being created is waited for. Which names are taken stands in unique_names.py, what makes a new thing in
    replaced_by.py.
    """

    id: str | Callable[[Request, Values], Any]
    arn: str = ""
    name: str = "name"
    generated: str = ""
    defaults: Mapping[str, Computed] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    awaits: Mapping[str, str] = field(default_factory=dict)


def answer(request: Request, row: Answer | None, described: ResourceType | None) -> tuple[Any, Values]:
    """The id and the outputs (by wire name) of the resource that this request creates.

    Raises Refusal where AWS would not create it. An id or output that follows from an unknown is UNKNOWN.
    """
    if row is None:
        identity, arn = handle_templates(request.type, request.inputs, described)
        row = Answer(id=identity, arn=arn, defaults=account_defaults(described) if described else {})
    values = {name: value for name, value in request.inputs.items() if value is not None}
    if described is None or "region" in described.outputs:
        values.setdefault("region", request.region)
    if request.existing_id:
        _identify(request.existing_id, row, values)
    _name(request, row, values)
    for name, default in row.defaults.items():
        if name not in values:
            values[name] = _value(default, request, values)
    if not request.reads:
        _refuse(request, row, values)
    handles = {"id": row.id, "arn": row.arn}
    for name in ("arn", "id") if row.id == "{arn}" else ("id", "arn"):
        if handles[name] and not (request.existing_id and name in values):
            values[name] = _value(handles[name], request, values)
    for name, computed in row.computed.items():
        values[name] = _value(computed, request, values)
    if described is None or "tagsAll" in described.outputs:
        values["tagsAll"] = _all_tags(request, values.get("tags"))
    if described is not None:
        for name, plain in plain_outputs(described).items():
            if name not in values:
                values[name] = _value(plain, request, values)
        if "vpcId" in described.outputs and "vpcId" not in values:
            values["vpcId"] = vpc_of(request.account, request.region, values)
        values = {**documented_defaults(described.token), **values}
    return values.pop("id"), values


def _identify(identity: str, row: Answer, values: Values) -> None:
    """What the id of something that exists tells: itself, and the property of which such ids consist."""
    if isinstance(row.id, str) and (only := re.fullmatch(r"\{(\w+)\}", row.id)):
        values[only[1]] = identity
    values["id"] = identity


def _refuse(request: Request, row: Answer, values: Values) -> None:
    """Raises what AWS refuses: by the type's rules, and because a name is taken."""
    for rule in row.rules:
        # A rule that turns on an unknown value cannot refuse anything yet.
        with request.account.config_reads(request.urn), suppress(NotKnownYet):
            rule(request, values)
    with request.account.config_reads(request.urn):
        refuse_taken(request, values)


def _name(request: Request, row: Answer, values: Values) -> None:
    """A name that begins with the prefix that the program gives, or with the one of the provider itself."""
    if not row.name or row.name in values:
        return
    prefix = values.get(f"{row.name}Prefix", row.generated)
    if prefix is UNKNOWN:
        values[row.name] = UNKNOWN
    elif prefix:
        fifo = values.get("fifoQueue") is True or values.get("fifoTopic") is True
        values[row.name] = name_with_prefix(prefix, request.seed) + (".fifo" if fifo else "")


def _all_tags(request: Request, tags: Any) -> Any:
    """The provider's default tags and the resource's own, which win."""
    if tags is UNKNOWN:
        return UNKNOWN
    return {**request.default_tags, **(tags if isinstance(tags, Mapping) else {})}


def _value(computed: Computed, request: Request, values: Values) -> Any:
    if callable(computed):
        try:
            return computed(request, values)
        except NotKnownYet:  # what follows from something unknown is unknown
            return UNKNOWN
    if isinstance(computed, dict):
        return {name: _value(each, request, values) for name, each in computed.items()}
    if isinstance(computed, list):
        return [_value(each, request, values) for each in computed]
    return render(computed, fields_of(request, values)) if isinstance(computed, str) else computed


def fields_of(request: Request, values: Values) -> Fields:
    """What a template may name for this request."""
    return Fields(
        values,
        account=request.account.id,
        urn=request.urn,
        seed=request.seed,
        region=request.region,
        partition=request.partition,
    )
