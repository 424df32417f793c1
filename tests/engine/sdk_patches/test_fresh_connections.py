"""An engine is reached at once, whatever has listened on its port before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.settings import Settings

import lab_support.engine.inline_program  # noqa: F401  # applies the patches
from tests.processes import python

ASKED = resource_pb2.SupportsFeatureRequest(id="secrets")


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """As much of an engine as answers one question."""

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)


@contextmanager
def engine_at(port: int = 0) -> Iterator[int]:
    """An engine that listens there as long as the block lasts; yields its port."""
    server = grpc.server(ThreadPoolExecutor(1))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield port
    finally:
        server.stop(0).wait()


def monitor_at(port: int) -> Any:
    """The SDK's connection to an engine, as a run makes it."""
    # In a context of its own, because that is where the SDK keeps it.
    return copy_context().run(lambda: Settings("project", "stack", monitor=f"127.0.0.1:{port}").monitor)


def test_an_engine_on_the_port_of_an_earlier_one_is_reached_at_once() -> None:
    with engine_at() as port:
        earlier = monitor_at(port)
        assert earlier.SupportsFeature(ASKED).hasSupport
    for _ in range(3):  # each lengthens the time until gRPC tries again
        with pytest.raises(grpc.RpcError):
            earlier.SupportsFeature(ASKED)
    with engine_at(port):
        assert monitor_at(port).SupportsFeature(ASKED).hasSupport


def test_grpc_says_nothing_of_connections_that_end() -> None:
    """It would say it, for one connection in ten or so, on the terminal or under a learner's cell."""
    code = """
        from contextlib import suppress
        from tests.engine.sdk_patches.test_fresh_connections import ASKED, engine_at, grpc, monitor_at
        for _ in range(60):
            with engine_at() as port:
                monitor = monitor_at(port)
                monitor.SupportsFeature(ASKED)
            with suppress(grpc.RpcError):
                monitor.SupportsFeature(ASKED)
    """
    with python(code) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert said == ""
