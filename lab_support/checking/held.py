"""What a value of one of Python's own types holds: items, arguments, attributes."""

from __future__ import annotations

import contextvars
import sys
from collections import UserString
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import PurePath
from typing import Any


def is_of_python(kind: type) -> bool:
    """Whether a type is Python's own, so that asking its values what they hold runs no code of the program."""
    return kind.__module__.partition(".")[0] in sys.stdlib_module_names


def is_collection(value: Any) -> bool:
    """Whether a value is a list, a set, a view, an array or the like. (A range may have no end to speak of.)"""
    is_other = isinstance(value, (range, UserString))
    return isinstance(value, Collection) and is_of_python(type(value)) and not is_other


def held_by(value: Any) -> Iterator[Any]:
    """What a value holds that is neither text nor number nor collection, as its type says when it is copied."""
    if isinstance(value, contextvars.ContextVar):
        with suppress(LookupError):
            yield value.get()
        return
    if isinstance(value, UserString):
        yield str(value)
        return
    if isinstance(value, PurePath):
        yield value.stem
    with suppress(Exception):  # locks, files and the like cannot be copied
        yield value.__reduce_ex__(2)[1:3]
        return
    # Literal["qa"], Annotated[str, "qa"], threading.local()
    for name in ("__args__", "__metadata__", "__dict__"):
        yield getattr(value, name, None)


def joined(parts: Collection[Any], *, in_order: bool) -> str:
    """The word of which these are the letters; empty if they are no letters."""
    is_word = len(parts) > 1 and all(isinstance(part, str) and len(part) == 1 for part in parts)
    return "".join(parts if in_order else sorted(parts)) if is_word else ""
