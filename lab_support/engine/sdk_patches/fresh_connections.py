"""Repair: each engine gets a connection of its own, whatever port it listens on.

gRPC shares one connection among all channels of a process to the same address, and the SDK never closes its channels.
When an engine gets the port of an earlier one, and the old channel has been refused there in the meantime, the new
channel inherits its back-off and reports that the engine is gone: "Resource monitor has terminated".
https://grpc.github.io/grpc/core/group__grpc__arg__keys.html, GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL
docs/upstream/fresh_connections.md is the report.
"""

from __future__ import annotations

from typing import Final

from pulumi.runtime import _grpc_settings

CHANNEL_OPTIONS: Final = [*_grpc_settings._GRPC_CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1)]
