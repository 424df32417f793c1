"""How the account answers a request: what a resource looks like once AWS has created it.

A service is a table (services/): for each type an `ResourceSpec` with the format of its id and ARN, what AWS fills in
when the program says nothing, and the rules by which AWS refuses. Types without an entry get a generic answer
from the SDK's own description of the type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from lab_support.mock_aws.common_outputs import account_defaults, common_outputs, vpc_of
from lab_support.mock_aws.fallback import handle_templates
from lab_support.mock_aws.names import name_with_prefix
from lab_support.mock_aws.request import ResourceRequest, Values, fields_of
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec
from lab_support.mock_aws.sdk_defaults import documented_defaults
from lab_support.mock_aws.sdk_types import ResourceType
from lab_support.mock_aws.templates import render
from lab_support.mock_aws.unique_names import refuse_taken
from lab_support.plan.values import UNKNOWN, NotKnownYet


def answer(
    request: ResourceRequest, row: ResourceSpec | None, described: ResourceType | None
) -> tuple[Any, Values]:
    """The id and the outputs (by wire name) of the resource that this request creates.

    Raises AwsApiError where AWS would not create it. An id or output that follows from an unknown is UNKNOWN.
    """
    if row is None:
        identity, arn = handle_templates(request.type, request.inputs, described)
        row = ResourceSpec(id=identity, arn=arn, defaults=account_defaults(described) if described else {})
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
        for name, plain in common_outputs(described).items():
            if name not in values:
                values[name] = _value(plain, request, values)
        if "vpcId" in described.outputs and "vpcId" not in values:
            values["vpcId"] = vpc_of(request.account, request.region, values)
        values = {**documented_defaults(described.token), **values}
    return values.pop("id"), values


def _identify(identity: str, row: ResourceSpec, values: Values) -> None:
    """What the id of something that exists tells: itself, and the property of which such ids consist."""
    if isinstance(row.id, str) and (only := re.fullmatch(r"\{(\w+)\}", row.id)):
        values[only[1]] = identity
    values["id"] = identity


def _refuse(request: ResourceRequest, row: ResourceSpec, values: Values) -> None:
    """Raises what AWS refuses: by the type's rules, and because a name is taken."""
    for rule in row.rules:
        # A rule that turns on an unknown value cannot refuse anything yet.
        with request.account.deferring_errors(request.urn), suppress(NotKnownYet):
            rule(request, values)
    with request.account.deferring_errors(request.urn):
        refuse_taken(request, values)


def _name(request: ResourceRequest, row: ResourceSpec, values: Values) -> None:
    """A name that begins with the prefix that the program gives, or with the one of the provider itself."""
    if not row.name or row.name in values:
        return
    prefix = values.get(f"{row.name}Prefix", row.generated)
    if prefix is UNKNOWN:
        values[row.name] = UNKNOWN
    elif prefix:
        fifo = values.get("fifoQueue") is True or values.get("fifoTopic") is True
        values[row.name] = name_with_prefix(prefix, request.seed) + (".fifo" if fifo else "")


def _all_tags(request: ResourceRequest, tags: Any) -> Any:
    """The provider's default tags and the resource's own, which win."""
    if tags is UNKNOWN:
        return UNKNOWN
    return {**request.default_tags, **(tags if isinstance(tags, Mapping) else {})}


def _value(computed: Computed, request: ResourceRequest, values: Values) -> Any:
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
