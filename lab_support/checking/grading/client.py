"""What runs a program in its confined process: the SDK as in a plain Pulumi run, with the grader in the engine's place.

`main` reads one request from the run's socket and does it: `analyse` says what the program's code names and
compares, before any of it has run; `run` executes the cells and then `program(environment)`. Every call to the engine
becomes a frame to the grader, which decides whether to pass it on (calls.py).
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import random
import socket
import sys
import threading
import types
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any, Final, NoReturn

import grpc
import pulumi
import pulumi_aws
from pulumi.runtime import reset_options, run_in_stack, set_all_config, settings, stack
from pulumi.runtime.proto import callback_pb2

from lab_support.checking.grading import analysis, stand_ins, watching
from lab_support.checking.grading.frames import Connection
from lab_support.checking.grading.stubs import Callbacks, Calls, Engine, Monitor, Refusing
from lab_support.checking.repeatability import at_another_time
from lab_support.course.cells import compiled
from lab_support.engine.no_aws import refuse_calls_to_aws
from lab_support.engine.preload import load
from lab_support.engine.printed import Printed, note_in_this_context, watched_streams
from lab_support.engine.sdk_patches.apply import apply_patches
from lab_support.errors import chain_of, explain, location_of_thread
from lab_support.program_code import why_unusable

# Calls to the engine at once. The mock account answers some of them only once the program has registered a resource
# that they name; with the few threads that Python starts by itself, those calls would keep that one waiting.
_THREADS: Final = 64
_STACK: Final = 1 << 20  # bytes for each thread; the usual 8 MB count as data, and 64 of them reach the limit


def get_ready(services: list[str]) -> None:
    """Loads what every run needs, in the fork server; then Python forgets that the lab's modules are loaded."""
    gc.disable()  # imports leave no garbage
    apply_patches()
    for service in services:
        if (module := sys.modules.get(f"pulumi_aws.{service}")) is not None:
            load(module)
    assert pulumi_aws
    # The engine calls back through the grader, not on a port.
    settings._CallbackServicer = Callbacks  # type: ignore[attr-defined]
    stand_ins.hide_lab()
    gc.collect()
    gc.freeze()  # a search for garbage would copy what forks share
    gc.set_threshold(20_000)  # most of what a run creates stays until its end
    gc.enable()


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
        self.calls = Calls(grader)
        threading.stack_size(_STACK)
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(ThreadPoolExecutor(_THREADS))

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
        if reason := why_unusable(program):
            raise _Unusable(reason)
        return program

    def _configure(self) -> None:
        told = self.request
        reset_options(
            project=told["project"], stack=told["stack"], preview=told["preview"], organization="organization"
        )
        set_all_config(told["config"], told["secret_keys"])
        settings.SETTINGS.monitor = Monitor(self.calls, told["root"], told["features"])
        settings.SETTINGS.engine = Engine(self.calls, told["root"])
        refuse_calls_to_aws()

    def _call(self, program: Any) -> None:
        problem: list[BaseException] = []

        async def called() -> None:
            note_in_this_context(_Told(self.grader))
            try:
                with ExitStack() as shifted, watched_streams():
                    if self.request["shift"]:
                        shifted.enter_context(at_another_time(program, self.request["shift"]))
                    result = program(self.request["environment"])
                    if inspect.isawaitable(result):
                        await result
                    await stack.wait_for_rpcs()
                    pending: Any = _soon()  # or the SDK would not wait for the stack's outputs
                    pulumi.Output.from_input(pending)
            except BaseException as error:
                problem.append(error)
                raise pulumi.RunError("the program raised an error") from None

        self.loop.set_exception_handler(lambda loop, context: None)
        asyncio.set_event_loop(self.loop)
        failure: BaseException | None = None
        try:
            self.loop.run_until_complete(run_in_stack(called))
        except BaseException as error:
            failure = problem[0] if problem else error
        if failure is not None:
            raise failure  # out here: raised in there, it would lose the engine's error behind it

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
        callbacks = Callbacks.of_program
        assert callbacks is not None
        self.loop.create_task(self._answer(callbacks, number, payload), context=callbacks.context)

    async def _answer(self, callbacks: Callbacks, number: int, payload: bytes) -> None:
        request = callback_pb2.CallbackInvokeRequest.FromString(payload)
        try:
            response: Any = await callbacks.Invoke(request, Refusing())  # type: ignore[arg-type]
        except BaseException as error:
            self.grader.send({"do": "called-back", "id": number, "error": str(error)[:2000]})
        else:
            self.grader.send({"do": "called-back", "id": number}, response.SerializeToString())

    def _say_where(self, thread: int) -> None:
        place = location_of_thread(thread)
        if place is not None:
            with suppress(OSError):
                self.grader.send({"do": "where", "line": place.line, "code": place.code})


class _Told(Printed):
    """What the program prints, for the grader."""

    def __init__(self, grader: Connection) -> None:
        super().__init__()
        self._grader = grader

    def _keep(self, text: str) -> None:
        with suppress(OSError):
            self._grader.send({"do": "printed", "text": text})


class _Unusable(Exception):
    """The cells define no program that could be called; the text says why."""


async def _soon() -> None:
    await asyncio.sleep(0)


def _told(error: BaseException) -> dict[str, Any]:
    """What the grader is told of an error."""
    if isinstance(error, _Unusable):
        return {"error": str(error), "engine": False}
    message, place = explain(error)
    told = {"error": message, "engine": any(isinstance(cause, grpc.RpcError) for cause in chain_of(error))}
    return told if place is None else {**told, "line": place.line, "code": place.code}


__all__ = ["get_ready", "main"]
