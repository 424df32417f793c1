"""Puts a provider behind Pulumi's provider protocol: a gRPC server on this machine, for as long as a block lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any, Final

from pulumi.runtime.proto import provider_pb2_grpc

from lab_support.safeguards.peers import own_users_server

# As the SDK sets it for its own channels: a large policy or template does not fit into gRPC's 4 MB.
_OPTIONS: Final = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


class _Pool(futures.ThreadPoolExecutor):
    """Threads that end with the server; a call that arrives while it stops is dropped."""

    def submit(self, *call: Any, **arguments: Any) -> futures.Future[Any]:
        try:
            return super().submit(*call, **arguments)
        except RuntimeError:
            dropped: futures.Future[Any] = futures.Future()
            dropped.cancel()
            return dropped


@contextmanager
def served(servicer: Any, threads: int = 8) -> Iterator[int]:
    """Serves a provider to this user, on a free port of the loopback interface; yields the port."""
    pool = _Pool(max_workers=threads)
    server = own_users_server(pool, options=_OPTIONS)
    add: Callable[[Any, Any], None] = provider_pb2_grpc.add_ResourceProviderServicer_to_server
    add(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None)
        pool.shutdown(wait=False)
