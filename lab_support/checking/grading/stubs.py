"""What the SDK finds in the sandbox in place of its connections to the engine: calls become frames to the grader."""

from __future__ import annotations

import contextvars
import itertools
from concurrent.futures import Future
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime import _callbacks
from pulumi.runtime.proto import engine_pb2, resource_pb2, resource_pb2_grpc

from lab_support.checking.grading.frames import Connection
from lab_support.checking.grading.protocol import METHODS, STACK_TYPE


class _CallFailed(grpc.RpcError):
    """The engine, or the grader in its place, refused a call."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(details)
        self._code, self._details = grpc.StatusCode[code], details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


class Calls:
    """Calls that wait for their answer."""

    def __init__(self, grader: Connection) -> None:
        self.grader = grader
        self.waiting: dict[int, Future[bytes]] = {}
        self.numbers = itertools.count(1)

    def call(self, method: str, request: Any, answer: Any) -> Any:
        """Calls a method of the engine and waits for the answer, of the type `answer`. Raises grpc.RpcError."""
        number, reply = next(self.numbers), Future[bytes]()
        self.waiting[number] = reply
        self.grader.send({"do": "call", "id": number, "method": method}, request.SerializeToString())
        return answer.FromString(reply.result())

    def settle(self, header: dict[str, Any], payload: bytes) -> None:
        """Passes an answer to the call that waits for it."""
        reply = self.waiting.pop(header["id"])
        if "code" in header:
            reply.set_exception(_CallFailed(header["code"], header["details"]))
        else:
            reply.set_result(payload)


class Monitor(resource_pb2_grpc.ResourceMonitorStub):
    """The engine's resource monitor. The SDK demands an instance of its own stub's class."""

    def __init__(self, calls: Calls, root: str, features: list[int]) -> None:
        def method(name: str, answer: Any) -> Any:
            return lambda request, **_: calls.call(name, request, answer)

        for name, (_, answer) in METHODS.items():
            setattr(self, name, method(name, answer))
        register = self.RegisterResource
        known: Any = features

        def register_resource(request: Any, **_: Any) -> Any:
            if request.type == STACK_TYPE:  # the stack itself is the grader's
                return resource_pb2.RegisterResourceResponse(urn=root)
            return register(request)

        own: Any = self
        own.RegisterResource = register_resource
        own.GetDeploymentInfo = lambda request, **_: resource_pb2.DeploymentInfo(supportedFeatures=known)
        own.SignalAndWaitForShutdown = lambda request, **_: empty_pb2.Empty()


class Engine:
    """The engine's own service: takes messages, but no debug messages."""

    def __init__(self, calls: Calls, root: str) -> None:
        self.calls, self.root = calls, root

    def Log(self, request: Any, **_: Any) -> Any:
        if request.severity != engine_pb2.DEBUG:
            self.calls.call("Log", request, empty_pb2.Empty)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, **_: Any) -> Any:
        return engine_pb2.GetRootResourceResponse(urn=self.root)

    def SetRootResource(self, request: Any, **_: Any) -> Any:
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: Any, **_: Any) -> Any:
        return engine_pb2.RequirePulumiVersionResponse()


class Callbacks(_callbacks._CallbackServicer):
    """The SDK's table of functions that the engine may call; the grader passes the calls on."""

    of_program: Callbacks | None = None

    def __init__(self, monitor: Any) -> None:
        self.context = contextvars.copy_context()
        Callbacks.of_program = self
        self._callbacks, self._transforms, self._monitor, self._target = {}, {}, monitor, "grader"

    async def serve(self) -> None:
        """Opens no port."""


class Refusing:
    """The context of a call by the engine."""

    async def abort(self, code: Any, details: str) -> None:
        raise RuntimeError(details)


__all__ = ["Callbacks", "Calls", "Engine", "Monitor", "Refusing"]
