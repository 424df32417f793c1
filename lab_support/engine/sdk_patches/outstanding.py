"""Waiting for what a program has begun: each task is watched once, not once for every task that ends before it.

The SDK (pulumi 3.259.0, runtime/stack.py) calls `asyncio.wait` on all tasks that are outstanding, and as soon as some
have ended, on all the others again. A resource has about twenty tasks, so the callbacks that are added and removed grow
with the square of the resources.
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

    As in the SDK an output that failed because the engine did not register its resource is no error.
    """
    log.debug("Waiting for outstanding RPCs to complete")
    calls = SETTINGS.rpc_manager
    while True:
        while calls.rpcs:
            await asyncio.sleep(0)  # whatever is ready to be sent is sent first
            try:
                await calls.rpcs.pop()
            except Exception as error:
                if calls.unhandled_exception is None:
                    raise
                first = calls.unhandled_exception.with_traceback(calls.exception_traceback)
                if first is error:  # the SDK would make it the cause of itself, and hide its own
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
    """Outputs that are added while we wait are waited for, too. An error ends the waiting at once."""
    watched: set[Task] = set()
    ended: deque[Task] = deque()
    waking: asyncio.Future[None] | None = None

    def note(task: Task) -> None:
        ended.append(task)
        if waking is not None and not waking.done():
            waking.set_result(None)

    try:
        while True:
            for task in _taken():
                watched.add(task)
                task.add_done_callback(note)
            if not watched:
                return
            waking = asyncio.get_running_loop().create_future()
            await waking
            while ended:
                task = ended.popleft()
                watched.discard(task)
                with suppress(stack.ResourceRegistrationFailed):
                    await task
    finally:
        for task in watched:
            task.remove_done_callback(note)


def _taken() -> list[Task]:
    """The outputs that the SDK has noted as pending, which from now on are ours to wait for."""
    with SETTINGS.lock:
        taken: list[Task] = list(SETTINGS.outputs)
        SETTINGS.outputs.clear()
    return taken
