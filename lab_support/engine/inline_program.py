"""The program as the engine calls it: runs it, ends it when its time is up, and says what went wrong.

The SDK runs an inline program on a thread and an event loop of its own. Whatever it leaves pending there after an error
would disturb the next run in the same process, so it is cleaned up here.
"""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import inspect
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import pulumi
from pulumi.automation._server import LanguageServer
from pulumi.runtime import stack
from pulumi.runtime.settings import SETTINGS

from lab_support.engine import messages
from lab_support.engine.no_aws import refuse_calls_to_aws
from lab_support.engine.preload import preload
from lab_support.engine.printed import Printed, note_in_this_context
from lab_support.engine.sdk_patches.apply import apply_patches
from lab_support.engine.sdk_patches.failed_applies import tolerance
from lab_support.engine.stubs import drop_debug_messages, record_resources
from lab_support.errors import (
    EngineLost,
    InternalError,
    MachineError,
    PreviewFailed,
    ProgramError,
    TimedOut,
    explain,
    location_in,
    location_of_thread,
)
from lab_support.plan.diagnostic import Location
from lab_support.program_code import why_unusable
from lab_support.safeguards.starvation import TOO_BUSY

Program = Callable[[str], Any]
apply_patches()


_BETWEEN_TRIES: Final = 0.1  # seconds
_CANCELLATIONS: Final = 5


class _Abandoned(BaseException):
    """Raised inside a program that ran past its time, wherever it is."""


class InlineProgram:
    """The program as the engine calls it: what it raised, and whether it is running.

    A run that `locates` knows the line that called `apply` where a function of a package fails in it. In a `tolerant`
    run, a function in `apply` that fails has an unknown result. `tolerated` are these failures: one sentence each, and
    the line.
    """

    def __init__(
        self, program: Program, environment: str, *, tolerant: bool = False, locates: bool = False
    ) -> None:
        if reason := why_unusable(program):
            raise ProgramError(reason)
        self.tolerant, self.locates = tolerant, locates
        self.caller: Location | None = None
        self.tolerated: list[tuple[str, Location | None]] = []
        self.program, self.environment = program, environment
        self.urns: set[str] = set()  # of the resources that the program registers and reads
        self.printed = Printed()
        self.error: BaseException | None = None
        self.dropped: BaseException | None = (
            None  # what ended the program's coroutine from outside or like that
        )
        self.has_begun = False
        self.late: Location | None = None
        self.is_late = self.is_starved = self.is_stuck = False
        self.are_runs_starved: Callable[[], bool] = lambda: False
        self.thread: int | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.context = contextvars.Context()

    async def run(self) -> None:
        preload(self.program)  # or waits for the thread that is doing so
        drop_debug_messages()
        refuse_calls_to_aws()
        note_in_this_context(self.printed)
        record_resources(SETTINGS.monitor, self.urns)
        if self.tolerant or self.locates:
            tolerance.set(self._tolerate)
        self.thread = threading.get_ident()
        self.loop = asyncio.get_running_loop()
        self.context = contextvars.copy_context()
        self.has_begun = True
        try:
            result = self.program(self.environment)
            if inspect.isawaitable(result):
                await result
            # What runs later (in `apply`) is the program's too; waiting here catches its errors as they are.
            await stack.wait_for_rpcs()
            leave_something_pending()
        except (GeneratorExit, asyncio.CancelledError) as error:
            self.dropped = error  # by the program or by the SDK: `failure` decides
            raise
        except BaseException as error:
            self.error = error
            if self.is_late or messages.is_engine_error(
                error
            ):  # the engine is gone, or has reported it itself
                return
            # Whatever it was (SystemExit included), the engine is told of an orderly failure.
            raise pulumi.RunError("the program raised an error") from None
        finally:
            self.thread = None

    def _tolerate(self, error: Exception, caller: Location | None) -> bool:
        """Notes the failure of a function in `apply`, unless it is the engine's or the lab's."""
        if messages.is_internal_error(error) or messages.is_engine_error(error):
            return False
        if not self.tolerant:
            self.caller = caller
            return False
        message, location = explain(error)
        self.tolerated.append((message, location or caller))
        return True

    def abandon(self) -> None:
        """Ends a program whose time is up, and notes where it was."""
        self.is_late = True
        place = location_of_thread(self.thread) if self.thread is not None else None
        self.is_starved = place is None and self.are_runs_starved()
        self.late = place or self.late
        self.stop(grace=0, patience=0)

    def stop(self, grace: float = 2.0, patience: float = 1.0) -> None:
        """Ends the program if it is still running: a loop at its next step, a call into C when it returns.

        `grace` is the time in seconds in which a program that only waits for the engine ends by itself, and `patience`
        that in which any other one must. One that is still in a call into C then is left alone.
        """
        next_try = time.monotonic() + (0 if self.is_late else grace)
        last_try = next_try + (0 if self.is_stuck else patience)
        while (thread := self._running_thread()) is not None:
            now = time.monotonic()
            if now >= next_try:
                # More than once: the SDK catches it, and then waits for what the program has left pending.
                raise_in(thread, _Abandoned)
                if self.loop is not None:  # an idle loop takes no next step by itself
                    with suppress(RuntimeError):  # it has been closed in the meantime
                        self.loop.call_soon_threadsafe(lambda: None)
                next_try = now + _BETWEEN_TRIES
            if now >= last_try:
                self.is_stuck = patience > 0
                return
            time.sleep(0.01)
        self._clean_up()

    def _clean_up(self) -> None:
        """Ends what the SDK has left pending after a refusal.

        It drops its coroutines then. The garbage collector would close them in the middle of a later run, and there
        they would wait for that run's outputs and take them away.
        """
        loop = self.loop
        if loop is None or loop.is_closed() or loop.is_running():
            return

        # On another thread, because a loop may be running on this one; in its context, which holds its outputs.
        thread = threading.Thread(target=self.context.run, args=(close, loop), daemon=True)
        thread.start()
        thread.join()

    def _running_thread(self) -> int | None:
        """The thread that is still inside the SDK's `Run` of this program, of which the program is only the middle.

        The SDK may drop the program's coroutine without ending it, and it ends tasks and closes its loop after the
        program has ended: doing the same at the same time leaves tasks behind.
        """
        run = LanguageServer.Run.__code__
        for thread, innermost in sys._current_frames().items():
            for frame, _ in traceback.walk_stack(innermost):
                if frame.f_code is run and frame.f_locals["self"].program == self.run:
                    return thread
        return None

    def failure(self, events: list[Any], error: BaseException) -> Exception:
        """The exception for what went wrong: the program's, the account's or the lab's."""
        if self.is_late:
            return MachineError(TOO_BUSY) if self.is_starved else TimedOut(self.late, self.environment)
        if messages.is_internal_error(self.error):
            return InternalError(f"the mock account broke: {str(self.error)[:600]}")
        refused = messages.refusals(events)
        if isinstance(self.error, ProgramError):  # from a program that runs elsewhere
            return ProgramError(self.error.message, self.error.location, self.environment)
        # The engine ends over these, and the program may only have seen that it has.
        if message := messages.refused_reference(events) or messages.malformed_token(error):
            return ProgramError(message, self.caller, self.environment)
        if self.error is not None and not messages.is_engine_error(self.error):
            message, location = explain(self.error)
            return ProgramError(message, location or self.caller, self.environment)
        if refused:
            return PreviewFailed(refused, self.environment)
        if not events and (told := messages.told_before_start(error)):
            return PreviewFailed(told, self.environment)
        words = "; ".join(d.text for d in messages.diagnostics(events, "error")) or str(error)
        if re.search(r"\bcode: -9\b", str(error)):
            return EngineLost(
                "the engine was killed (SIGKILL): the machine ran out of memory, or the program or another process "
                "killed it"
            )
        if self.has_begun and (broken := messages.broken_run(events)):
            location = location_in(self.dropped.__traceback__) if self.dropped is not None else None
            message = f"The program aborts its own run: {broken}"
            return ProgramError(message, location or self.caller, self.environment)
        return EngineLost(f"the engine stopped without naming a resource: {words[:600]}")


def leave_something_pending() -> None:
    """Makes the SDK wait for a stack's outputs: it sends them last, and waits only if something is still pending."""
    pending: Any = asyncio.sleep(0)
    pulumi.Output.from_input(pending)


def close(loop: asyncio.AbstractEventLoop) -> None:
    """Cancels what is left in a stopped loop and closes it, so that nothing of it is collected in a later run."""

    async def cancel_all() -> None:
        # The SDK's main task catches the first cancellation, and then waits for what is pending.
        for _ in range(_CANCELLATIONS):
            pending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in pending:
                task.cancel()
            if pending:
                await asyncio.wait(pending, timeout=2 / _CANCELLATIONS)

    loop.set_exception_handler(lambda loop, context: None)  # the SDK's would stop the loop again
    ending = cancel_all()
    try:
        with suppress(RuntimeError):  # the SDK has just stopped or closed the loop itself
            loop.run_until_complete(ending)
    finally:
        ending.close()  # Python would warn of a coroutine that never started
        loop.close()


def raise_in(thread: int | None, exception: type[BaseException]) -> None:
    """Raises an exception in another thread, at its next step. Does nothing if that thread has ended or is inside gRPC.

    There, the exception could leave a lock of gRPC locked for ever, and the garbage collector would hang when it closes
    the channel. The caller tries again later.
    """
    if thread is not None and not _is_inside_grpc(thread):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


def _is_inside_grpc(thread: int) -> bool:
    """Whether gRPC's own code is innermost in a thread. It is in every stack: programs run in threads of its server."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package != "threading":
            return package == "grpc"
        frame = frame.f_back
    return False
