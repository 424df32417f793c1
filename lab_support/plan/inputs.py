"""Inputs as the provider takes them: converted to the type that the schema names, or rejected.

Like the real provider, this is lenient where the meaning is plain: `"true"` for a boolean, `"100"` for a number,
`5432` for a string, a single value for a list (makeTerraformInput in pulumi-terraform-bridge, pkg/tfbridge/schema.go).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.plan.wire import has_unknown
from lab_support.toolchain.sdk_types import FunctionType, Properties, ResourceType, TypeRef, object_type

# How English makes many of one: policies, addresses, rules.
_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""))


@dataclass(frozen=True)
class Conversion:
    """What a conversion notes: inputs that cannot be converted, and paths of single values that became lists."""

    failures: list[InvalidInput] = field(default_factory=list)
    wrapped: list[str] = field(default_factory=list)


def checked(
    given: Mapping[str, Any], described: ResourceType | None, conversion: Conversion | None = None
) -> tuple[dict[str, Any], list[InvalidInput]]:
    """The inputs by wire name with their types converted, and what is wrong with them."""
    values, failures = converted(given, described, conversion)
    for name, prop in described.inputs.items() if described else ():
        if prop.required and given.get(name) is None:
            failures.append(InvalidInput(name, f"Missing required property {prop.python_name!r}"))
    return values, failures


def converted(
    given: Mapping[str, Any],
    described: ResourceType | FunctionType | None,
    conversion: Conversion | None = None,
) -> tuple[dict[str, Any], list[InvalidInput]]:
    """The inputs by wire name with their types converted, and those that cannot be."""
    if described is None:
        return dict(given), []
    conversion = conversion or Conversion()
    values = {
        name: _converted(value, described.inputs[name].type, name, conversion)
        if name in described.inputs
        else value
        for name, value in given.items()
    }
    return values, conversion.failures


def as_typed(values: Mapping[str, Any], properties: Properties) -> dict[str, Any]:
    """The values by wire name with their types converted, without those that cannot be."""
    typed = {}
    for name, value in values.items():
        conversion = Conversion()
        wanted = properties.get(name)
        changed = value if wanted is None else _converted(value, wanted.type, name, conversion)
        if not (conversion.failures or conversion.wrapped):
            typed[name] = changed
    return typed


def _converted(value: Any, wanted: TypeRef, path: str, conversion: Conversion) -> Any:
    """The value as its type; what cannot be converted is kept as it is and added to the failures."""
    if value is None or value is UNKNOWN:
        return value
    if wanted.kind == "object" and wanted.object is not None:
        return _object(value, wanted.object, path, conversion)
    if wanted.element is not None and wanted.kind == "list":
        if not isinstance(value, list):
            conversion.wrapped.append(path)
            value = [value]
        return [
            _converted(element, wanted.element, f"{path}[{n}]", conversion) for n, element in enumerate(value)
        ]
    if wanted.element is not None and wanted.kind == "map" and isinstance(value, Mapping):
        return {
            name: _converted(inner, wanted.element, f"{path}.{name}", conversion)
            for name, inner in value.items()
        }
    try:
        return _plain(value, wanted, path)
    except InvalidInput as failure:
        conversion.failures.append(failure)
        return value


def _plain(value: Any, wanted: TypeRef, path: str) -> Any:
    if wanted.kind == "boolean":
        return _boolean(value, path)
    if wanted.kind in ("integer", "number"):
        return _number(value, path)
    if wanted.kind in ("string", "enum") and not isinstance(value, str):
        if isinstance(value, Mapping) and wanted.object is not None:
            return _as_json(value)
        if isinstance(value, (Mapping, list)):
            raise InvalidInput(path, f"expected a string, got {_shown(value)}")
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _object(value: Any, type_name: str, path: str, conversion: Conversion) -> Any:
    """A nested object: each property as its type, those that are missing or unknown among the failures."""
    if isinstance(value, list):
        conversion.failures.append(InvalidInput(path, f"expected an object, got {_shown(value)}"))
    if not isinstance(value, Mapping):
        return value
    known = object_type(type_name).properties
    value = {wire_name(name, known): inner for name, inner in value.items()}
    for name, property in known.items():
        if property.required and value.get(name) is None:
            conversion.failures.append(
                InvalidInput(f"{path}.{name}", f"Missing required property {property.python_name!r}")
            )
    for name in value:
        if name not in known:
            conversion.failures.append(InvalidInput(f"{path}.{name}", _unknown_key(name, known)))
    return {
        name: _converted(inner, known[name].type, f"{path}.{name}", conversion) if name in known else inner
        for name, inner in value.items()
    }


def wire_name(name: str, known: Properties) -> str:
    """The property that a key of a dictionary means: the provider also takes Terraform's own names.

    Those are in snake case, and of lists in the singular, such as `definition` of an IP set. Source:
    PulumiToTerraformName in pulumi-terraform-bridge.
    """
    if name in known:
        return name
    snake = _in_snake_case(name)
    for wire, prop in known.items():
        plural = _in_snake_case(wire)
        if snake == plural or (prop.type.kind == "list" and snake in _singulars(plural)):
            return wire
    return name


@lru_cache(maxsize=10_000)  # the same few properties, for every resource
def _in_snake_case(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def _singulars(plural: str) -> tuple[str, ...]:
    return tuple(re.sub(f"{end}$", one, plural) for end, one in _ENDINGS if re.search(f"{end}$", plural))


def _unknown_key(name: str, known: Properties) -> str:
    names = {property.python_name for property in known.values()}
    close = difflib.get_close_matches(name, sorted(names), n=1)
    return f"Invalid or unknown key {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


def _as_json(value: Mapping[str, Any]) -> Any:
    """An object where the type is text of JSON, such as an IAM policy: the provider writes it as that text."""
    return UNKNOWN if has_unknown(value) else json.dumps(value)


# The words that Go's strconv.ParseBool understands, with which the provider reads a string.
_WORDS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}


def _boolean(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _WORDS:
        return _WORDS[value]
    raise InvalidInput(path, f"expected true or false, got {_shown(value)}")


def _number(value: Any, path: str) -> int | float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        number = float(value) if isinstance(value, str) else None
    except ValueError:
        number = None
    if number is None:
        raise InvalidInput(path, f"expected a number, got {_shown(value)}")
    return int(number) if number.is_integer() else number


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "..."
