"""Refuses connections from other users of the machine: the engine runs as our user, and so does all that it starts.

The engine can be given a port, but no secret that it would send along (PULUMI_DEBUG_PROVIDERS), and any user may
connect to a port of the loopback interface. Linux says whose socket is at the other end: through sock_diag, and in
/proc/net/tcp, which takes a hundred times as long. Where neither knows our own sockets (on other systems, in some
sandboxes), every connection is accepted.
https://man7.org/linux/man-pages/man7/sock_diag.7.html
https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
"""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import grpc

TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))  # gRPC uses IPv6 sockets for IPv4, too
_ESTABLISHED, _LISTENING = 1, 10  # states of a socket
# From linux/netlink.h, linux/sock_diag.h and linux/inet_diag.h.
_NETLINK: Any = getattr(socket, "AF_NETLINK", None)
_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _REQUEST, _ALL = 4, 20, 1, 0xFFFFFFFF
_FAMILIES: Final = (
    (int(socket.AF_INET), bytes([127, 0, 0, 1])),
    (int(socket.AF_INET6), bytes([*[0] * 10, 255, 255, 127, 0, 0, 1])),
)
# 127.0.0.1 in the kernel's notation, in which the first byte is the lowest, and the same as an IPv6 address.
_LOCALHOST: Final = re.compile("(?:0000000000000000FFFF0000)?0100007F:([0-9A-F]{4})")
_TRIES: Final = 3  # a table is read in pieces, so a socket may slip through while others come and go
_PEER: Final = re.compile(r"ipv4:127\.0\.0\.1:(\d+)")


def is_own_user(client: int, server: int) -> bool:
    """Whether a connection to our port `server` comes from a socket of this user at the port `client`."""
    listening = False
    for _ in range(_TRIES):
        if (found := _ask_kernel(client, server)) is not None:
            return _is_ours(*found)
        for local, remote, state, user, inode in _sockets(client, server):
            if (local, remote) == (client, server):
                return _is_ours(state, user, inode)
            listening |= local == server and state == _LISTENING
    return not listening


def _is_ours(state: int, user: int, inode: int) -> bool:
    # A socket that its process has closed belongs to nobody: it is listed with user 0 and inode 0.
    return state == _ESTABLISHED and user == os.geteuid() and inode != 0


def _ask_kernel(client: int, server: int) -> tuple[int, int, int] | None:
    """State, user and inode of the client's socket; None where sock_diag does not know it, or is not available."""
    for family, address in _FAMILIES:
        ports = struct.pack("!HH16s16s", client, server, address, address)
        query = (
            struct.pack("=BBBxI", family, socket.IPPROTO_TCP, 0, _ALL)
            + ports
            + struct.pack("=III", 0, _ALL, _ALL)
        )
        header = struct.pack("=IHHII", 16 + len(query), _SOCK_DIAG_BY_FAMILY, _REQUEST, 0, 0)
        try:
            with socket.socket(_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as kernel:
                kernel.sendto(header + query, (0, 0))
                reply = kernel.recv(4096)
        except (OSError, TypeError):
            return None
        if struct.unpack_from("=IH", reply)[1] == _SOCK_DIAG_BY_FAMILY:
            return (reply[17], *struct.unpack_from("=II", reply, 80))
    return None


def _sockets(client: int, server: int) -> Iterator[tuple[int, int | None, int, int, int]]:
    """Local and remote port, state, user and inode of sockets: the client's, our listening one, and maybe others."""
    ports = (f":{client:04X} ", f":{server:04X} ")
    for table in TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()
        except (OSError, ValueError):
            continue
        for line in lines:
            if ports[0] in line or ports[1] in line:
                _, local, remote, state, _, _, _, user, _, inode, *_ = line.split()
                if (port := _LOCALHOST.fullmatch(local)) is not None:
                    far = _LOCALHOST.fullmatch(remote)
                    yield (
                        int(port[1], 16),
                        int(far[1], 16) if far else None,
                        int(state, 16),
                        int(user),
                        int(inode),
                    )


class OwnUserOnly(grpc.ServerInterceptor):
    """Answers the calls of this user, and refuses those of others with PERMISSION_DENIED."""

    def __init__(self) -> None:
        self.port = 0
        self._known: set[str] = set()  # an engine opens few connections and keeps them
        self._guarded: dict[str, Any] = {}

    def intercept_service(self, continuation: Callable[[Any], Any], call: Any) -> Any:
        if call.method not in self._guarded:
            self._guarded[call.method] = self._guard(continuation(call))
        return self._guarded[call.method]

    def _guard(self, handler: Any) -> Any:
        if handler is None:  # no such method
            return None
        kinds = ("unary_unary", "unary_stream", "stream_unary", "stream_stream")
        (kind,) = (kind for kind in kinds if getattr(handler, kind) is not None)
        behaviour = getattr(handler, kind)

        def guarded(request: Any, context: Any) -> Any:
            if context.peer() not in self._known:
                self._admit(context)
            return behaviour(request, context)

        return handler._replace(**{kind: guarded})

    def _admit(self, context: Any) -> None:
        peer = context.peer()
        found = _PEER.fullmatch(peer)
        if found is None or not is_own_user(int(found[1]), self.port):
            context.abort(
                grpc.StatusCode.PERMISSION_DENIED, "this server answers only the user who started it"
            )
        self._known.add(peer)


def own_users_server(pool: Any, options: Any = None) -> Any:
    """A gRPC server for one port of 127.0.0.1 and for this user only."""
    guard = OwnUserOnly()
    server: Any = grpc.server(pool, options=options, interceptors=[guard])
    add_insecure_port = server.add_insecure_port

    def listen(address: str) -> int:
        guard.port = int(add_insecure_port(address))
        return guard.port

    server.add_insecure_port = listen
    return server


__all__ = ["OwnUserOnly", "is_own_user", "own_users_server"]
