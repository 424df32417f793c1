"""Repair: an unknown value that is an item of a list makes the arguments of a function call unknown.

Before the SDK calls a provider's function, it asks `struct_contains_unknowns` whether an argument is unknown. That
overlooks strings in a list, such as the resources of a policy statement; the engine then drops them, and the function
answers without them. Real providers rarely show this, because an unknown value mostly comes with an unknown id, for
which the engine waits. docs/upstream/unknowns_in_lists.md is the report.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc


def struct_contains_unknowns(value: Any) -> bool:
    """Whether a value, or any value inside it, is unknown."""
    if isinstance(value, struct_pb2.Struct):
        return any(struct_contains_unknowns(item) for _, item in value.items())
    if isinstance(value, struct_pb2.ListValue):
        return any(struct_contains_unknowns(item) for item in value)
    return bool(value == rpc.UNKNOWN)
