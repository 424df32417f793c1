"""A provider's server leaves no threads behind, also where its answer took longer than the run."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc

from lab_support.safeguards.served import served


class Slow(provider_pb2_grpc.ResourceProviderServicer):
    """Answers once it is told to."""

    def __init__(self) -> None:
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        self.asked.set()
        self.may_answer.wait(60)
        return plugin_pb2.PluginInfo()


def test_threads_end_with_the_server_or_their_last_answer() -> None:
    before, slow = {*threading.enumerate()}, Slow()
    with (
        ThreadPoolExecutor(1) as client,
        served(slow) as port,
        grpc.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        client.submit(stub.GetPluginInfo, Empty())
        assert slow.asked.wait(20)
    slow.may_answer.set()
    for thread in {*threading.enumerate()} - before:
        thread.join(20)
        assert not thread.is_alive(), thread
