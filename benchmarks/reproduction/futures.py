"""Each property of a resource costs Pulumi's Python SDK four futures and a task: python futures.py

Needs the package `pulumi` (written for 3.259.0) and nothing else. `one_future` could replace `transfer_properties`.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pulumi.output import Output, _OutputData
from pulumi.resource import DependencyResource, Resource
from pulumi.runtime import rpc

RESOURCES = 1_000
PROPERTIES = {f"property_{number}": None for number in range(12)}


def one_future(res: Resource, props: Any, custom: bool) -> dict[str, Callable[..., None]]:
    """What `transfer_properties` does, with one future for each property."""
    resolvers = {}
    for name in props:
        future: asyncio.Future[_OutputData[Any]] = asyncio.Future()

        def resolve(
            value: Any, known: bool, secret: bool, deps: Any, failed: Any, future: Any = future
        ) -> None:
            if failed is not None:
                future.set_exception(failed)
            else:
                future.set_result(_OutputData({*(deps or ()), res}, value, known, secret))

        resolvers[name] = resolve
        res.__dict__[name] = Output._from_data(future)
    return resolvers


async def measure(transfer: Callable[..., dict[str, Callable[..., None]]]) -> tuple[int, float]:
    """Tasks, and seconds of processor time, from making the outputs of all resources to their values."""
    resources = [DependencyResource(f"urn:{number}") for number in range(RESOURCES)]
    await asyncio.sleep(0.1)
    before, start = len(asyncio.all_tasks()), time.process_time()
    resolvers = [transfer(resource, PROPERTIES, True) for resource in resources]
    tasks = len(asyncio.all_tasks()) - before
    for resolve in [resolve for by_name in resolvers for resolve in by_name.values()]:
        resolve("a value", True, False, None, None)
    await asyncio.gather(*(res.__dict__[name].future() for res in resources for name in PROPERTIES))
    return tasks, time.process_time() - start


if __name__ == "__main__":
    for name, transfer in (("the SDK", rpc.transfer_properties), ("one future", one_future)):
        tasks, seconds = asyncio.run(measure(transfer))
        print(f"{name:12} {tasks:6} tasks  {seconds / RESOURCES * 1000:5.2f} ms for each resource")
