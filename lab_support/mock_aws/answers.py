"""How the account answers a request: what a resource looks like once AWS has created it.

What a type's entry says (resource_spec.py) comes first, then what holds for every type (common_outputs.py), then the
defaults that the SDK documents (sdk_defaults.py). A type without an entry is answered from the SDK's own description.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from lab_support.mock_aws.aws_errors import AwsApiError, CreationRefused
from lab_support.mock_aws.common_outputs import account_defaults, common_outputs, vpc_of
from lab_support.mock_aws.fallback import handle_templates
from lab_support.mock_aws.naming import name_with_prefix
from lab_support.mock_aws.request import ResourceRequest, Values, fields_of
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec
from lab_support.mock_aws.services import canonical_token
from lab_support.mock_aws.templates import fill, render
from lab_support.mock_aws.uniqueness import refuse_taken
from lab_support.plan.values import UNKNOWN, NotKnownYet
from lab_support.toolchain.sdk_defaults import documented_defaults
from lab_support.toolchain.sdk_types import Properties, ResourceType, object_type, resource_type

_ONLY_FIELD: Final = re.compile(r"\{(\w+)\}")


def answer(
    request: ResourceRequest, spec: ResourceSpec | None, described: ResourceType | None
) -> tuple[Any, Values]:
    """The id and the outputs (by wire name) of the resource that this request creates.

    Raises AwsApiError where AWS would not create it. An id or output that follows from an unknown is UNKNOWN.
    """
    spec = spec or ResourceSpec()
    if not spec.id:
        token = canonical_token(request.type)
        own = resource_type(token) or described
        identity, arn = handle_templates(token, request.inputs, own)
        defaults = {**(account_defaults(described) if described else {}), **spec.defaults}
        spec = replace(spec, id=identity, arn=arn, defaults=defaults)
    values = {name: value for name, value in request.inputs.items() if value is not None}
    if described is None or "region" in described.outputs:
        values.setdefault("region", request.region)
    if request.existing_id:
        _identify(request.existing_id, spec, values)
    _name(request, spec, values)
    for name, default in spec.defaults.items():
        if name not in values:
            values[name] = _value(default, request, values)
    if described is not None:
        values = {**documented_defaults(described.token), **values}
    if not request.reads:
        _refuse(request, spec, values)
    handles = {"id": spec.id, "arn": spec.arn}
    for name in ("arn", "id") if spec.id == "{arn}" else ("id", "arn"):
        if handles[name] and not (request.existing_id and name in values):
            values[name] = _value(handles[name], request, values)
    for name, computed in spec.computed.items():
        values[name] = _value(computed, request, values)
    for name, parts in spec.computed_inside.items():
        values[name] = _completed(values.get(name), parts)
    drawn = _ONLY_FIELD.fullmatch(str(spec.id)) if request.existing_id else None
    if (
        drawn
        and described is not None
        and drawn[1] not in {**described.inputs, **described.outputs, "id": None}
    ):
        del values[drawn[1]]  # `{lower10}`: it was there for the templates
    if described is None or "tagsAll" in described.outputs:
        values["tagsAll"] = _all_tags(request, values.get("tags"))
    if described is not None:
        id_is_arn = str(values.get("id")).startswith("arn:")
        for name, plain in common_outputs(described).items():
            if name not in values:
                is_own_arn = str(plain).startswith("arn:")
                values[name] = _value("{id}" if id_is_arn and is_own_arn else plain, request, values)
        if "vpcId" in described.outputs and "vpcId" not in values:
            values["vpcId"] = vpc_of(request.account, request.region, values)
        if canonical_token(described.token) != described.token:
            identity = values.pop("id")
            return identity, _with_names_of_alias(values, {**described.inputs, **described.outputs})
    return values.pop("id"), values


def _with_names_of_alias(values: Mapping[str, Any], properties: Properties) -> Values:
    """The values by the names of an alias that has a list (`versionings`) where its type has one object."""
    renamed = {}
    for name, value in values.items():
        listed = properties.get(f"{name}s")
        if name in properties or listed is None or listed.type.element is None:
            renamed[name] = value
        elif listed.name not in values:
            kind = listed.type.element.object
            inner = object_type(kind).properties if kind else {}
            renamed[listed.name] = [
                _with_names_of_alias(value, inner) if isinstance(value, Mapping) else value
            ]
    return renamed


def _completed(block: Any, parts: tuple[str, ...]) -> Any:
    """A block, or each of a list, in which these parts are unknown where the program does not give them."""
    if isinstance(block, list):
        return [_completed(item, parts) for item in block]
    if not isinstance(block, Mapping):
        return block
    return {**block, **{part: UNKNOWN for part in parts if block.get(part) is None}}


def _identify(identity: str, spec: ResourceSpec, values: Values) -> None:
    """Fills in what the id of an existing resource says: itself, and the property of which such ids consist."""
    if only := _ONLY_FIELD.fullmatch(str(spec.id)):
        values[only[1]] = identity
    values["id"] = identity


def _refuse(request: ResourceRequest, spec: ResourceSpec, values: Values) -> None:
    """Raises what AWS refuses: by the type's rules, and because a name is taken."""
    for rule in spec.rules:
        # A rule that turns on an unknown value cannot refuse anything yet.
        with request.account.deferring_errors(request.urn), suppress(NotKnownYet):
            try:
                rule(request, values)
            except CreationRefused as refused:
                others = (call for name, call in spec.creation_with.items() if values.get(name) is not None)
                service, operation, doing = next(others, spec.creation)
                doing = fill(doing, {n: value for n, value in values.items() if isinstance(value, str)})
                raise AwsApiError(service, operation, refused.code, refused.text, doing) from None
    with request.account.deferring_errors(request.urn):
        refuse_taken(request, values)


def _name(request: ResourceRequest, spec: ResourceSpec, values: Values) -> None:
    """A name that begins with the prefix that the program gives, or with the one of the provider itself."""
    if not spec.name or spec.name in values:
        return
    prefix = values.get(f"{spec.name}Prefix", spec.generated)
    if prefix is UNKNOWN:
        values[spec.name] = UNKNOWN
    elif prefix:
        fifo = values.get("fifoQueue") is True or values.get("fifoTopic") is True
        values[spec.name] = name_with_prefix(prefix, request.seed) + (".fifo" if fifo else "")


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
        return {name: _value(inner, request, values) for name, inner in computed.items()}
    if isinstance(computed, list):
        return [_value(inner, request, values) for inner in computed]
    return render(computed, fields_of(request, values)) if isinstance(computed, str) else computed
