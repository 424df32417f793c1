"""The text of a program that is a function: the cells or files that define it and what it is built from."""

from __future__ import annotations

import inspect
import linecache
import types
from collections.abc import Iterator
from typing import Any

from lab_support.faults import is_theirs


def source_of(program: Any) -> str | None:
    """The cells or files that define a program, what they build on first; None where they cannot be read."""
    files = dict.fromkeys(_files_of(program, set()))
    texts = ("".join(linecache.getlines(name)).strip("\n") for name in files)
    return "\n\n".join(filter(None, texts)) or None


def _files_of(thing: Any, seen: set[int]) -> Iterator[str]:
    """The files of the learner's that hold the definition of a function or class, and of those that it uses."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, type):
        for part in (*thing.__bases__, *vars(thing).values()):
            if isinstance(part, (type, types.FunctionType, staticmethod, classmethod)):
                yield from _files_of(part, seen)
        return
    try:
        function = inspect.unwrap(thing)
        code, names = function.__code__, function.__globals__
    except (AttributeError, ValueError):
        return
    if not is_theirs(code.co_filename):
        return
    for name in _names_in(code):
        used = names.get(name)
        if isinstance(used, (type, types.FunctionType)):
            yield from _files_of(used, seen)
    yield code.co_filename


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)
