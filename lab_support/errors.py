"""The kinds of error, strictly separated: of the program, of the account, of the lab, and of this machine.

    BriefError
        ProgramError        the learner's program failed
        PreviewFailed       the engine or the account refused it
        InternalError       the lab failed
            EngineLost      the engine stopped during a run
            MachineError    this machine does not allow what a run needs
    Interrupted             a KeyboardInterrupt in one line

Each prints in a few lines, in a notebook too: what happened, where, and what to do next.
"""

from __future__ import annotations

import errno
import linecache
import re
import sys
import sysconfig
import textwrap
import traceback
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType, TracebackType

from lab_support.plan.diagnostic import Diagnostic, Location

CLOSED_DESCRIPTORS = "The program closed file descriptors that are not its own."
_LONGEST_LINE = 160  # characters kept of a line of code
_MOST_REFUSALS = 10  # refusals shown in full
_LAB = str(Path(__file__).parent)
_NOT_USER_CODE = tuple(
    {
        path
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
        if (path := sysconfig.get_path(name)) and Path(path).is_dir()
    }
    | {str(Path(linecache.__file__).parent), _LAB}
)
# How Python itself reads these of any exception, whatever its class says.
_TRACEBACK = BaseException.__dict__["__traceback__"].__get__
_CAUSE = BaseException.__dict__["__cause__"].__get__
_CONTEXT = BaseException.__dict__["__context__"].__get__
_NO_ARGUMENT = re.compile(r"(\w+)\._internal_init\(\) got an unexpected keyword argument ('\w+')")
_NO_ATTRIBUTE = re.compile(r"module '(pulumi_\w+)[\w.]*' has no attribute")


class BriefError(Exception):
    """An error that IPython shows as its message alone, without a traceback through the lab and the engine."""

    def _render_traceback_(self) -> list[str]:  # IPython's hook
        return str(self).splitlines()


class ProgramError(BriefError):
    """The learner's program failed: `message` is one sentence, `location` the line in their code."""

    def __init__(self, message: str, location: Location | None = None, environment: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.environment = environment
        # A notebook's cell is in no file. The name is relative to the folder in which the program runs.
        in_file = location is not None and Path(location.file).is_file()
        self._place = location.place if location and in_file else f"line {location.line}" if location else ""

    def __str__(self) -> str:
        lines = ["The program did not run.", f"  {self.message}"]
        if self.location is not None:
            lines.append(f"  {self._place}:  {self.location.code.strip()}")
        return "\n".join(lines)


class TimedOut(ProgramError):
    """The learner's program ran past its time limit; `location` is where it was, if that is known."""

    def __init__(self, location: Location | None = None, environment: str = "") -> None:
        super().__init__("The program did not finish within the time limit.", location, environment)


class PreviewFailed(BriefError):
    """The engine or the account refused the program; `diagnostics` are their messages, by resource."""

    def __init__(self, diagnostics: Iterable[Diagnostic], environment: str = "") -> None:
        self.diagnostics = tuple(diagnostics)
        self.environment = environment
        super().__init__(str(self))

    def __str__(self) -> str:
        lines, heading = ["The program was refused."], ""
        for diagnostic in self.diagnostics[:_MOST_REFUSALS]:
            place = f" ({diagnostic.location.place})" if diagnostic.location else ""
            last, heading = heading, f"  {diagnostic.resource or 'the engine'}{place}:"
            lines += [heading] if heading != last else []
            lines += textwrap.wrap(diagnostic.text, 100, initial_indent="    ", subsequent_indent="    ")
        if len(self.diagnostics) > _MOST_REFUSALS:
            lines.append(f"  and {len(self.diagnostics) - _MOST_REFUSALS} more")
        return "\n".join(lines)


class InternalError(BriefError):
    """The lab failed, which says nothing about the learner's program."""

    HEADING = "Internal error in the lab; your program is not to blame."

    def __str__(self) -> str:
        return f"{self.HEADING}\n  {super().__str__()}"


class MachineError(InternalError):
    """This machine does not allow what a run needs, which says nothing about the program or the lab."""

    HEADING = "This machine could not run it; your program is not to blame."


class Interrupted(KeyboardInterrupt):
    """A run was interrupted. It is a KeyboardInterrupt that IPython shows in one line."""

    def __str__(self) -> str:
        return (
            "Interrupted. The engine was stopped and nothing of this run is left. You can run the cell again."
        )

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class EngineLost(InternalError):
    """The engine stopped during a run without naming a resource. On a busy machine, another try may succeed."""


class CallsAws(Exception):
    """A program calls AWS directly; the text is the host."""

    def __str__(self) -> str:
        return (
            f"The program calls AWS directly ({super().__str__()}), but the lab has no AWS. Call a function of "
            "pulumi_aws instead, such as aws.get_caller_identity(), which the mock account answers."
        )


def is_user_code(filename: str) -> bool:
    """Whether a source file is the learner's, rather than Python's, an installed package's or the lab's."""
    return (
        not filename.startswith((*_NOT_USER_CODE, "<frozen")) and "site-packages" not in Path(filename).parts
    )


def location_in(trace: TracebackType | None) -> Location | None:
    """The innermost line of user code in a traceback, or None."""
    return _last_of(traceback.walk_tb(trace))


def location_of_thread(thread_id: int) -> Location | None:
    """The line of user code that a thread is executing, or None."""
    frame = sys._current_frames().get(thread_id)
    return None if frame is None else _last_of(reversed(list(traceback.walk_stack(frame))))


def explain(error: BaseException) -> tuple[str, Location | None]:
    """One sentence for an exception that user code raised, and the line of user code that raised it.

    The class may be the user's, with an `__str__` that raises SystemExit, or a `__traceback__` of its own.
    """
    location = location_in(_TRACEBACK(error))
    if isinstance(error, SyntaxError) and error.lineno and is_user_code(error.filename or ""):
        code = error.text or linecache.getline(error.filename or "", error.lineno)
        place = Location(error.filename or "", error.lineno, code.rstrip("\n")[:_LONGEST_LINE])
        return f"SyntaxError: {error.msg}", place
    if isinstance(error, SystemExit):
        return "The program called sys.exit(); it must return instead.", location
    if isinstance(error, (RecursionError, MemoryError)) and location is None:  # raised by the compiler
        return f"{type(error).__name__}: an expression is nested too deeply.", None
    if isinstance(error, RecursionError):
        return "RecursionError: a function calls itself without end.", location
    if (asked := _call_of_aws(error)) is not None:
        return str(asked), location
    text = " ".join(_text_of(error).split())
    if sentence := _sentence_of_sdk(error, text):
        return sentence, location
    text = text if len(text) <= 300 else f"{text[:297]}..."
    return f"{type(error).__name__}: {text}" if text else type(error).__name__, location


def _call_of_aws(error: BaseException) -> CallsAws | None:
    """The call to AWS because of which an error was raised; boto3 wraps it, or fails before for lack of credentials."""
    for cause in chain_of(error):
        if isinstance(cause, CallsAws):
            return cause
    package = type(error).__module__.partition(".")[0]
    if package in ("boto3", "botocore"):
        return CallsAws(f"{package}: {_text_of(error).strip().rstrip('.')}")
    return None


def chain_of(error: BaseException) -> Iterator[BaseException]:
    """An exception, the one that it was raised from or because of, and so on; it can be its own cause."""
    seen: set[int] = set()
    after: BaseException | None = error
    while after is not None and id(after) not in seen:
        seen.add(id(after))
        yield after
        after = _CAUSE(after) or _CONTEXT(after)


def is_of_closed_descriptor(error: BaseException) -> bool:
    """Whether an error comes from a descriptor that was closed without the knowledge of the code that opened it."""
    return any(isinstance(cause, OSError) and cause.errno == errno.EBADF for cause in chain_of(error))


def _text_of(error: BaseException) -> str:
    """An exception's message; empty if its class is the learner's and its `__str__` fails."""
    try:
        return str(error)
    except BaseException:
        return ""


def _last_of(frames: Iterable[tuple[FrameType, int]]) -> Location | None:
    found = None
    for frame, line in frames:
        filename = frame.f_code.co_filename
        if is_user_code(filename):
            found = Location(filename, line, linecache.getline(filename, line).rstrip("\n")[:_LONGEST_LINE])
    return found


def _sentence_of_sdk(error: BaseException, text: str) -> str | None:
    """A sentence for an error with this message that comes from an SDK; None for any other."""
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(error.name or "")
    if isinstance(error, TypeError) and (found := _NO_ARGUMENT.search(text)):
        kind, argument = found.groups()
        return f"TypeError: {kind} has no argument {argument}{_in_version(_package_of(error))}"
    if isinstance(error, TypeError) and text == "Object of type Output is not JSON serializable":
        return f"TypeError: {text}: its value is only known later. Use pulumi.Output.json_dumps(), which waits for it."
    if isinstance(error, KeyError) and _is_withheld(error):
        return (
            f"The program reads the environment variable {text}, but it gets no variables named AWS_* or PULUMI_*. "
            "`lab preview` and `lab review` pass those that --pass-env names."
        )
    if isinstance(error, AttributeError) and (found := _NO_ATTRIBUTE.search(text)):
        return f"AttributeError: {text}{_in_version(found[1])}"
    return None


def _is_withheld(error: KeyError) -> bool:
    """Whether `os.environ` lacks a variable that the lab does not give to programs."""
    name = error.args[0] if error.args else ""
    if not (isinstance(name, str) and name.startswith(("AWS_", "PULUMI_"))):
        return False
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals.get("__name__") == "os"


def _missing_module(module: str) -> str | None:
    package = module.partition(".")[0]
    if not package:
        return None
    if package in ("boto3", "botocore"):
        return f"The program imports {package}, which calls AWS directly. It is not installed, and the lab has no AWS."
    if not package.startswith("pulumi_"):
        return (
            f"ModuleNotFoundError: No module named {module!r}; install its package where the lab runs: "
            f"{sys.executable} -m pip install …"
        )
    name = package.replace("_", "-")
    return (
        f"The Pulumi package {name} is not installed where the lab runs. Install it with: "
        f"{sys.executable} -m pip install {name}"
    )


def _package_of(error: BaseException) -> str:
    """The package in whose code an error was raised."""
    trace, package = error.__traceback__, ""
    while trace is not None:
        package = trace.tb_frame.f_globals.get("__package__") or ""
        trace = trace.tb_next
    return package.partition(".")[0]


def _in_version(package: str) -> str:
    name = package.replace("_", "-")
    try:
        return f" in {name} {version(name)}, which is installed here"
    except (PackageNotFoundError, ValueError):
        return ""
