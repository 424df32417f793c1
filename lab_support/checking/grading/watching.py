"""Reports what a program does that infrastructure has no use for: reading files, starting processes, looking at frames.

The reports leave the process before the deed is done, so a program can stop later ones but not take back the first.
They decide nothing by themselves: the grader shows them where a program would pass.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import get_ident
from types import FrameType
from typing import Any, Final

from lab_support.checking.grading.frames import Connection

# Events (https://docs.python.org/3/library/audit_events.html) and what they mean. A prefix ends in a full stop.
_EVENTS: Final = {
    "open": "opens a file",
    "os.": "asks the operating system",
    "shutil.": "works on files",
    "glob.": "lists files",
    "pathlib.": "lists files",
    "tempfile.": "creates temporary files",
    "subprocess.Popen": "starts a process",
    "pty.spawn": "starts a process",
    "socket.": "opens a connection",
    "urllib.": "opens a connection",
    "http.": "opens a connection",
    "ctypes.": "calls C functions",
    "mmap.": "maps memory",
    "gc.": "looks at Python's own objects",
    "sys._": "looks at Python's own frames",
    "sys.set": "changes how Python runs",
    "sys.addaudithook": "changes how Python runs",
    "sys.unraisablehook": "",
    "code.__new__": "builds code",
    "function.__new__": "builds code",
    "marshal.": "loads code",
    "pickle.": "loads code",
    "exec": "runs code made at run time",
    "compile": "compiles code made at run time",
    "signal.": "sends signals",
    "resource.": "changes its limits",
    "fcntl.": "works on descriptors",
    "syslog.": "writes to the system's log",
    "cpython.": "changes how Python runs",
}  # fmt: skip
_MOST: Final = 20  # reports of one run
# Modules that do such things as a matter of course when a program uses them.
_BUSY: Final = frozenset(
    """
    importlib pulumi pulumi_aws collections dataclasses typing enum logging warnings asyncio concurrent threading re
    grpc google inspect linecache traceback tokenize functools random uuid secrets hashlib
    """.split()
)
_PYTHON: Final = tuple({sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(os.__file__)})
# What none of these modules does by itself when infrastructure is declared.
_NEVER_BUSY: Final = frozenset(
    """
    subprocess.Popen pty.spawn os.fork os.forkpty os.exec os.posix_spawn os.spawn os.system
    socket.connect socket.bind socket.getaddrinfo socket.gethostbyname socket.sendto socket.sendmsg
    """.split()
)


def _is_busy(name: str, event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether it is the module's own business that this happens."""
    if event in _NEVER_BUSY or name.partition(".")[0] not in _BUSY:
        return False
    if event == "exec":
        return name != "typing"  # which evaluates annotations that are texts
    if event == "open":
        path = str(arguments[0])
        return not name.startswith("lab_support") and (
            path.startswith(_PYTHON) or path.endswith((".py", ".pyc", ">"))
        )
    return True


def watch(grader: Connection) -> None:
    """From now on, reports what the program's own code does of these things."""
    seen: set[str] = set()
    frame_of: Callable[[int], FrameType] = sys._getframe
    noting: set[int] = set()
    meanings = [(prefix, meaning) for prefix, meaning in _EVENTS.items() if meaning]

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in seen or len(seen) > _MOST or event == "import":
            return
        meaning = next(
            (
                text
                for prefix, text in meanings
                if event == prefix or (prefix[-1] in "._t" and event.startswith(prefix))
            ),
            None,
        )
        if meaning is None:
            return
        thread = get_ident()
        if thread in noting:  # looking at frames is an event, too
            return
        noting.add(thread)
        try:
            frame: FrameType | None = frame_of(1)
        finally:
            noting.discard(thread)
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith("<cell") or file == "<string>":
                break
            name = str(frame.f_globals.get("__name__", ""))
            if _is_busy(name, event, arguments):
                return
            frame = frame.f_back
        if frame is None:
            return
        seen.add(event)
        with suppress(OSError):
            grader.send({"do": "saw", "what": meaning, "event": event, "line": frame.f_lineno})

    sys.addaudithook(note)
