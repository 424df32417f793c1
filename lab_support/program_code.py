"""The text of a program that is a function: the cells or files that define it and what it is built from."""

from __future__ import annotations

import ast
import inspect
import linecache
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any

from lab_support.errors import is_user_code
from lab_support.safeguards.files import read_text

# What reading code may raise that is not Python, has null characters or lone surrogates, or is nested without end.
NOT_CODE = (SyntaxError, ValueError, RecursionError, MemoryError)


def parsed(path: Path) -> ast.Module | None:
    """The syntax tree of a file; None where it is no Python that can be read, which running it reports.

    The tree is shared with others who ask for it, so it must not be changed.
    """
    try:
        return _tree_of(read_text(path))
    except NOT_CODE:
        return None


@lru_cache(maxsize=32)  # a review asks eight times for the same files
def _tree_of(text: str) -> ast.Module:
    return ast.parse(text)


def unparsed(node: ast.AST) -> str:
    """The code of a syntax tree; empty where it is nested too deeply."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return ""


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
    if not is_user_code(code.co_filename):
        return
    for name in _names_used_in(code):
        used = names.get(name)
        if isinstance(used, (type, types.FunctionType)):
            yield from _files_of(used, seen)
    yield code.co_filename


def _names_used_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_used_in(constant)


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


def why_unusable(program: Any) -> str:
    """Why a value cannot be the function `program`, in a sentence; empty if it can."""
    if not callable(program):
        return f"`program` must be a function, but it is {type(program).__name__}."
    try:
        inspect.signature(program).bind("dev")
    except TypeError:
        return (
            "`program` must take one argument, the environment suffix: def program(environment_suffix): ..."
        )
    except ValueError:
        pass  # a callable without a signature: calling it shows whether it takes one
    return ""


class ProgramElsewhere:
    """A program whose code runs in another process: what is known of the code is given.

    `names` are the names and words in it, and `reached` is what `reached_by` would find.
    """

    names: frozenset[str]
    reached: Any

    def __call__(self, environment_suffix: str) -> Any:
        """Runs it there, within the run of the engine that is going on here."""
        raise NotImplementedError

    def at_another_time(self, seconds: float) -> AbstractContextManager[None]:
        """In this block its clock is ahead by so much."""
        raise NotImplementedError


def is_called_back_by_engine(program: Callable[..., Any]) -> bool:
    """Whether the engine may call back into the program while it runs: transforms and hooks.

    The SDK serves these calls with grpc.aio, which belongs to one event loop at a time: two such programs at once
    in a process get each other's futures.
    """
    return not _CALLBACKS.isdisjoint(names_around(program))


def names_around(program: Callable[..., Any]) -> set[str]:
    """The names and the words that occur in the program and in the code that was defined in the same place."""
    if isinstance(program, ProgramElsewhere):
        return set(program.names)
    return {name for code in codes_around(program) for name in names_in(code)}


def codes_around(program: Callable[..., Any]) -> Iterator[types.CodeType]:
    """The code of the program, and of the functions and classes that were defined in the same place."""
    function = function_of(program)
    namespace = getattr(function, "__globals__", {})
    for value in [function, *list(namespace.values())]:
        if isinstance(value, type) and value.__module__.startswith("lab_support."):
            continue  # what Python writes for our dataclasses seems to come from nowhere
        for member in vars(value).values() if isinstance(value, type) else (value,):
            code = getattr(function_of(member), "__code__", None)
            if isinstance(code, types.CodeType) and is_user_code(code.co_filename):
                yield code


def function_of(called: Any) -> Any:
    """The function that is called in the end: behind partial, decorators, bound methods and callable objects."""
    for _ in range(10):  # a chain of wrappers ends, unless it is circular
        if isinstance(called, (types.ModuleType, type)):
            return called  # modules that load when they are asked are not asked
        inner = next(
            (wrapped for name in _WRAPPED_IN if (wrapped := getattr(called, name, None)) is not None), None
        )
        if inner is None:
            break
        called = inner
    if hasattr(called, "__code__") or not callable(called):
        return called
    return type(called).__call__


_WRAPPED_IN = ("func", "__wrapped__", "__func__")


def names_in(code: types.CodeType) -> Iterator[str]:
    """The names and the words that occur in a piece of code."""
    yield from code.co_names
    for constant in code.co_consts:
        for part in constant if isinstance(constant, (tuple, frozenset)) else (constant,):
            if isinstance(part, str):
                yield part
            elif isinstance(part, types.CodeType):
                yield from names_in(part)
