"""What the lab repairs in Pulumi's SDK while programs run in this process."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc


def notice_unknowns_in_lists() -> None:
    """Lets the SDK notice an unknown value that stands directly in a list, such as a resource of a policy document.

    Before it calls a function, the SDK asks whether its arguments are known (pulumi 3.259.0, runtime/rpc.py,
    `struct_contains_unknowns`), and overlooks such values; the engine then leaves them out. With real providers this
    rarely shows, because there a resource's id is unknown too, for which the engine waits.
    """
    setattr(rpc, "struct_contains_unknowns", _has_unknown)  # noqa: B010  # mypy looks at plain assignments


def _has_unknown(value: Any) -> bool:
    if isinstance(value, struct_pb2.Struct):
        return any(_has_unknown(each) for _, each in value.items())
    if isinstance(value, struct_pb2.ListValue):
        return any(_has_unknown(each) for each in value)
    return bool(value == rpc.UNKNOWN)
