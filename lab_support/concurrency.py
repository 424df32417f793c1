"""What must be known of a program before several threads run it: modules to load, calls back from the engine.

pulumi_aws loads `aws.ec2` when it is first touched, and that is not safe with threads: a second one that comes
while the first is loading sees an empty module ("module 'pulumi_aws.ec2' has no attribute 'Vpc'"). What loads on demand
(sdk_speed/on_demand.py) may be touched by any of them; a process that is about to be forked is glad of it all the same.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from lab_support.faults import is_theirs


def load_what_is_used_by(program: Callable[..., Any]) -> None:
    """Loads what the program, or code defined beside it, names of pulumi_aws: lazy modules, or the files of them."""
    services = {
        name.rpartition(".")[2]: module
        for name, module in list(sys.modules.items())
        if name.startswith("pulumi_aws.") and type(module).__name__ in ("_LazyModule", "Service")
    }
    if not services:
        return
    from lab_support.sdk_speed.on_demand import (  # there is a program, so pulumi is there
        Service,
        load_files_named,
    )

    used = names_around(program)
    for name in used & services.keys():
        if isinstance(services[name], Service):
            load_files_named(services[name], used)
        else:
            hasattr(services[name], "anything")  # asking loads it


# Arguments and functions by which the engine calls back into the program.
_CALLBACKS = frozenset(
    {
        "transforms",
        "hooks",
        "ResourceHook",
        "ErrorHook",
        "register_resource_transform",
        "register_stack_transform",
        "register_invoke_transform",
    }
)


def is_called_back_by_engine(program: Callable[..., Any]) -> bool:
    """Whether the engine may call back into the program while it runs: transforms and hooks.

    The SDK serves these calls with grpc.aio, which belongs to one event loop at a time: two such programs at once
    in a process get each other's futures.
    """
    return not _CALLBACKS.isdisjoint(names_around(program))


def names_around(program: Callable[..., Any]) -> set[str]:
    """The names and the words that occur in the program and in the code that was defined in the same place."""
    return {name for code in codes_around(program) for name in _names_in(code)}


def codes_around(program: Callable[..., Any]) -> Iterator[types.CodeType]:
    """The code of the program, and of the functions and classes that were defined in the same place."""
    function = _function_of(program)
    namespace = getattr(function, "__globals__", {})
    for thing in [function, *list(namespace.values())]:
        if isinstance(thing, type) and thing.__module__.startswith("lab_support."):
            continue  # what Python writes for our dataclasses seems to come from nowhere
        for each in vars(thing).values() if isinstance(thing, type) else (thing,):
            code = getattr(_function_of(each), "__code__", None)
            if isinstance(code, types.CodeType) and is_theirs(code.co_filename):
                yield code


def _function_of(thing: Any) -> Any:
    """The function that is called in the end: behind partial, decorators, bound methods and callable objects."""
    for _ in range(10):  # a chain of wrappers ends, unless somebody has tied it into a ring
        if isinstance(thing, (types.ModuleType, type)):
            return thing  # modules that load when they are asked are not asked
        inner = next((each for name in _WRAPPED_IN if (each := getattr(thing, name, None)) is not None), None)
        if inner is None:
            break
        thing = inner
    if hasattr(thing, "__code__") or not callable(thing):
        return thing
    return type(thing).__call__


_WRAPPED_IN = ("func", "__wrapped__", "__func__")


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        for each in constant if isinstance(constant, (tuple, frozenset)) else (constant,):
            if isinstance(each, str):
                yield each
            elif isinstance(each, types.CodeType):
                yield from _names_in(each)
