"""Names that must be unique, and what AWS says to the second resource of a name.

Types whose entry has no `unique` have names that AWS does not compare (REST APIs), or a second request changes the
resource of that name instead (alarms, event rules, ECS clusters).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Unique
from lab_support.mock_aws.services import canonical, canonical_token, spec_of, types_sharing_names
from lab_support.plan.values import UNKNOWN

Values = Mapping[str, Any]


@cache
def unique_of(type: str) -> Unique | None:
    """What must be unique of a type (or a token, or an alias), with the property that names it; None for nothing."""
    spec = spec_of(type)
    if spec is None or spec.unique is None:
        return None
    within = tuple(name for name in spec.unique.within if not (name == "region" and spec.is_global))
    service, operation, doing = spec.creation
    call = spec.unique.call or (service, operation)
    doing = spec.unique.doing or ("" if spec.unique.call else doing)
    return replace(spec.unique, call=call, doing=doing, name=spec.unique.name or spec.name, within=within)


def claim(type: str, values: Values) -> tuple[Any, ...] | None:
    """What a resource of this type claims for itself alone: resources of equal claims cannot exist together.

    None where AWS compares no name, or where the name is not known yet. `values` by wire name, the region among them.
    """
    unique = unique_of(type)
    name = values.get(unique.name) if unique else None
    if unique is None or not isinstance(name, str) or not name:
        return None
    scope = tuple(values.get(property) for property in unique.within)
    if any(value is UNKNOWN for value in scope):
        return None
    space = unique.namespace or canonical(type)
    return (space, unique.name, *map(str, scope), name.lower() if unique.ignores_case else name)


def name_taken(type: str, first: Values, second: Values, facts: Mapping[str, Any]) -> AwsApiError | None:
    """AWS's answer to the second of two resources of equal claims; None where it takes the second for the first.

    `facts` are what the texts name beside the properties: `account`, `partition`, `region`, and `there`, the id of the
    first.
    """
    unique = unique_of(type)
    assert unique is not None, f"{type} claims no name"
    differs = [name for name in unique.takes_equals if _plain(first.get(name)) != _plain(second.get(name))]
    if (unique.takes_equals and not differs) or second.get(unique.unless) is True:
        return None
    attribute = unique.takes_equals[differs[0]] if differs else ""
    given = {name: value for name, value in second.items() if isinstance(value, str)}
    fields = {**given, **facts, "attribute": attribute, "difference": attribute.lower()}
    special = unique.special(fields) if unique.special else None
    return special or unique.error(fields)


def refuse_taken(request: ResourceRequest, values: Values) -> None:
    """Raises AwsApiError where the account has a resource already that claims the same name."""
    wanted, unique = claim(request.type, values), unique_of(request.type)
    if wanted is None or unique is None or request.account.is_made_up(str(values[unique.name])):
        return
    types = types_sharing_names(unique.namespace) if unique.namespace else (request.type,)
    tokens = [canonical_token(type) for type in types]
    facts = {"account": request.account.id, "partition": request.partition, "region": request.region}
    others = (resource for resource in request.account.existing if resource.type in tokens)
    for resource in (*request.account.with_text(unique.name, str(wanted[-1]), *tokens), *others):
        if resource is request.current:
            continue
        if claim(resource.type, {"region": resource.region, **resource.values}) == wanted:
            error = name_taken(request.type, resource.values, values, {**facts, "there": resource.id})
            if error is not None:
                raise error
    for resource in request.account.scheduled.values():
        if claim(resource.type, {"region": resource.region, **resource.values}) == wanted:
            raise replace(unique, code="InvalidRequestException", text=unique.scheduled).error(values)


def _plain(value: Any) -> Any:
    """A property that is left out equals one that is empty."""
    return value or None if value is not UNKNOWN else UNKNOWN
