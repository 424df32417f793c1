"""The three kinds of trouble, kept apart: the learner's program, the account's refusal, the lab itself.

Each error prints in a few lines, in a notebook too: what happened, where, what to do next.
"""

from __future__ import annotations

import linecache
import sys
import sysconfig
import textwrap
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import FrameType, TracebackType

from lab_support import sdk_errors
from lab_support.plan import Diagnostic, Location

# A screen has room for so much of a line.
_LONGEST_LINE = 160
_MOST_REFUSALS = 5
_LAB = str(Path(__file__).parent)
_NOT_THEIRS = tuple(
    {
        path
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
        if (path := sysconfig.get_path(name)) and Path(path).is_dir()
    }
    | {str(Path(linecache.__file__).parent), _LAB}
)


class BriefError(Exception):
    """An error that shows itself as its text alone, without a traceback through the lab and the engine."""

    def _render_traceback_(self) -> list[str]:  # IPython's hook
        return str(self).splitlines()


class ProgramError(BriefError):
    """The learner's program did not run: `message` is one sentence, `location` the line in their code."""

    def __init__(self, message: str, location: Location | None = None, environment: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.environment = environment

    def __str__(self) -> str:
        lines = ["The program did not run.", f"  {self.message}"]
        if self.location is not None:
            lines.append(f"  line {self.location.line}:  {self.location.code.strip()}")
        return "\n".join(lines)


class PreviewFailed(BriefError):
    """The engine or the account refused the program; `diagnostics` are their own words, one a resource."""

    def __init__(self, diagnostics: Iterable[Diagnostic], environment: str = "") -> None:
        self.diagnostics = tuple(diagnostics)
        self.environment = environment
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = ["The program was refused."]
        for diagnostic in self.diagnostics[:_MOST_REFUSALS]:
            lines.append(f"  {diagnostic.resource or 'the engine'}:")
            lines += textwrap.wrap(diagnostic.text, 100, initial_indent="    ", subsequent_indent="    ")
        if len(self.diagnostics) > _MOST_REFUSALS:
            lines.append(f"  and {len(self.diagnostics) - _MOST_REFUSALS} more")
        return "\n".join(lines)


class LabFault(BriefError):
    """Something in the lab or on this machine went wrong; nothing is said about the learner's program."""

    def __str__(self) -> str:
        return f"The lab itself ran into trouble; your program is not to blame.\n  {super().__str__()}"


class Interrupted(KeyboardInterrupt):
    """Somebody has stopped a run. It is a KeyboardInterrupt, and shows itself in one line."""

    def __str__(self) -> str:
        return "Interrupted. The engine was stopped, and nothing of this run is left; run the cell again when you like."

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class EngineLost(LabFault):
    """The engine has stopped in the middle of a run and named no resource; on a busy machine this can pass."""


def is_theirs(filename: str) -> bool:
    """Whether a source file is the learner's: not Python's, not an installed package's, not the lab's."""
    return not filename.startswith((*_NOT_THEIRS, "<frozen")) and "site-packages" not in Path(filename).parts


def location_in(trace: TracebackType | None) -> Location | None:
    """The innermost line of the learner's code in a traceback."""
    return _last_of(traceback.walk_tb(trace))


def location_of_thread(thread_id: int) -> Location | None:
    """The line of the learner's code that a thread is executing right now."""
    frame = sys._current_frames().get(thread_id)
    return None if frame is None else _last_of(reversed(list(traceback.walk_stack(frame))))


def explain(error: BaseException) -> tuple[str, Location | None]:
    """One sentence for what somebody's code raised, and the line of their code that did it."""
    location = location_in(error.__traceback__)
    if isinstance(error, SyntaxError) and error.lineno and is_theirs(error.filename or ""):
        code = error.text or linecache.getline(error.filename or "", error.lineno)
        place = Location(error.filename or "", error.lineno, code.rstrip("\n")[:_LONGEST_LINE])
        return f"SyntaxError: {error.msg}", place
    if isinstance(error, SystemExit):
        return "The program called sys.exit(); it must run to its end instead.", location
    if isinstance(error, RecursionError):
        return "RecursionError: a function calls itself without end.", location
    text = " ".join(_text_of(error).split())
    if said := sdk_errors.said_of(error, text):
        return said, location
    text = text if len(text) <= 300 else f"{text[:297]}..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__, location


def _text_of(error: BaseException) -> str:
    """What an exception says of itself; one of the learner's own classes may fail even at that."""
    try:
        return str(error)
    except Exception:
        return ""


def _last_of(frames: Iterable[tuple[FrameType, int]]) -> Location | None:
    found = None
    for frame, line in frames:
        filename = frame.f_code.co_filename
        if is_theirs(filename):
            found = Location(filename, line, linecache.getline(filename, line).rstrip("\n")[:_LONGEST_LINE])
    return found
