"""Values on their way to and from the engine: plain ones at once, and what a type is made of only once for each.

For every value the SDK (pulumi 3.259.0, runtime/rpc.py) asks a dozen questions, among them what a type such as
`Optional[Input[str]]` is made of (_types.py). A text or a number comes out of it as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from pulumi import _types
from pulumi.runtime import rpc

from lab_support.sdk_speed.outputs import PLAIN

_MOST_TYPES: Final = 10_000
_serialize, _translate, _deserialize = (
    rpc.serialize_property,
    rpc.translate_output_properties,
    rpc.deserialize_property,
)


async def serialize_property(
    value: Any,
    deps: Any,
    property_key: Any,
    resource_obj: Any = None,
    input_transformer: Any = None,
    typ: Any = None,
    keep_output_values: bool = False,
    exclude_resource_refs_from_deps: bool = False,
    return_protobuf_value: bool = False,
) -> Any:
    """An input as the engine takes it."""
    if type(value) in PLAIN and not return_protobuf_value:
        if typ:
            _types.unwrap_type(typ)  # raises where the SDK would
        return value
    return await _serialize(
        value,
        deps,
        property_key,
        resource_obj,
        input_transformer,
        typ,
        keep_output_values,
        exclude_resource_refs_from_deps,
        return_protobuf_value,
    )


def translate_output_properties(
    output: Any,
    output_transformer: Callable[[str], str],
    typ: Any = None,
    transform_using_type_metadata: bool = False,
    path: Any = None,
    return_none_on_dict_type_mismatch: bool = False,
) -> Any:
    """An output as the program sees it: with its names, and of its type."""
    kind = type(output)
    if kind in PLAIN and (typ is None or typ is kind):
        return output
    return _translate(
        output,
        output_transformer,
        typ,
        transform_using_type_metadata,
        path,
        return_none_on_dict_type_mismatch,
    )


def deserialize_property(
    value: Any, keep_unknowns: bool | None = None, keep_internal: bool | None = True
) -> Any:
    """A value of the engine's as Python has it."""
    if type(value) in PLAIN and value != rpc.UNKNOWN:
        return value
    return _deserialize(value, keep_unknowns, keep_internal)


def _remembered(unwrap: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same function, asked once for each type. Types are told apart by identity, for some that differ are equal."""
    known: dict[int, tuple[Any, Any]] = {}

    def unwrapped(val: Any) -> Any:
        found = known.get(id(val))
        if found is not None and found[0] is val:
            return found[1]
        inner = unwrap(val)
        if len(known) >= _MOST_TYPES:
            known.clear()
        known[id(val)] = (val, inner)
        return inner

    return unwrapped


unwrap_type = _remembered(_types.unwrap_type)
unwrap_optional_type = _remembered(_types.unwrap_optional_type)
resource_types = cache(_types.resource_types)
resource_pulumi_to_py_names = cache(_types.resource_pulumi_to_py_names)
input_type_py_to_pulumi_names = cache(_types.input_type_py_to_pulumi_names)
