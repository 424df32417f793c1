"""Outputs of resources with fewer parts: one future for each property instead of four and a task.

The SDK (pulumi 3.259.0) gives every property of a resource a future for its value, for whether it is known, for
whether it is secret and for what it depends on, and a task that puts them together (runtime/rpc.py); all four are
always set at once. Every output takes itself off a list when it has its value, and looks the list up again (output.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from pulumi.output import Output, _OutputData
from pulumi.resource import Resource
from pulumi.runtime import resource, rpc
from pulumi.runtime.settings import SETTINGS

Data = asyncio.Future[_OutputData[Any]]
Resolver = Callable[[Any, bool, bool, "set[Resource] | None", "Exception | None"], None]

# A value of such a type is what it is: it holds no other, and cannot be unknown.
PLAIN = frozenset((str, bool, int, float, type(None)))
_contains_unknowns, _create_urn = rpc.contains_unknowns, resource.create_urn


def transfer_properties(res: Resource, props: Mapping[str, Any], custom: bool) -> dict[str, Resolver]:
    """Puts an output for each property on the resource; returns the functions that give them their values."""
    resolvers = {}
    for name in props:
        if name == "urn" or (name == "id" and custom):
            continue  # as in the SDK: these come from elsewhere
        resolvers[name], res.__dict__[name] = _output_of(res)
    return resolvers


def _output_of(res: Resource) -> tuple[Resolver, Output[Any]]:
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
    """Notes an output as pending until it has its value; one that fails stays noted, so that somebody notices."""
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
    """Whether something in a value is unknown."""
    return type(val) not in PLAIN and bool(_contains_unknowns(val))


def create_urn(
    name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None
) -> Output[str]:
    """The URN of a resource; of plain parts it is put together at once.

    The SDK makes one for each resource, from six outputs, and uses it in tests without an engine only.
    """
    if type(name) is str and type(type_) is str and type(parent) is str:
        return Output.from_input(f"{parent[0 : parent.rfind('::')]}${type_}::{name}")
    return _create_urn(name, type_, parent, project, stack)
