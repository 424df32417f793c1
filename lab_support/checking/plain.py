"""Copies of variables' values that are only data: what is computed with them changes nothing of the program's own."""

from __future__ import annotations

import enum
import types
from typing import Any, Final

_MOST_ITEMS: Final = 10_000
_SCALARS: Final = (bool, int, float, str, bytes, types.NoneType)
_LISTS: Final = (tuple, list, set, frozenset)


class NotPlain(Exception):
    """A value that is not data, or too much of it."""


def plain_copy(value: Any) -> Any:
    """A copy of a text, a number, a member of an enumeration, or a container of these, all the way down.

    In containers, None replaces what is not data. Raises NotPlain.
    """
    if not _is_plain(value):
        raise NotPlain
    try:
        return _Copying().copied(value)
    except RecursionError:
        raise NotPlain from None


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind in (*_SCALARS, *_LISTS, dict):
        return True
    is_record = isinstance(value, tuple) and hasattr(kind, "_make")
    return (is_record or isinstance(value, enum.Enum)) and not _has_methods(kind)


def _has_methods(kind: type) -> bool:
    """Whether a class has methods or properties of the program's own."""
    return any(
        isinstance(value, (types.FunctionType, property, classmethod, staticmethod))
        for base in kind.__mro__
        if base.__module__ not in ("builtins", "enum")
        for name, value in vars(base).items()
        if not name.startswith("_")
    )


class _Copying:
    def __init__(self) -> None:
        self.items = 0

    def copied(self, value: Any) -> Any:
        self.items += 1
        if self.items > _MOST_ITEMS:
            raise NotPlain
        kind = type(value)
        if not _is_plain(value):
            return None
        if kind is dict:
            return {self.copied(key): self.copied(inner) for key, inner in value.items() if _is_plain(key)}
        if kind in _LISTS:
            return kind(map(self.copied, value))
        return kind._make(map(self.copied, value)) if isinstance(value, tuple) else value
