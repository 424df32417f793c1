"""What the account answers when a program looks something up: `aws.get_caller_identity()` and the like.

The data sources that programs use most are known by name (services/). Of the others, `getX` finds the account's
resource of type `X` that has the properties asked for, and `getXs` lists them; what belongs to AWS itself is answered
from the type of the result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from lab_support.mock_aws import identifiers, placeholders, services
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.find_resources import FindOne
from lab_support.mock_aws.lookup import Lookup, Values, has_tags, is_called, not_found, passes
from lab_support.mock_aws.naming import naming_property
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan import inputs
from lab_support.plan.resource import kind_of
from lab_support.plan.values import UNKNOWN
from lab_support.plan.wire import has_unknown
from lab_support.toolchain.sdk_types import FunctionType, function_type, resource_type

# Arguments that say where and how to look, not what for.
_NO_PROPERTIES = frozenset({"filters", "mostRecent", "region", "tags"})
# What a property that was not given looks like in a result.
_NOTHING: Mapping[str, Any] = {
    "boolean": False,
    "integer": 0,
    "number": 0,
    "string": "",
    "list": [],
    "map": {},
}


def look_up(token: str, args: Mapping[str, Any], account: Account, region: str) -> Values:
    """The result of a data source by wire name. Raises AwsApiError where AWS finds nothing."""
    type, source = services.data_sources().get(kind_of(token), ("", _generic))
    lookup = _lookup(token, args, account, region, type)
    return _complete(lookup, source(lookup))


def assumed(token: str, args: Mapping[str, Any], account: Account, region: str) -> Values:
    """The result for something that the account does not have and that is assumed to exist."""
    lookup = _lookup(token, args, account, region)
    return _complete(lookup, services.assumed_sources().get(kind_of(token), _as_it_may_be)(lookup))


def asked_for(token: str, args: Mapping[str, Any], account: Account) -> str:
    """What a program looks up, as it writes it: `iam.getRole(name=deployer)`; ids that were made up are left out."""
    texts = [f"{name}={value}" for name, value in args.items() if value not in (None, [], {})]
    made_up = [text for text in texts if any(identity in text for identity in account.stand_ins)]
    given = ", ".join([*(text for text in texts if text not in made_up), *(["…"] if made_up else [])])
    return f"{kind_of(token)}({given})"


def _lookup(token: str, args: Mapping[str, Any], account: Account, region: str, type: str = "") -> Lookup:
    given = {name: value for name, value in args.items() if value is not None}
    spec = services.spec_of(type)
    is_global = spec is not None and spec.is_global
    own_type = services.canonical_token(type) if type else ""
    conversion = inputs.Conversion()
    converted, _ = inputs.converted(given, function_type(token), conversion)
    account.note_wrapped(token, conversion.wrapped)
    return Lookup(token, converted, account, region, own_type, is_global)


def _complete(lookup: Lookup, found: Values) -> Values:
    """The result with the arguments in it, and with nothing missing that the type of the result has.

    What is not known is empty where the account is known, and a placeholder where it is a real one.
    """
    described = function_type(lookup.token)
    # The engine takes nothing unknown in a result.
    known = {name: value for name, value in found.items() if value is not None and not has_unknown(value)}
    if described is None:
        return known
    known = inputs.as_typed(known, described.outputs)
    known.pop("region", None)
    if "region" in described.outputs and described.outputs["region"].type.kind == "string":
        known["region"] = lookup.region
    known = {"id": lookup.region, **lookup.args, **known}
    if lookup.account.holds_everything:
        missing = {n: _nothing(described, n) for n in described.outputs if n not in described.inputs}
        return {**missing, **known}
    # A real account has more than is known here, so an empty list may be a long one.
    full = {name: value for name, value in known.items() if value not in ([], {})}
    service = kind_of(lookup.token).partition(".")[0].lower()
    account = lookup.account
    where = placeholders.Where(service, account.id, lookup.region, _seed(lookup), account.said)
    if "ids" in described.outputs and "ids" not in full:
        full["ids"] = placeholders.ids_of(kind_of(lookup.token).rpartition(".")[2], where)
        lookup.account.may_hold(lookup.token, "", asked_for(lookup.token, lookup.args, lookup.account))
    filled = placeholders.filled(full, described.outputs, where)
    wanted = kind_of(lookup.token).rpartition(".")[2].removeprefix("get")
    own = f"{wanted[:1].lower()}{wanted[1:]}Id"  # `routeTableId` of getRouteTable is its id
    if own in described.outputs and own not in full and "id" in full:
        filled[own] = full["id"]
    made_up = [filled.get("id"), *filled.get("ids", ())]
    lookup.account.note_stand_ins(
        identity for identity in made_up if identity not in (*lookup.args.values(), lookup.region)
    )
    texts = (value for name, value in filled.items() if name not in full)
    lookup.account.made_up.update(text for text in texts if isinstance(text, str))
    return filled


def _nothing(described: FunctionType, name: str) -> Any:
    return _NOTHING.get(described.outputs[name].type.kind)


def _generic(lookup: Lookup) -> Values:
    """`getX` finds a resource of type `X`, `getXs` lists them; anything else is answered from the result's type."""
    service, _, function = kind_of(lookup.token).rpartition(".")
    wanted = function.removeprefix("get")
    token = _type_token(service, wanted)
    lookup = replace(lookup, is_global=service in _GLOBAL)
    if token:
        found = [resource for resource in lookup.resources(token) if _fits(resource, lookup)]
        if not found:
            words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", wanted)
            raise not_found(f"no matching {service} {words} found")
        return {**found[0].values, "id": found[0].id}
    listed = _type_token(service, wanted.removesuffix("s"))
    if listed:
        resources = [r for r in replace(lookup, is_global=False).resources(listed) if _fits(r, lookup)]
        resources.sort(key=lambda resource: resource.id)
        return {
            "ids": [resource.id for resource in resources],
            "names": [resource.values.get("name", "") for resource in resources],
            "arns": [resource.values.get("arn", "") for resource in resources],
        }
    return _as_it_may_be(lookup)


# Services whose resources belong to no region.
_GLOBAL = frozenset({"cloudfront", "globalaccelerator", "iam", "organizations", "route53"})


def _type_token(service: str, name: str) -> str:
    """The token under which the account keeps the type that a data source is named after; empty if there is none."""
    token = services.canonical_token(f"{service}.{name}" if service else name)
    return token if ":" in token else ""


def _fits(resource: StoredResource, lookup: Lookup) -> bool:
    """Whether a resource has the properties that are asked for; a name or id may be any of its handles."""
    values = {**resource.values, "id": resource.id}
    for name, wanted in lookup.args.items():
        if name in _NO_PROPERTIES or is_called(resource, wanted):
            continue
        if name in values and values[name] != wanted:
            return False
        if name not in values and name.lower().endswith(("name", "id", "arn", "identifier")):
            return False
    return has_tags(resource, lookup.args.get("tags")) and passes(resource, lookup.args.get("filters"))


def _as_it_may_be(lookup: Lookup) -> Values:
    """What such a resource would look like: the arguments, completed by what AWS answers for its type."""
    service, _, function = kind_of(lookup.token).rpartition(".")
    wanted = function.removeprefix("get")
    type, source = services.data_sources().get(kind_of(lookup.token), ("", None))
    known = source if type and isinstance(source, FindOne) else FindOne()
    token = services.canonical_token(type) if known is source else _type_token(service, wanted)
    if token:
        return _as_created(lookup, token, known)
    named = [v for k, v in lookup.args.items() if isinstance(v, str) and k.lower().endswith(("name", "id"))]
    identity = named[0] if named else placeholders.identifier(wanted, _seed(lookup))
    return {"id": identity, "arn": lookup.arn(service or "aws", f"{wanted.lower()}/{identity}")}


def _seed(lookup: Lookup) -> str:
    arguments = json.dumps(dict(lookup.args), sort_keys=True, default=str)
    return f"{lookup.account.id}:{lookup.token}:{arguments}"


def _as_created(lookup: Lookup, token: str, source: FindOne) -> Values:
    """What AWS would answer if the resource that is asked for had been created."""
    described = resource_type(token)
    accepted = described.inputs if described else {}
    given = {k: v for k, v in lookup.args.items() if k in accepted and k not in _NO_PROPERTIES}
    named = naming_property(token, described)
    for argument, property in source.by.items():
        if isinstance(value := lookup.args.get(argument), str):
            property = named if property == "*" else property
            if property in accepted:
                given[property] = _last_part(value) if property == named else value
    drawn = identifiers.hexadecimal(_seed(lookup), 8)
    if named in accepted and named not in given:
        others = {k: v for k, v in lookup.args.items() if isinstance(v, str) and k not in accepted}
        own = (_last_part(v) for k, v in others.items() if k.endswith(("Name", "Identifier")))
        given[named] = next(own, drawn)
    request = ResourceRequest(
        token,
        f"urn:pulumi:looked-up::{lookup.account.id}::{token}::{drawn}",
        given,
        lookup.account,
        lookup.region,
        reads=True,
        existing_id=_existing_id(lookup, token, accepted, source),
    )
    identity, values = answer(request, services.spec_of(token), described)
    identity = drawn if identity is UNKNOWN else identity
    said = {k: v for k, v in lookup.args.items() if k in ("id", "arn")}
    if "arn" in said and identity == values.get("arn"):
        identity = said["arn"]
    values = {**values, "id": identity, "tags": lookup.args.get("tags") or {}, **said}
    return {**values, **{name: values.get(property) for name, property in source.gives.items()}}


def _existing_id(lookup: Lookup, token: str, accepted: Container[str], source: FindOne) -> str:
    """The id that the program itself says: as `id`, or as `userPoolId` of a `UserPool`; empty where it says none."""
    own = kind_of(token).rpartition(".")[2].lower()
    for name, value in lookup.args.items():
        is_own = name.endswith("Id") and name not in accepted and own.endswith(name[:-2].lower())
        is_own = is_own or name == "id" or source.by.get(name) == "id"
        if is_own and isinstance(value, str) and not value.startswith(("alias/", "arn:")):
            return value
    return ""


def _last_part(name: str) -> str:
    """The name of a resource that is asked for by its name or its ARN."""
    return re.split("[:/]", name)[-1] if name.startswith("arn:") else name
