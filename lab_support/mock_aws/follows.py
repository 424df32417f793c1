"""Values that follow from other properties of a resource, or from a resource that it names: for entries' tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab_support.mock_aws.request import ResourceRequest, Values, fields_of
from lab_support.mock_aws.templates import render
from lab_support.plan.values import UNKNOWN

_Value = Callable[[ResourceRequest, Values], Any]


def when(name: str, wanted: Any, then: Any, otherwise: Any = "") -> _Value:
    """`then`, a value or a template, where the property is `wanted` or one of them (a tuple); else `otherwise`."""
    choices = wanted if isinstance(wanted, tuple) else (wanted,)

    def value(request: ResourceRequest, values: Values) -> Any:
        given = values.get(name)
        if given is UNKNOWN:
            return UNKNOWN
        chosen = then if given in choices else otherwise
        return render(chosen, fields_of(request, values)) if isinstance(chosen, str) else chosen

    return value


def of_named(given: str, type: str, property: str, missing: Any = UNKNOWN) -> _Value:
    """A property of the resource of this type (a token) that the input `given` names; `missing` without one."""

    def value(request: ResourceRequest, values: Values) -> Any:
        named = request.account.find(values.get(given), type, region=request.region)
        return named.values.get(property, UNKNOWN) if named else missing

    return value
