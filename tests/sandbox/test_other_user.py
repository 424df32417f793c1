"""Another user of the machine reaches nothing of a running preview: neither the account nor the stack's key.

These tests need root, to become another user, and no namespace.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pulumi_aws as aws
import pytest

from lab_support import preview
from lab_support.engine.vault import vault
from tests.processes import environment

OTHER = 65534

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(
        not (hasattr(os, "geteuid") and os.geteuid() == 0 and sys.platform == "linux"),
        reason="only root can become another user",
    ),
]

# As another user, Python may not be readable, so the attackers become one when they have imported what they need.
BECOME = """
import encodings.idna, os, socket, sys
import grpc
grpc.insecure_channel("127.0.0.1:1").close()
os.setgroups([])
os.setgid(int(sys.argv[1]))
os.setuid(int(sys.argv[1]))
"""
# Calls methods of the gRPC servers that listen at some ports; prints the status of each answer.
CALL = """
for port in sys.argv[2].split():
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        for method in sys.argv[3].split():
            try:
                channel.unary_unary(method)(b"", timeout=5)
                print("OK")
            except grpc.RpcError as error:
                print(error.code().name)
"""
# Asks for the key without a token, and sends nonsense; prints whether anything comes back.
ASK = r"""
ask = b"PUT /v1/transit/decrypt/stack HTTP/1.1\r\n"
for request in (ask + b"\r\n", ask + b"Content-Length: x\r\n\r\n", b"\x00\xff\r\n\r\n"):
    with socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=5) as connection:
        try:
            connection.sendall(request)
            print(bool(connection.recv(1000)))
        except ConnectionError:
            print(False)
"""


def as_user(user: int, code: str, *arguments: str) -> list[str]:
    """What a script prints as another user."""
    done = subprocess.run(
        [sys.executable, "-c", BECOME + code, str(user), *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def listening() -> set[int]:
    """The ports of 127.0.0.1 that this process listens on."""
    return {c.laddr.port for c in psutil.Process().net_connections("tcp") if c.status == psutil.CONN_LISTEN}


HARMLESS = [
    "/pulumirpc.ResourceProvider/GetPluginInfo",
    "/pulumirpc.LanguageRuntime/GetPluginInfo",
]
HARMFUL = [
    "/pulumirpc.ResourceProvider/Create",
    "/pulumirpc.LanguageRuntime/Run",
    "/pulumirpc.Events/StreamEvents",
]


def answers_during_a_preview(user: int, methods: list[str]) -> list[str]:
    """What the servers that a run opens answer to a user, in order."""
    vault()
    answers, before = [], listening()

    def program(environment_suffix: str) -> None:
        aws.kinesis.Stream(f"own-{environment_suffix}", shard_count=1)
        ports = " ".join(map(str, sorted(listening() - before)))
        answers.extend(as_user(user, CALL, ports, " ".join(methods)))

    assert [resource.name for resource in preview(program)] == ["own-dev"]
    return sorted(answers)


def test_the_servers_of_a_run_answer_their_own_user() -> None:
    # Four servers: the account, other packages, the program, events. Three have a method of one of these names.
    expected = ["OK", "OK", "OK", *["UNIMPLEMENTED"] * 5]
    assert answers_during_a_preview(os.geteuid(), HARMLESS) == expected


def test_no_server_of_a_run_answers_another_user() -> None:
    expected = ["PERMISSION_DENIED"] * 4 + ["UNIMPLEMENTED"] * 8
    assert answers_during_a_preview(OTHER, HARMFUL) == expected


def test_the_vault_gives_another_user_nothing_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    port = vault().address.rpartition(":")[2]
    assert as_user(OTHER, ASK, port) == ["False"] * 3
    assert as_user(os.geteuid(), ASK, port) == ["True"] * 3
    assert capfd.readouterr() == ("", "")
