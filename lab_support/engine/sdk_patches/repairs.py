"""What the lab repairs in Pulumi's SDK while programs run in this process."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import _grpc_settings, rpc


def notice_unknowns_in_lists() -> None:
    """Lets the SDK notice an unknown value that stands directly in a list, such as a resource of a policy document.

    Before it calls a function, the SDK asks whether its arguments are known (pulumi 3.259.0, runtime/rpc.py,
    `struct_contains_unknowns`), and overlooks such values; the engine then leaves them out. With real providers this
    rarely shows, because there a resource's id is unknown too, for which the engine waits.
    """
    setattr(rpc, "struct_contains_unknowns", _has_unknown)  # noqa: B010  # mypy looks at plain assignments


def connect_anew_in_each_run() -> None:
    """Lets the SDK's connections to an engine know nothing of those to earlier engines.

    gRPC keeps one connection for all channels of a process to one address. The SDK never closes its channels, so when
    an engine gets the port of one that has gone, and the old channel was refused there lately, the new one waits to
    try again and meanwhile answers that the engine is not there: "Resource monitor has terminated".
    https://grpc.github.io/grpc/core/group__grpc__arg__keys.html, GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL
    """
    own = ("grpc.use_local_subchannel_pool", 1)
    if own not in _grpc_settings._GRPC_CHANNEL_OPTIONS:  # one list, which all of the SDK shares
        _grpc_settings._GRPC_CHANNEL_OPTIONS.append(own)


def _has_unknown(value: Any) -> bool:
    if isinstance(value, struct_pb2.Struct):
        return any(_has_unknown(each) for _, each in value.items())
    if isinstance(value, struct_pb2.ListValue):
        return any(_has_unknown(each) for each in value)
    return bool(value == rpc.UNKNOWN)
