"""Loads the parts of pulumi_aws that a program uses, before several threads use them at once.

pulumi_aws loads `aws.ec2` when it is first touched, and that is not safe with threads: a second one that comes
while the first is loading sees an empty module ("module 'pulumi_aws.ec2' has no attribute 'Vpc'").
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from typing import Any


def load_what_is_used_by(program: Callable[..., Any]) -> None:
    """Loads each lazy module of which the last name occurs in the program or in code defined beside it."""
    lazy = {
        name.rpartition(".")[2]: module
        for name, module in list(sys.modules.items())
        if name.startswith("pulumi_aws.") and type(module).__name__ == "_LazyModule"
    }
    if not lazy:
        return
    used = {name for code in _codes_around(program) for name in _names_in(code)}
    for name in used & lazy.keys():
        hasattr(lazy[name], "anything")  # asking loads it


def _codes_around(program: Callable[..., Any]) -> Iterator[types.CodeType]:
    """The code of the program, and of the functions and classes that were defined in the same place."""
    function = getattr(program, "__func__", program)
    namespace = getattr(function, "__globals__", {})
    for thing in [function, *namespace.values()]:
        for each in vars(thing).values() if isinstance(thing, type) else (thing,):
            code = getattr(getattr(each, "__func__", each), "__code__", None)
            if isinstance(code, types.CodeType):
                yield code


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, types.CodeType):
            yield from _names_in(constant)
