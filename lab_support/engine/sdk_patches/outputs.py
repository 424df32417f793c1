"""Speed: a property of a resource has one future, not four and a task.

The SDK gives each property a future for its value, for whether it is known, for whether it is secret and for what it
depends on, and a task that puts them together (pulumi/runtime/rpc.py, `transfer_properties`); all four are always set
at once. Each output also looks up the settings again to take itself off the list of pending ones (pulumi/output.py).
docs/upstream/outputs.md is the report.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from pulumi.output import Output, _OutputData
from pulumi.resource import Resource
from pulumi.runtime import rpc
from pulumi.runtime.settings import SETTINGS

Data = asyncio.Future[_OutputData[Any]]
Resolver = Callable[[Any, bool, bool, "set[Resource] | None", "Exception | None"], None]

# A value of such a type contains no other value, and cannot be unknown.
PLAIN = frozenset((str, bool, int, float, type(None)))
_contains_unknowns = rpc.contains_unknowns


def transfer_properties(res: Resource, props: Mapping[str, Any], custom: bool) -> dict[str, Resolver]:
    """Sets an output for each property on the resource; returns the functions that resolve them."""
    resolvers = {}
    for name in props:
        if name == "urn" or (name == "id" and custom):
            continue  # as in the SDK, which sets these elsewhere
        resolvers[name], res.__dict__[name] = _pending_output(res)
    return resolvers


def _pending_output(res: Resource) -> tuple[Resolver, Output[Any]]:
    future: Data = asyncio.Future()

    def resolve(
        value: Any, is_known: bool, is_secret: bool, deps: set[Resource] | None, failed: Exception | None
    ) -> None:
        if failed is not None:
            future.set_exception(failed)
        else:
            future.set_result(_OutputData({*deps, res} if deps else {res}, value, is_known, is_secret))

    return resolve, Output._from_data(future)


def track(output: Output[Any]) -> None:
    """Lists an output as pending until it has its value. One that fails stays listed, so that its error is raised."""
    outputs, lock = SETTINGS.outputs, SETTINGS.lock
    data: Data = output._data
    with lock:
        outputs.add(data)

    def forget(done: Data) -> None:
        if not done.cancelled() and done.exception() is None:
            with lock:
                outputs.discard(done)

    data.add_done_callback(forget)


def contains_unknowns(val: Any) -> bool:
    """Whether a value, or any value inside it, is unknown."""
    return type(val) not in PLAIN and bool(_contains_unknowns(val))
