"""Repair: where a project of the user's is previewed, a function in `apply` that fails has an unknown result.

The mock account answers with the values that AWS would have after creation, so functions run that `pulumi preview`
never calls. What they ask with such a value (AWS itself, a file, an index) may not exist. The SDK has no way to say
that a value is known to some and unknown to others.
"""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable
from contextvars import ContextVar
from types import FrameType
from typing import Any, Final

import pulumi

from lab_support.errors import is_user_code
from lab_support.plan.diagnostic import Location

# Decides about an exception, given the line that called `apply`: whether the result is unknown.
Decide = Callable[[Exception, Location | None], bool]

_real_apply: Final = pulumi.Output.apply
# Set by the program's own coroutine: whatever the program starts there inherits it.
tolerance: ContextVar[Decide | None] = ContextVar("tolerance", default=None)


def apply(self: Any, func: Callable[[Any], Any], run_with_unknowns: bool = False) -> Any:
    """`Output.apply`; under a `tolerance`, an exception that it accepts makes the result unknown."""
    decide = tolerance.get()
    if decide is None:
        return _real_apply(self, func, run_with_unknowns)
    caller = _caller(sys._getframe(1))

    def tolerant(value: Any) -> Any:
        try:
            result = func(value)
        except Exception as error:
            if decide(error, caller):
                return _unknown()
            raise
        return awaited(result) if inspect.isawaitable(result) else result

    async def awaited(result: Any) -> Any:
        try:
            return await result
        except Exception as error:
            if decide(error, caller):
                return pulumi.UNKNOWN
            raise

    return _real_apply(self, tolerant, run_with_unknowns)


def _unknown() -> pulumi.Output[Any]:
    unknown: Any = pulumi.UNKNOWN
    return pulumi.Output.from_input(unknown)


def _caller(frame: FrameType | None) -> Location | None:
    """The innermost line of the program's own code from this frame outwards."""
    while frame is not None:
        if is_user_code(frame.f_code.co_filename):
            file, line = frame.f_code.co_filename, frame.f_lineno
            return Location(file, line, linecache.getline(file, line).strip())
        frame = frame.f_back
    return None
