"""Tells how far long work has come: to whoever asked for it, else to a learner who waits before a notebook.

    with telling("Preview of dev") as say:
        say("12 resources")

In a notebook the news appears below the cell once the work has taken a second, and disappears with its end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from lab_support.faults import Interrupted

Report = Callable[[str], None]

_asked_for: Final[ContextVar[Report | None]] = ContextVar("asked_for", default=None)


@contextmanager
def reporting_to(report: Report) -> Iterator[None]:
    """All news of work that begins in this block goes to `report`, a line of text at a time."""
    token = _asked_for.set(report)
    try:
        yield
    finally:
        _asked_for.reset(token)


@contextmanager
def telling(what: str, to: Report | None = None) -> Iterator[Report]:
    """A function that takes news of `what`: it goes to `to`, else to reporting_to()'s, else to the notebook.

    Whoever interrupts the work meets Interrupted, one line in place of a traceback through all of it.
    """
    chosen = to or _asked_for.get()
    waiting = None
    if chosen is None and is_watched():
        from lab_support.display.waiting import Waiting  # draws; nobody else needs it

        waiting = Waiting(what)
        chosen = waiting.say
    try:
        yield chosen or to_nobody
    except Interrupted:
        raise
    except KeyboardInterrupt:
        raise Interrupted from None
    finally:
        if waiting is not None:
            waiting.end()


@contextmanager
def on_terminal(what: str) -> Iterator[None]:
    """News of work in this block goes to a terminal, as one line that changes; where there is none, nowhere."""
    if not sys.stderr.isatty():
        yield
        return
    from lab_support.toolchain.progress_line import ProgressLine

    line = ProgressLine(sys.stderr)
    try:
        with reporting_to(lambda news: line(f"{what}: {news}")):
            yield
    finally:
        line.close()


def is_watched() -> bool:
    """Whether a person sees the outputs of this process as they come: a kernel that a Jupyter server has started.

    A kernel that runs a notebook as a test (nbval, nbclient) has no session with a server.
    """
    if "JPY_SESSION_NAME" not in os.environ or "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def to_nobody(news: str) -> None:
    """Where nobody waits, news goes nowhere."""
