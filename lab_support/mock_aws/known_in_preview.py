"""What `pulumi preview` knows of a resource before it is created: what the program gave, and defaults.

Source: terraform-provider-sdk's plan, in which an attribute that is computed and not given is unknown. The SDK does not
say which parts of a nested block are computed, so a text that the program leaves out of one is taken to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.request import Values
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_defaults import documented_defaults
from lab_support.toolchain.sdk_types import ResourceType, TypeRef, object_type

# What the provider plans itself (its own SetTagsDiff, and the region since its version 6).
_PLANNED: Final = frozenset({"tagsAll", "region"})


def known_before_creation(
    given: Mapping[str, Any],
    outputs: Mapping[str, Any],
    described: ResourceType | None,
    current: StoredResource | None = None,
) -> Values:
    """The outputs (by wire name) with everything unknown that only AWS decides; `current` is what is updated."""
    defaults = documented_defaults(described.token) if described else {}
    return {name: _known(name, value, given, defaults, described, current) for name, value in outputs.items()}


def _known(
    name: str,
    value: Any,
    given: Mapping[str, Any],
    defaults: Mapping[str, Any],
    described: ResourceType | None,
    current: StoredResource | None,
) -> Any:
    if given.get(name) is not None:
        known = described.outputs.get(name) if described else None
        return value if known is None else _inside(value, known.type)
    if name in _PLANNED or (name in defaults and defaults[name] == value):
        return value
    if current is not None and current.values.get(name) == value:
        return value
    return UNKNOWN


def _inside(value: Any, kind: TypeRef) -> Any:
    """A value that the program gave, with the texts unknown that it leaves out of nested blocks."""
    if isinstance(value, list) and kind.element is not None:
        return [_inside(element, kind.element) for element in value]
    if not (kind.kind == "object" and kind.object and isinstance(value, Mapping)):
        return value
    known = object_type(kind.object).properties
    left_out = {
        n: UNKNOWN for n, prop in known.items() if prop.type.kind == "string" and value.get(n) is None
    }
    return {**{n: _inside(v, known[n].type) if n in known else v for n, v in value.items()}, **left_out}
