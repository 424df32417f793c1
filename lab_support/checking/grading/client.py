"""What runs a program in its confined process: the SDK as in a plain Pulumi run, with the grader in the engine's place.

`main` reads one request from the run's socket and does it: `analyse` says what the program's code names and
compares, before any of it has run; `run` executes the cells and then `program(environment)`. Every call to the engine
becomes a frame to the grader, which decides whether to pass it on (calls.py).
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import itertools
import os
import random
import socket
import sys
import threading
import types
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from typing import Any, Final, NoReturn

import grpc
import pulumi
import pulumi_aws
from google.protobuf import empty_pb2
from pulumi.runtime import _callbacks, reset_options, run_in_stack, set_all_config, settings, stack
from pulumi.runtime.proto import callback_pb2, engine_pb2, resource_pb2, resource_pb2_grpc

from lab_support.checking.grading import analysis, stand_ins, watching
from lab_support.checking.grading.frames import Connection
from lab_support.checking.grading.protocol import METHODS, STACK_TYPE
from lab_support.checking.repeatability import at_another_time
from lab_support.course.cells import compiled
from lab_support.engine.inline_program import leave_something_pending
from lab_support.engine.no_aws import refuse_calls_to_aws
from lab_support.engine.preload import load
from lab_support.engine.results import is_engine_error
from lab_support.engine.sdk_patches.apply import apply_patches
from lab_support.errors import explain, location_of_thread

_THREADS: Final = 24  # calls to the engine at once


def get_ready(services: list[str]) -> None:
    """Loads what every run needs, in the fork server; then Python forgets that the lab's modules are loaded."""
    apply_patches()
    for service in services:
        if (module := sys.modules.get(f"pulumi_aws.{service}")) is not None:
            load(module)
    assert pulumi_aws
    # The engine calls back through the grader, not on a port.
    settings._CallbackServicer = _Callbacks  # type: ignore[attr-defined]
    stand_ins.hide_lab()


def main(end: int) -> NoReturn:
    """Does what the request on this socket asks, and ends the process."""
    grader = Connection(socket.socket(fileno=end))
    received = grader.receive()
    if received is None:
        os._exit(1)
    request, _ = received
    for name in list(os.environ):
        del os.environ[name]
    os.environ.update(request["variables"])
    if request["do"] == "analyse":
        grader.send(analysis.analyse(request["cells"]))
    else:
        _Run(grader, request).run()
    os._exit(0)


class _Run:
    """One run of a program for one environment."""

    def __init__(self, grader: Connection, request: dict[str, Any]) -> None:
        self.grader, self.request = grader, request
        self.calls = _Calls(grader)
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        random.seed()
        threading.Thread(target=self._listen, daemon=True).start()
        clock = threading.Timer(self.request["patience"], self._say_where, [threading.get_ident()])
        clock.daemon = True
        clock.start()
        end = {"do": "end"}
        try:
            program = self._define()
            self._configure()
            self._call(program)
        except BaseException as error:
            end |= _told(error)
        with suppress(OSError):
            self.grader.send(end)

    def _define(self) -> Any:
        """The function `program` that the cells define."""
        module = sys.modules["learner"] = types.ModuleType("learner")
        names = module.__dict__
        names.update(stand_ins.named(self.request["stand_ins"]), __name__="learner")
        for source in self.request["setup"]:
            exec(source, names)
        watching.watch(self.grader)
        for number, source in enumerate(self.request["cells"], start=1):
            exec(compiled(source, f"<cell {number}>"), names)
        if "program" not in names:
            raise _Unusable("The code defines no function `program(environment_suffix)`.")
        program = names["program"]
        if not callable(program):
            raise _Unusable(f"`program` must be a function, but it is {type(program).__name__}.")
        try:
            inspect.signature(program).bind("dev")
        except TypeError:
            raise _Unusable(
                "`program` must take one argument, the environment suffix: def program(environment_suffix): ..."
            ) from None
        except ValueError:  # a callable without a signature: calling it shows whether it takes one
            pass
        return program

    def _configure(self) -> None:
        told = self.request
        reset_options(
            project=told["project"], stack=told["stack"], preview=told["preview"], organization="organization"
        )
        set_all_config(told["config"], told["secret_keys"])
        settings.SETTINGS.monitor = _Monitor(self.calls, told["root"], told["features"])
        settings.SETTINGS.engine = _Engine(self.calls, told["root"])
        refuse_calls_to_aws()

    def _call(self, program: Any) -> None:
        problem: list[BaseException] = []

        async def called() -> None:
            try:
                with ExitStack() as shifted:
                    if self.request["shift"]:
                        shifted.enter_context(at_another_time(program, self.request["shift"]))
                    result = program(self.request["environment"])
                    if inspect.isawaitable(result):
                        await result
                    await stack.wait_for_rpcs()
                    leave_something_pending()
            except BaseException as error:
                problem.append(error)
                raise pulumi.RunError("the program raised an error") from None

        self.loop.set_exception_handler(lambda loop, context: None)
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(run_in_stack(called))
        except BaseException as error:
            raise (problem[0] if problem else error) from None

    def _listen(self) -> None:
        """Takes the grader's frames: answers to calls, and calls by the engine."""
        while (received := self.grader.receive()) is not None:
            header, payload = received
            if header["do"] == "answer":
                self.calls.settle(header, payload)
            else:
                self.loop.call_soon_threadsafe(self._called_back, header["id"], payload)
        os._exit(1)

    def _called_back(self, number: int, payload: bytes) -> None:
        callbacks = _Callbacks.of_program
        assert callbacks is not None
        self.loop.create_task(self._answer(callbacks, number, payload), context=callbacks.context)

    async def _answer(self, callbacks: _Callbacks, number: int, payload: bytes) -> None:
        request = callback_pb2.CallbackInvokeRequest.FromString(payload)
        try:
            response: Any = await callbacks.Invoke(request, _Refusing())  # type: ignore[arg-type]
        except BaseException as error:
            self.grader.send({"do": "called-back", "id": number, "error": str(error)[:2000]})
        else:
            self.grader.send({"do": "called-back", "id": number}, response.SerializeToString())

    def _say_where(self, thread: int) -> None:
        place = location_of_thread(thread)
        if place is not None:
            with suppress(OSError):
                self.grader.send({"do": "where", "line": place.line, "code": place.code})


class _Unusable(Exception):
    """The cells define no program that could be called; the text says why."""


def _told(error: BaseException) -> dict[str, Any]:
    """What the grader is told of an error."""
    if isinstance(error, _Unusable):
        return {"error": str(error), "engine": False}
    message, place = explain(error)
    told = {"error": message, "engine": is_engine_error(error)}
    return told if place is None else {**told, "line": place.line, "code": place.code}


class _CallFailed(grpc.RpcError):
    """The engine, or the grader in its place, refused a call."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(details)
        self._code, self._details = grpc.StatusCode[code], details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


class _Calls:
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


class _Monitor(resource_pb2_grpc.ResourceMonitorStub):
    """The engine's resource monitor. The SDK demands an instance of its own stub's class."""

    def __init__(self, calls: _Calls, root: str, features: list[int]) -> None:
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


class _Engine:
    """The engine's own service: takes messages, but no debug messages."""

    def __init__(self, calls: _Calls, root: str) -> None:
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


class _Callbacks(_callbacks._CallbackServicer):
    """The SDK's table of functions that the engine may call; the grader passes the calls on."""

    of_program: _Callbacks | None = None

    def __init__(self, monitor: Any) -> None:
        self.context = contextvars.copy_context()
        _Callbacks.of_program = self
        self._callbacks, self._transforms, self._monitor, self._target = {}, {}, monitor, "grader"

    async def serve(self) -> None:
        """Opens no port."""


class _Refusing:
    """The context of a call by the engine."""

    async def abort(self, code: Any, details: str) -> None:
        raise RuntimeError(details)


__all__ = ["get_ready", "main"]
