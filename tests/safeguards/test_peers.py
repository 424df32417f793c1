"""Whose socket is at the other end of a connection, and who is answered."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import serve
from lab_support.safeguards import peers
from lab_support.safeguards.peers import is_own_user

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
LISTENING = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 {own} 0 11 1 0 100 0 0 10 0\n"
CONNECTED = "   1: 0100007F:C350 0100007F:{port} {state} 0:0 00:0 0 {user} 0 {inode} 1 0 20 4 30 10 -1\n"
CLIENT, SERVER = 0xC350, 0x1F90
OWN = os.geteuid() if hasattr(os, "geteuid") else 0


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of sockets in place of the kernel's, on a system without sock_diag."""
    monkeypatch.setattr(peers, "_NETLINK", None)
    path = tmp_path / "tcp"
    monkeypatch.setattr(peers, "TABLES", (path,))
    return path


def connected(user: int = OWN, inode: int = 12, state: str = "01", port: str = "1F90") -> str:
    return CONNECTED.format(user=user, inode=inode, state=state, port=port)


@pytest.mark.skipif(os.name == "nt", reason="users have numbers on Unix")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (connected(), True),
        (connected(user=OWN + 1), False),
        (connected(inode=0), False),  # closed by its process: listed as root's
        (connected(state="04", inode=0), False),
        (connected(port="1F91"), False),  # the same port of the client, but to another server
        (connected(user=OWN + 1, port="1F91") + connected(), True),
        (connected().replace("0100007F", "0000000000000000FFFF00000100007F"), True),
        (connected().replace("0100007F:1F90", "0200007F:1F90"), False),
        ("", False),
    ],
    ids="own another-user closed closing another-server two-servers ipv6 another-address unlisted".split(),
)
def test_only_an_open_socket_of_this_user_is_own(table: Path, rows: str, expected: bool) -> None:
    table.write_text(HEADER + LISTENING.format(own=OWN) + rows)
    assert is_own_user(CLIENT, SERVER) is expected


@pytest.mark.parametrize("text", [None, "", HEADER], ids=["no-table", "empty", "without-our-own-socket"])
def test_a_table_that_does_not_list_our_own_socket_refuses_nobody(table: Path, text: str | None) -> None:
    if text is not None:
        table.write_text(text)
    assert is_own_user(CLIENT, SERVER)


def test_a_connection_within_this_process_is_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert is_own_user(client.getsockname()[1], port)


def test_grpcs_listening_socket_is_listed() -> None:
    """Where it were not, every connection would be accepted."""
    with serve(Account()) as (_, port):
        listed = any(path.is_file() for path in peers.TABLES)
        assert not listed or not is_own_user(1, port)


@pytest.fixture
def channel() -> Iterator[grpc.Channel]:
    with serve(Account()) as (_, port), grpc.insecure_channel(f"127.0.0.1:{port}") as opened:
        yield opened


def test_the_provider_answers_this_user(channel: grpc.Channel) -> None:
    info = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty())
    assert isinstance(info, plugin_pb2.PluginInfo)


def test_a_method_that_does_not_exist_is_not_implemented(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        channel.unary_unary("/pulumirpc.ResourceProvider/Nothing")(b"")
    assert failed.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_the_provider_refuses_a_connection_of_another_user(
    channel: grpc.Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "is_own_user", lambda client, server: False)
    with pytest.raises(grpc.RpcError) as failed:
        provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty())
    assert failed.value.code() is grpc.StatusCode.PERMISSION_DENIED
