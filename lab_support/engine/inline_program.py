"""The program as the engine calls it: runs it, ends it when its time is up, and tells what went wrong.

The SDK runs an inline program on a thread and an event loop of its own. What it leaves undone there after an error
would disturb the next run in the same process, so it is cleared up here.
"""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import inspect
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pulumi
from pulumi.automation._server import LanguageServer
from pulumi.runtime import stack

from lab_support.engine import results
from lab_support.engine.sdk_patches.apply import drop_debug_logs, load_on_demand, speed_up
from lab_support.engine.sdk_patches.repairs import connect_anew_in_each_run, notice_unknowns_in_lists
from lab_support.errors import EngineLost, InternalError, ProgramError, explain, location_of_thread
from lab_support.plan.diagnostic import Location

Program = Callable[[str], Any]
notice_unknowns_in_lists()
connect_anew_in_each_run()
speed_up()
load_on_demand()


class _Abandoned(BaseException):
    """Raised inside a program that ran past its time, wherever it is."""


class InlineProgram:
    """The program as the engine calls it: what it raised, and whether it is running."""

    def __init__(self, program: Program, environment: str) -> None:
        _check_signature(program)
        self.program, self.environment = program, environment
        self.error: BaseException | None = None
        self.late: Location | None = None
        self.is_late = False
        self.is_waiting = False  # in a program that is a coroutine
        self.thread: int | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.context = contextvars.Context()

    @drop_debug_logs
    async def run(self) -> None:
        self.thread = threading.get_ident()
        self.loop = asyncio.get_running_loop()
        self.context = contextvars.copy_context()
        try:
            result = self.program(self.environment)
            if inspect.isawaitable(result):
                self.is_waiting = True
                await result
                self.is_waiting = False
            # What runs later (in `apply`) is the program's too; waiting here catches its errors as they are.
            await stack.wait_for_rpcs()
            leave_something_pending()
        except (GeneratorExit, asyncio.CancelledError):
            raise  # the SDK has dropped this coroutine; that is not the program's doing
        except BaseException as error:
            self.error = error
            if self.is_late or results.is_engine_error(
                error
            ):  # the engine is gone, or knows better than we do
                return
            # Whatever it was (SystemExit included), the engine hears of an orderly failure.
            raise pulumi.RunError("the program raised an error") from None
        finally:
            self.thread = None

    def abandon(self) -> None:
        """The time is up: notes where the program is and ends it."""
        self.is_late = True
        if self.thread is not None:
            self.late = location_of_thread(self.thread)
        self.stop(grace=0)

    def stop(self, grace: float = 2.0) -> None:
        """Ends the program if it is still running: a loop at its next step, a call into C when it returns.

        Once the engine is gone, a program that waits for it ends by itself: that is what `grace` (seconds) is for.
        """
        until = time.monotonic() + grace
        while self._is_running():
            if time.monotonic() >= until:
                raise_in(self.thread, _Abandoned)
                if self.loop is not None:  # one that waits for nothing in particular takes no step by itself
                    with suppress(RuntimeError):  # it has been closed meanwhile
                        self.loop.call_soon_threadsafe(lambda: None)
                return
            time.sleep(0.01)
        self._clear_up()

    def _clear_up(self) -> None:
        """Ends what the SDK has left pending after a refusal.

        It drops its coroutines then, and they would be closed by the garbage collector in the middle of a later run,
        whose outputs they would wait for and take away.
        """
        loop = self.loop
        if loop is None or loop.is_closed() or loop.is_running():
            return

        # On a thread of its own, because here a loop may be running; in its context, because that holds its outputs.
        thread = threading.Thread(target=self.context.run, args=(close, loop), daemon=True)
        thread.start()
        thread.join()

    def _is_running(self) -> bool:
        """Whether a thread is still inside the SDK's `Run` of this program, of which the program is only the middle.

        The SDK may drop the program's coroutine without ending it, and it ends tasks and closes its loop after the
        program has ended: doing the same at the same time leaves tasks behind.
        """
        run = LanguageServer.Run.__code__
        return any(
            frame.f_code is run and frame.f_locals["self"].program == self.run
            for innermost in sys._current_frames().values()
            for frame, _ in traceback.walk_stack(innermost)
        )

    def failure(self, events: list[Any], error: BaseException) -> Exception:
        """The exception that tells what went wrong to the person who can do something about it."""
        if self.is_late:
            return self._too_late()
        if results.is_internal_error(self.error):
            return InternalError(f"the mock account broke: {str(self.error)[:600]}")
        refused = results.refusals(events)
        theirs = self.error is not None and not results.is_engine_error(self.error)
        if theirs and self.error is not None:
            message, location = explain(self.error)
            return ProgramError(message, location, self.environment)
        if refused:
            return results.PreviewFailed(refused, self.environment)
        said = "; ".join(d.text for d in results.diagnostics(events, "error")) or str(error)
        return EngineLost(f"the engine stopped without saying why a resource is at fault: {said[:600]}")

    def _too_late(self) -> Exception:
        if self.late is None and self.error is None and not self.is_waiting:
            return InternalError("the engine did not finish in time, and it was not waiting for the program")
        return ProgramError(
            "The program did not come to its end within the time limit.", self.late, self.environment
        )


def leave_something_pending() -> None:
    """The SDK sends a stack's outputs at the very end, and waits for them only if something is still pending."""
    pending: Any = asyncio.sleep(0)
    pulumi.Output.from_input(pending)


def close(loop: asyncio.AbstractEventLoop) -> None:
    """Ends what is left in a loop that has stopped, and closes it: nothing of it is collected in a later run."""

    async def cancel_all() -> None:
        pending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in pending:
            task.cancel()
        if pending:
            await asyncio.wait(pending, timeout=2)

    loop.set_exception_handler(lambda loop, context: None)  # the SDK's would stop the loop again
    ending = cancel_all()
    try:
        with suppress(
            RuntimeError
        ):  # the SDK has stopped or closed the loop once more: it did so before we came
            loop.run_until_complete(ending)
    finally:
        ending.close()  # where it has not begun, Python would warn of that
        loop.close()


def raise_in(thread: int | None, exception: type[BaseException]) -> None:
    """Raises an exception in another thread, at its next step; in none if it has ended."""
    if thread is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


def _check_signature(program: Program) -> None:
    if not callable(program):
        raise ProgramError(f"`program` must be a function, but it is {type(program).__name__}.")
    try:
        inspect.signature(program).bind("dev")
    except TypeError:
        raise ProgramError(
            "`program` must take one argument, the environment suffix: def program(environment_suffix): ..."
        ) from None
    except ValueError:  # a callable without a signature; calling it will tell
        return
