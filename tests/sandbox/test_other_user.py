"""Another user of the machine reaches nothing of a running preview: neither the account nor the stack's key.

These tests need root, to become another user, and no namespace.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time

import psutil
import pulumi_aws as aws
import pytest

from lab_support import preview
from lab_support.engine.operations import preview_all
from lab_support.engine.vault import vault
from lab_support.errors import InternalError
from lab_support.plan.plan import Plan
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
# Registers a queue with the engines that listen at some ports.
REGISTER = """
import encodings.idna, os, sys
import grpc
grpc.insecure_channel("127.0.0.1:1").close()
from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
os.setgroups([])
os.setgid(int(sys.argv[1]))
os.setuid(int(sys.argv[1]))
for port in sys.argv[2].split():
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        request = resource_pb2.RegisterResourceRequest(
            type="aws:sqs/queue:Queue", name="intruder", custom=True, object=struct_pb2.Struct()
        )
        try:
            print(bool(resource_pb2_grpc.ResourceMonitorStub(channel).RegisterResource(request, timeout=20).urn))
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
        [sys.executable, "-c", (code if code is REGISTER else BECOME + code), str(user), *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def listening(process: psutil.Process | None = None) -> set[int]:
    """The ports that a process, by default this one, listens on."""
    return {
        c.laddr.port
        for c in (process or psutil.Process()).net_connections("tcp")
        if c.status == psutil.CONN_LISTEN
    }


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

    # With progress, so that the engine's events come to a server, too.
    assert [resource.name for resource in preview(program, progress=True)] == ["own-dev"]
    return sorted(answers)


def test_the_servers_of_a_run_answer_their_own_user() -> None:
    # Four servers: the account, other packages, the program, events. Three have a method of one of these names.
    expected = ["OK", "OK", "OK", *["UNIMPLEMENTED"] * 5]
    assert answers_during_a_preview(os.geteuid(), HARMLESS) == expected


def test_no_server_of_a_run_answers_another_user() -> None:
    expected = ["PERMISSION_DENIED"] * 4 + ["UNIMPLEMENTED"] * 8
    assert answers_during_a_preview(OTHER, HARMFUL) == expected


@pytest.mark.parametrize("environments", [("dev",), ("dev", "prod")], ids=["one", "batch"])
def test_resources_that_another_user_registers_with_the_engine_get_into_no_plan(
    environments: tuple[str, ...],
) -> None:
    answers: list[str] = []
    this = psutil.Process()

    def attack() -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            children = [child for child in this.children() if child.name() == "pulumi"]
            ports = {port for child in children for port in listening(child)}
            answers.extend(as_user(OTHER, REGISTER, " ".join(map(str, ports))) if len(ports) > 1 else ())
            if "True" in answers:
                return
            time.sleep(0.1)

    async def program(environment_suffix: str) -> None:
        aws.kinesis.Stream(f"own-{environment_suffix}", shard_count=1)
        while attacker.is_alive():
            await asyncio.sleep(0.05)

    attacker = threading.Thread(target=attack)
    attacker.start()
    found = preview_all(program, environments)
    attacker.join()
    assert "True" in answers  # the engine has taken it
    # A batch is dropped, and the separate runs that follow are left alone; a separate run ends with an error.
    if len(environments) == 1:
        assert isinstance(found["dev"], InternalError)
        assert "intruder" in str(found["dev"])
    plans = {name: plan for name, plan in found.items() if isinstance(plan, Plan)}
    assert all([r.name for r in plan] == [f"own-{name}"] for name, plan in plans.items())


def test_the_vault_gives_another_user_nothing_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    port = vault().address.rpartition(":")[2]
    assert as_user(OTHER, ASK, port) == ["False"] * 3
    assert as_user(os.geteuid(), ASK, port) == ["True"] * 3
    assert capfd.readouterr() == ("", "")
