"""The conversation with a program's process in the sandbox during one run of the engine."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import threading
from collections.abc import Mapping
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import grpc
import pulumi
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc
from pulumi.runtime.settings import SETTINGS, get_root_resource

from lab_support.checking.grading.calls import Refused, Translation
from lab_support.checking.grading.confine import Limits
from lab_support.checking.grading.frames import Malformed
from lab_support.checking.grading.sandbox import Run
from lab_support.engine import printed
from lab_support.errors import ProgramError
from lab_support.plan.diagnostic import Location
from lab_support.safeguards.peers import own_users_server

_THREADS: Final = 64  # calls of one run that are under way at once, as many as the client makes
_MOST_CALLS: Final = 5_000
_MOST_BYTES: Final = 40_000_000
_LONGEST: Final = 300  # characters of an error's message


@dataclass
class Seen:
    """What became known of a program while it ran."""

    deeds: dict[str, int] = field(default_factory=dict)  # what it did that no program needs to do -> line
    place: Location | None = None  # where it was shortly before its time was up
    died: str = ""  # how its process ended before the program did


class Session:
    """The conversation with one process in the sandbox, for one run of the engine."""

    def __init__(self, run: Run, limits: Limits, seen: Seen, callbacks: Callbacks) -> None:
        self.run, self.limits, self.seen = run, limits, seen
        self.callbacks = callbacks
        self.failed: grpc.RpcError | None = None  # the first call that the engine did not answer
        self._count = 0
        self._root = Future[str]()  # the URN of the stack in the engine
        self._waiting: dict[int, Future[tuple[dict[str, Any], bytes]]] = {}
        self._numbers = itertools.count(1)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="call")

    async def converse(self, request: Mapping[str, Any]) -> None:
        """Runs the program to its end. Raises ProgramError, or the engine's error that the program met."""
        # Taken here, because they belong to the context of the run.
        self.loop, self.context = asyncio.get_running_loop(), contextvars.copy_context()
        self.monitor, self.engine = SETTINGS.monitor, SETTINGS.engine
        self.stack: Any = get_root_resource()
        self.translation = Translation(request["root"], lambda token: self.callbacks.take(token, self))
        end: asyncio.Future[dict[str, Any]] = self.loop.create_future()
        arguments = (dict(request), end)
        threading.Thread(target=self._listen, args=arguments, daemon=True, name="session").start()
        finding = asyncio.ensure_future(self._find_root())
        try:
            told = await end
        finally:
            finding.cancel()
            self.end()
        if "error" not in told:
            return
        if told.get("engine") and self.failed is not None:
            raise pulumi.RunError("the engine refused a call") from self.failed
        raise ProgramError(_line(told["error"]), _location(told))

    async def _find_root(self) -> None:
        self._root.set_result(str(await self.stack.urn.future()))

    def end(self) -> None:
        """Ends the process; what waits for it fails."""
        self.run.kill()
        self._threads.shutdown(wait=False, cancel_futures=True)
        waiting: list[Future[Any]] = [self._root, *self._waiting.values()]
        for reply in waiting:
            with suppress(InvalidStateError):
                reply.set_exception(ConnectionError("the program has ended"))

    def _listen(self, request: dict[str, Any], end: asyncio.Future[dict[str, Any]]) -> None:
        told: dict[str, Any] | None = None
        try:
            self.run.connection.send(request)
            while told is None and (received := self.run.connection.receive()) is not None:
                told = self._take(*received)
        except (Malformed, KeyError, TypeError, ValueError):
            told = {"error": "The program disturbed the connection to its engine."}
        except (OSError, RuntimeError):  # it has ended; or the run here is over
            pass
        told = told or {"error": self._death()}
        self.end()
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(_settle, end, told)

    def _take(self, header: dict[str, Any], payload: bytes) -> dict[str, Any] | None:
        """Takes a frame of the program's; returns the one that is its end."""
        kind = header["do"]
        if kind == "call":
            self._count += 1
            if self._count > _MOST_CALLS or self.run.connection.received > _MOST_BYTES:
                return {"error": "The program calls the engine without end."}
            number, method = int(header["id"]), str(header["method"])
            self._threads.submit(lambda: self.context.copy().run(self._answer, number, method, payload))
        elif kind == "called-back":
            if (reply := self._waiting.pop(int(header["id"]), None)) is not None:
                reply.set_result((header, payload))
        elif kind == "saw":
            self.seen.deeds.setdefault(
                f"{_line(header['what'])} ({_line(header['event'])})"[:100], int(header["line"])
            )
        elif kind == "printed":
            self.context.copy().run(printed.note, str(header["text"]))
        elif kind == "where":
            self.seen.place = _location(header)
        elif kind == "end":
            return header
        else:
            raise Malformed("there is no such frame")
        return None

    def _death(self) -> str:
        """What is said of a process that ended before the program did."""
        ended = self.run.ended()
        if ended is not None and ended.why == "memory":
            message = f"The program used more than {self.limits.memory >> 20} MB of memory."
        elif ended is not None and ended.why == "time":
            message = "The program did not finish within the time limit."
        else:
            message = "The program ended its own process; it must return instead."
        self.seen.died = message
        return message

    def _answer(self, number: int, method: str, payload: bytes) -> None:
        """Passes a call on to the engine, and its answer back."""
        try:
            request = self.translation.request(method, payload)
            if self.translation.names_root(request):
                self.translation.put_root(request, self._root.result())
                if method == "RegisterResourceOutputs":
                    self.stack._outputs_registered = True  # instead of those that the run here would send
            target = self.engine if method == "Log" else self.monitor
            reply = getattr(target, method)(request)
        except Refused as refused:
            self._refuse(number, "INVALID_ARGUMENT", str(refused))
        except grpc.RpcError as error:
            self.failed = self.failed or error
            call: Any = error
            self._refuse(number, call.code().name, call.details() or "")
        except Exception as error:
            self._refuse(number, "UNAVAILABLE", f"{type(error).__name__}")
        else:
            with suppress(OSError):
                self.run.connection.send({"do": "answer", "id": number}, reply.SerializeToString())

    def _refuse(self, number: int, code: str, details: str) -> None:
        with suppress(OSError):
            self.run.connection.send({"do": "answer", "id": number, "code": code, "details": details})

    def call_back(self, payload: bytes) -> bytes:
        """Has the program answer a call by the engine. Raises RuntimeError where it fails."""
        number, reply = next(self._numbers), Future[tuple[dict[str, Any], bytes]]()
        self._waiting[number] = reply
        self.run.connection.send({"do": "call-back", "id": number}, payload)
        header, answer = reply.result()
        if "error" in header:
            raise RuntimeError(_line(header["error"]))
        return answer


class Callbacks(callback_pb2_grpc.CallbacksServicer):
    """Takes the engine's calls of programs' functions. Their tokens are random, and each belongs to one session."""

    def __init__(self) -> None:
        self._server: Any = None
        self._address = ""
        self._owners: dict[str, Session] = {}
        self._lock = threading.Lock()

    def take(self, token: str, owner: Session) -> str:
        """From now on, calls with this token go to the session; returns the address for them."""
        with self._lock:
            if self._server is None:
                self._server = own_users_server(ThreadPoolExecutor(_THREADS))
                add: Any = callback_pb2_grpc.add_CallbacksServicer_to_server
                add(self, self._server)
                self._address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
                self._server.start()
            self._owners.setdefault(token, owner)
            return self._address

    def Invoke(self, request: Any, context: Any) -> Any:
        """Passes a call on to the program."""
        owner = self._owners.get(request.token)
        try:
            if owner is None:
                raise RuntimeError("there is no such function")
            answer = owner.call_back(request.SerializeToString())
            return callback_pb2.CallbackInvokeResponse.FromString(answer)
        except Exception as error:
            context.abort(grpc.StatusCode.UNKNOWN, _line(error))

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop(grace=None)


def _settle(end: asyncio.Future[dict[str, Any]], told: dict[str, Any]) -> None:
    if not end.done():
        end.set_result(told)


def _line(text: Any) -> str:
    """A text of the program's as one line of bounded length."""
    return " ".join(str(text).split())[:_LONGEST]


def _location(told: Mapping[str, Any]) -> Location | None:
    line = told.get("line")
    if not isinstance(line, int) or line < 1:
        return None
    return Location("<cell 1>", line, str(told.get("code", ""))[:160])


__all__ = ["Callbacks", "Seen", "Session"]
