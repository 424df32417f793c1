"""Runs a module that reads requests from standard input, and ends it with the process that writes them.

    python -m lab_support.safeguards.lifeline MODULE ARGUMENT...

runs `MODULE.main()`. Loading such a module takes seconds on a busy machine, and only then does it notice the end of its
input. So until it says that it is `loaded`, a thread watches the other end.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from importlib import import_module
from typing import Final

_BETWEEN_LOOKS: Final = 100  # milliseconds


class Lifeline:
    """Ends this process once nobody can write to its standard input any more, until it is closed."""

    def __init__(self) -> None:
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(0, 0)  # no events, so that only the end of the other side is reported
        while not self._is_closed.is_set():
            if poll.poll(_BETWEEN_LOOKS):
                os._exit(1)

    def close(self) -> None:
        """Ends the watch; returns when its thread has ended, so that a fork copies none of its locks."""
        self._is_closed.set()
        self._thread.join()


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module so, with the Python that runs this one and nothing of the working folder."""
    return [sys.executable, "-P", "-X", "utf8", "-m", "lab_support.safeguards.lifeline", module, *arguments]


_while_loading: Lifeline | None = None


def loaded() -> None:
    """Says that the module has been loaded."""
    if _while_loading is not None:
        _while_loading.close()


def main() -> None:
    global _while_loading
    _while_loading = Lifeline()
    sys.argv[:] = sys.argv[1:]
    import_module(sys.argv[0]).main()


if __name__ == "__main__":
    sys.modules["lab_support.safeguards.lifeline"] = sys.modules["__main__"]  # for what the module imports
    main()
