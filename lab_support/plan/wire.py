"""Values as they travel between the engine and a provider, and as Python values, both ways.

The engine sends protobuf structs in which secrets, unknowns, assets and references to resources are
wrapped in special objects. `decode` unwraps them; `encode` wraps what must stay secret again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

from lab_support.plan.values import UNKNOWN

# The protocol's own marks (pulumi/pulumi, sdk/python/lib/pulumi/runtime/rpc.py).
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
RESOURCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
# Where the AWS provider keeps the names of the inputs that it has named itself, among the inputs.
AUTONAMED: Final = "__defaults"
UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Values = dict[str, Any]


def decode(struct: struct_pb2.Struct) -> tuple[Values, frozenset[str]]:
    """The values of a struct by wire name, in the order of the names, and the names whose value is or contains a
    secret. (A struct is a map: protobuf gives its fields in an order that changes from run to run.)"""
    secrets = set()
    values: Values = {}
    for name, value in sorted(struct.fields.items(), key=_name):
        if name.startswith("__"):  # the SDK's private bookkeeping, such as __internal
            continue
        found: list[bool] = []
        values[name] = _decode(value, found)
        if found:
            secrets.add(name)
    return values, frozenset(secrets)


def autonamed(struct: struct_pb2.Struct) -> frozenset[str]:
    """The names of the inputs that the program did not give: the provider added them when it checked the inputs."""
    names = struct.fields[AUTONAMED].list_value.values if AUTONAMED in struct.fields else ()
    return frozenset(name.string_value for name in names)


def encode(values: Mapping[str, Any], secrets: Collection[str] = ()) -> struct_pb2.Struct:
    """A struct of these values in which the properties named in `secrets` are wrapped as secrets."""
    struct = struct_pb2.Struct()
    for name, value in values.items():
        plain = _plain(value)
        struct[name] = (
            {SIGNATURE: SECRET_SIGNATURE, "value": plain} if name in secrets and value is not None else plain
        )
    return struct


def type_in(request: Any) -> str:
    """The type token of the resource that a request is about; older messages carry it in the URN only.

    Empty where the URN is none: `urn:pulumi:stack::project::parent$type::name`.
    """
    parts = request.urn.split("::")
    return str(request.type or (parts[-2].split("$")[-1] if len(parts) >= 4 else ""))


def has_unknown(value: Any) -> bool:
    """Whether a value is unknown, or something in it is."""
    if isinstance(value, Mapping):
        return any(map(has_unknown, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(has_unknown, value))
    return value is UNKNOWN


def without_unknown(value: Any) -> Any:
    """A value without the properties, at any depth, that are unknown."""
    if isinstance(value, Mapping):
        return {name: without_unknown(inner) for name, inner in value.items() if inner is not UNKNOWN}
    if isinstance(value, (list, tuple)):
        return [without_unknown(item) for item in value if item is not UNKNOWN]
    return value


def _decode(value: struct_pb2.Value, secret: list[bool]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == UNKNOWN_SENTINEL else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item, secret) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_struct(value.struct_value, secret)
    return None


def _decode_struct(struct: struct_pb2.Struct, secret: list[bool]) -> Any:
    fields = struct.fields
    mark = fields[SIGNATURE].string_value if SIGNATURE in fields else ""
    if mark == SECRET_SIGNATURE:
        secret.append(True)
        return _decode(fields["value"], secret)
    if mark == OUTPUT_SIGNATURE:
        if "secret" in fields and fields["secret"].bool_value:
            secret.append(True)
        return _decode(fields["value"], secret) if "value" in fields else UNKNOWN
    if mark == RESOURCE_SIGNATURE:
        return _decode(fields["id"], secret) if "id" in fields else fields["urn"].string_value
    return {name: _decode(value, secret) for name, value in sorted(fields.items(), key=_name)}


def _name(field: tuple[str, struct_pb2.Value]) -> str:
    return field[0]


def _plain(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_SENTINEL
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element) for element in value]
    return value
