"""Debug messages that nobody reads are not sent.

The SDK sends five or more debug messages to the engine for every resource, each in a call that blocks the program until
it is answered (pulumi 3.259.0, log.py), and the engine makes an event of each. The lab never asks the CLI for
its debug log and drops such events, so the messages of its own runs stay here. Whoever runs the Automation API
for themselves in the same process gets theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from pulumi import log
from pulumi.runtime.stack import run_in_stack as _run_in_stack

_are_unread: ContextVar[bool] = ContextVar("debug_messages_are_unread", default=False)
_MARK = "__hears_no_debug_messages__"
_debug = log.debug
Run = TypeVar("Run", bound=Callable[..., Any])


def drop_debug_logs(run: Run) -> Run:
    """Marks an inline program: nobody reads the debug messages of its runs."""
    setattr(run, _MARK, True)
    return run


def nobody_reads_debug_messages() -> None:
    """Says so of whatever runs in this context."""
    _are_unread.set(True)


def run_in_stack(program: Callable[..., Any]) -> Any:
    """The SDK's function of this name, called in the context of one run; all that the run does inherits it."""
    _are_unread.set(getattr(program, _MARK, False))
    return _run_in_stack(program)


def debug(msg: str, *arguments: Any, **options: Any) -> None:
    """The SDK's function of this name, for messages that somebody may read."""
    if not _are_unread.get():
        _debug(msg, *arguments, **options)
