"""The SDK's `wait_for_rpcs` watches each pending task once, and raises what it raised before."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings, stack

from lab_support.engine.sdk_patches.pending_tasks import wait_for_rpcs
from tests.engine.sdk_patches.sdk import as_is, in_a_run


class Counted(asyncio.Future[Any]):
    """An output's future that counts how often it is watched anew."""

    watched = 0

    def add_done_callback(self, *arguments: Any, **options: Any) -> None:
        self.watched += 1
        super().add_done_callback(*arguments, **options)


async def times_watched(wait: Callable[[], Coroutine[Any, Any, None]], number: int) -> int:
    """How often the futures are watched until all of them have ended, one after the other."""
    futures = [Counted() for _ in range(number)]
    settings.SETTINGS.outputs.update(futures)

    async def end() -> None:
        for future in futures:
            await asyncio.sleep(0.001)
            future.set_result(None)

    ending = asyncio.create_task(end())
    await wait()
    await ending
    assert all(future.done() for future in futures)
    return sum(future.watched for future in futures)


@pytest.mark.parametrize("number", [10, 100])
def test_each_output_is_watched_once(number: int) -> None:
    assert in_a_run(lambda: times_watched(wait_for_rpcs, number)) == number


def test_the_sdk_still_watches_every_pending_output_again_each_time() -> None:
    own = as_is("pulumi.runtime.stack").wait_for_rpcs
    assert in_a_run(lambda: times_watched(own, 100)) > 20 * 100


def test_an_error_is_raised_while_other_outputs_are_pending() -> None:
    async def work() -> None:
        pulumi.Output.from_input(asyncio.get_running_loop().create_future())  # never ends
        pulumi.Output.from_input(1).apply(lambda one: one / 0)
        await wait_for_rpcs()

    with pytest.raises(ZeroDivisionError):
        in_a_run(work)


def test_an_output_created_during_the_wait_is_waited_for() -> None:
    seen = []

    async def slowly(value: int) -> int:
        await asyncio.sleep(0.01)
        seen.append(value)
        return value

    async def work() -> None:
        pulumi.Output.from_input(slowly(1)).apply(lambda one: pulumi.Output.from_input(slowly(one + 1)))
        await wait_for_rpcs()
        assert not settings.SETTINGS.outputs

    in_a_run(work)
    assert seen == [1, 2]


def test_an_output_of_an_unregistered_resource_raises_nothing() -> None:
    async def work() -> None:
        failed = asyncio.get_running_loop().create_future()
        settings.SETTINGS.outputs.add(failed)
        failed.set_exception(stack.ResourceRegistrationFailed("not this one"))
        await wait_for_rpcs()

    in_a_run(work)


def test_the_first_failed_call_is_the_cause_of_the_one_raised() -> None:
    async def fail(error: Exception) -> None:
        raise error

    first, second = ValueError("first"), KeyError("second")

    async def work() -> None:
        calls = settings._get_rpc_manager()
        for error in (first, second):
            await calls.do_rpc("a call", fail)(error)
        await wait_for_rpcs()

    with pytest.raises(KeyError) as caught:
        in_a_run(work)
    assert caught.value is second
    assert caught.value.__cause__ is first


def test_an_error_keeps_its_cause_and_its_traceback() -> None:
    async def fail() -> None:
        raise KeyError("told") from ValueError("the cause")

    async def work() -> None:
        await settings._get_rpc_manager().do_rpc("a call", fail)()
        with suppress(KeyError):
            await settings._get_rpc_manager().rpcs[0]  # the first to await it takes the traceback along
        await wait_for_rpcs()

    with pytest.raises(KeyError) as caught:
        in_a_run(work)
    assert isinstance(caught.value.__cause__, ValueError)
    assert "fail" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


def test_pending_outputs_are_not_waited_for_on_request() -> None:
    async def work() -> None:
        pulumi.Output.from_input(asyncio.get_running_loop().create_future())  # never ends
        await wait_for_rpcs(await_all_outstanding_tasks=False)

    in_a_run(work)
