"""What people see of the lab's work: progress while it runs, and results at the end.

    with progress("Preview of dev") as report:
        report("12 resources")
    present(verdict)

display/ registers the views for notebooks; cli/ and the panel send progress to sinks of their own. Without either,
progress goes nowhere, and a result is printed as text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Protocol

from lab_support.errors import Interrupted

Report = Callable[[str], None]


class ProgressView(Protocol):
    """A view of work in progress: `report` updates it, `end` removes it."""

    def report(self, message: str) -> None: ...

    def end(self) -> None: ...


_view_of: Callable[[Any], Any] | None = None
_progress_view: Callable[[str], ProgressView] | None = None
_sink: Final[ContextVar[Report | None]] = ContextVar("sink", default=None)
_quiet: Final[ContextVar[bool]] = ContextVar("quiet", default=False)


def register_views(view_of: Callable[[Any], Any], progress_view: Callable[[str], ProgressView]) -> None:
    """Makes notebooks show results as `view_of(result)` and progress in a `progress_view(title)`."""
    global _view_of, _progress_view
    _view_of, _progress_view = view_of, progress_view


@contextmanager
def reporting_to(report: Report) -> Iterator[None]:
    """Sends the progress of all work started in this block to `report`, one line of text at a time."""
    token = _sink.set(report)
    try:
        yield
    finally:
        _sink.reset(token)


@contextmanager
def progress(title: str, report: Report | None = None) -> Iterator[Report]:
    """A function that reports the progress of `title`: to `report`, else to reporting_to()'s, else in the notebook.

    A KeyboardInterrupt in the block becomes Interrupted: one line instead of a traceback through the lab.
    """
    chosen = report or _sink.get()
    view = None
    if chosen is None and _progress_view is not None and is_watched():
        view = _progress_view(title)
        chosen = view.report
    try:
        yield chosen or null_reporter
    except Interrupted:
        raise
    except KeyboardInterrupt:
        raise Interrupted from None
    finally:
        if view is not None:
            view.end()


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 point`, `2 points`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def null_reporter(message: str) -> None:
    """Discards progress."""


def present(result: Any) -> None:
    """Shows a result at once, rather than as a cell's value: as its view in a notebook, as text elsewhere."""
    if _quiet.get():
        return
    if "IPython" in sys.modules:
        # start-up time: the command needs no IPython
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(result if _view_of is None else _view_of(result))
            return
    print(result)


@contextmanager
def quietly() -> Iterator[None]:
    """Makes present() do nothing in this block, whose caller shows the result itself."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether this is inside quietly()."""
    return _quiet.get()


def is_watched() -> bool:
    """Whether a person is watching this process's output: whether it is a kernel started by a Jupyter server.

    A kernel that runs a notebook as a test (nbval, nbclient) has no session with a server.
    """
    if "JPY_SESSION_NAME" not in os.environ or "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython  # start-up time: the command needs no IPython

    return getattr(get_ipython(), "kernel", None) is not None
