"""Speed: each pending task is watched once, not again each time that another one ends.

At the end of a program `wait_for_rpcs` (pulumi/runtime/stack.py, since 3.68 or earlier) calls `asyncio.wait(...,
FIRST_COMPLETED)` on all pending outputs, and as soon as some are done, on all the others again. A resource has about
twenty of them, so the work grows with the square of the resources. docs/upstream/pending_tasks.md is the report.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from pulumi import log
from pulumi.runtime import stack
from pulumi.runtime.settings import SETTINGS

Task = asyncio.Future[Any]


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Returns when no call to the engine and, if wanted, no output is pending; raises the first error among them.

    As in the SDK, an output that failed because the engine did not register its resource is no error.
    """
    log.debug("Waiting for outstanding RPCs to complete")
    calls = SETTINGS.rpc_manager
    while True:
        while calls.rpcs:
            await asyncio.sleep(0)  # lets pending calls be sent first
            try:
                await calls.rpcs.pop()
            except Exception as error:
                if calls.unhandled_exception is None:
                    raise
                first = calls.unhandled_exception.with_traceback(calls.exception_traceback)
                if first is error:  # the SDK would make it its own cause, and hide the real one
                    raise
                raise error from first
        if calls.unhandled_exception is not None:
            raise calls.unhandled_exception.with_traceback(calls.exception_traceback)
        log.debug("RPCs successfully completed")
        if await_all_outstanding_tasks:
            await _wait_for_outputs()
            log.debug("All outstanding outputs completed.")
        if not calls.rpcs:
            return


async def _wait_for_outputs() -> None:
    """Waits for pending outputs and for those that are added meanwhile. An error ends the waiting at once."""
    watched: set[Task] = set()
    done: deque[Task] = deque()
    wake_up: asyncio.Future[None] | None = None

    def note(task: Task) -> None:
        done.append(task)
        if wake_up is not None and not wake_up.done():
            wake_up.set_result(None)

    try:
        while True:
            for task in _take_pending():
                watched.add(task)
                task.add_done_callback(note)
            if not watched:
                return
            wake_up = asyncio.get_running_loop().create_future()
            await wake_up
            while done:
                task = done.popleft()
                watched.discard(task)
                with suppress(stack.ResourceRegistrationFailed):
                    await task
    finally:
        for task in watched:
            task.remove_done_callback(note)


def _take_pending() -> list[Task]:
    """The outputs that the SDK has noted as pending; from here on, waiting for them is this function's job."""
    with SETTINGS.lock:
        pending: list[Task] = list(SETTINGS.outputs)
        SETTINGS.outputs.clear()
    return pending
