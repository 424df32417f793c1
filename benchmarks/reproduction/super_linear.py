"""Pulumi's Python SDK takes time with the square of the resources: the smallest program that shows it.

    python super_linear.py 100 200 400 800                    # the SDK as it is
    python super_linear.py --wait 100 200 400 800             # each outstanding task is waited for once
    python super_linear.py --wait --debug 100 200 400 800     # and no debug messages are sent

Needs the package `pulumi` (written for 3.259.0) and the `pulumi` CLI of the same version on PATH, no plugin, account or
file of this project. A preview is made of so many resources that need nothing of each other; each has a dozen
properties, as a small resource of a provider has. Their provider is in this file and hands back what it is given.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi import automation as auto
from pulumi import log
from pulumi.runtime import stack
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from pulumi.runtime.settings import SETTINGS

PROPERTIES = {f"property_{number}": "a value" for number in range(12)}
counted: Counter[str] = Counter()


class Part(pulumi.CustomResource):
    def __init__(self, name: str) -> None:
        super().__init__("echo:index:Part", name, PROPERTIES)


class Echo(provider_pb2_grpc.ResourceProviderServicer):
    """A provider that hands back what it is given."""

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True)

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Create(self, request: Any, context: Any) -> Any:
        return provider_pb2.CreateResponse(id="an id", properties=request.properties)


def program_of(resources: int) -> Callable[[], None]:
    def program() -> None:
        for number in range(resources):
            Part(f"part-{number}")

    return program


async def wait_for_outputs() -> None:
    """What could stand in `wait_for_rpcs` instead of the loop around `asyncio.wait(..., FIRST_COMPLETED)`."""
    watched: set[asyncio.Future[Any]] = set()
    ended: deque[asyncio.Future[Any]] = deque()
    wake = asyncio.Event()

    def note(task: asyncio.Future[Any]) -> None:
        ended.append(task)
        wake.set()

    while True:
        with SETTINGS.lock:
            new = list(SETTINGS.outputs)
            SETTINGS.outputs.clear()
        for task in new:
            watched.add(task)
            task.add_done_callback(note)
        counted["tasks waited for"] += len(new)
        if not watched:
            return
        await wake.wait()
        wake.clear()
        while ended:
            task = ended.popleft()
            watched.discard(task)
            with suppress(stack.ResourceRegistrationFailed):
                await task


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """The SDK's function of this name, shortened to what this program needs, with the loop above in it."""
    calls = SETTINGS.rpc_manager
    while True:
        while calls.rpcs:
            await asyncio.sleep(0)
            await calls.rpcs.pop()
        if await_all_outstanding_tasks:
            await wait_for_outputs()
        if not calls.rpcs:
            return


def count_work() -> None:
    """Counts how many tasks are given to `asyncio.wait`, and how many messages are sent."""
    wait, send = asyncio.wait, log._log

    def counting_wait(tasks: Any, **options: Any) -> Any:
        counted["tasks waited for"] += len(tasks)
        return wait(tasks, **options)

    def counting_send(*arguments: Any) -> None:
        counted["messages"] += 1
        send(*arguments)

    asyncio.wait = counting_wait  # type: ignore[assignment]
    log._log = counting_send


def measure(resources: int, port: int) -> None:
    counted.clear()
    with tempfile.TemporaryDirectory() as folder:
        chosen = auto.LocalWorkspaceOptions(
            project_settings=auto.ProjectSettings(
                name="reproduction", runtime="python", backend=auto.ProjectBackend(url=f"file://{folder}")
            ),
            env_vars={"PULUMI_CONFIG_PASSPHRASE": "none", "PULUMI_DEBUG_PROVIDERS": f"echo:{port}"},
        )
        made = auto.create_stack(
            "dev", project_name="reproduction", program=program_of(resources), opts=chosen
        )
        began, used = time.perf_counter(), time.process_time()
        made.preview(on_event=lambda event: None)
        wall, cpu = time.perf_counter() - began, time.process_time() - used
    print(
        f"{resources:6} resources  {wall:7.2f} s  CPU of Python {cpu:7.2f} s ({cpu / resources * 1000:6.2f} ms each)"
        f"  tasks waited for {counted['tasks waited for']:9}  messages {counted['messages']:6}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("resources", nargs="+", type=int)
    parser.add_argument("--wait", action="store_true", help="wait for each task once")
    parser.add_argument("--debug", action="store_true", help="send no debug messages")
    chosen = parser.parse_args()
    os.environ["PULUMI_SKIP_UPDATE_CHECK"] = "true"
    count_work()
    if chosen.wait:
        stack.wait_for_rpcs = wait_for_rpcs
    if chosen.debug:
        log.debug = lambda *arguments, **options: None
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Echo(), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    for resources in chosen.resources:
        measure(resources, port)
    server.stop(grace=None)


if __name__ == "__main__":
    main()
