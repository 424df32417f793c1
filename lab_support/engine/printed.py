"""Keeps what a program prints while it runs.

In a deployment it is part of the log: the terminal and a CI system show it, and the engine takes it from the language
host as messages about the stack. Standard output stays what it was; what is written to it from the context of a run is
also noted. Threads of the program's own have no such context, so what they print is not noted.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_MOST: Final = 100_000  # characters that are kept of one run
_NAMES: Final = ("stdout", "stderr")


class Printed:
    """What was printed in one run."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._left = _MOST

    def add(self, text: str) -> None:
        """Notes a text, as far as there is room for it."""
        if self._left > 0:
            self._keep(text[: self._left])
            self._left -= len(text)

    def _keep(self, text: str) -> None:
        self._texts.append(text)

    @property
    def text(self) -> str:
        """All of it, in the order in which it was printed."""
        return "".join(self._texts)


_current: ContextVar[Printed | None] = ContextVar("printed", default=None)


def note_in_this_context(printed: Printed) -> None:
    """From now on, what is printed in the current context, and in contexts that are copied from it, is noted there."""
    _current.set(printed)


def note(text: str) -> None:
    """Notes a text as printed in the current context."""
    if (printed := _current.get()) is not None:
        printed.add(text)


class _Noting:
    """A text stream that notes what is written to it."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write(self, text: str) -> Any:
        written = self.stream.write(text)
        note(text)
        return written

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


_lock = threading.Lock()
_blocks = 0


@contextmanager
def watched_streams() -> Iterator[None]:
    """Notes what is printed until the block ends; blocks may overlap, also on several threads."""
    global _blocks
    with _lock:
        _blocks += 1
        for name in _NAMES:
            stream = getattr(sys, name, None)
            if stream is not None and not isinstance(stream, _Noting):
                setattr(sys, name, _Noting(stream))
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            for name in _NAMES:
                stream = getattr(sys, name, None)
                if _blocks == 0 and isinstance(stream, _Noting):  # a program may have put another one there
                    setattr(sys, name, stream.stream)


__all__ = ["Printed", "note", "note_in_this_context", "watched_streams"]
