"""Speed: the stack trace of a resource has only the user's frames, and is made without reading their source.

For each resource the SDK has `traceback` look up the source line of every frame, and makes a path and a message of
every file name (pulumi/runtime/resource.py, `_get_stack_trace`). Nearly all of these frames are the same, and most are
Python's, the SDK's and the lab's own; the engine keeps them all and prints them with every planned step. The lab looks
for a line of the program and for nothing else (results.py). docs/upstream/positions.md is the report.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from types import FrameType

from pulumi.runtime.proto import source_pb2

from lab_support.errors import is_user_code


def get_stack_trace() -> source_pb2.StackTrace:
    """The user's frames outside the constructors that make a resource, innermost first.

    The constructors are those of Resource, of CustomResource or ComponentResource, and of the resource's own class, so
    the third `__init__` is the last of them.
    """
    constructors = 0
    frame: FrameType | None = sys._getframe()
    while frame is not None and constructors < 3:
        constructors += frame.f_code.co_name == "__init__"
        frame = frame.f_back
    frames = []
    while frame is not None:
        if (shown := _frame(frame.f_code.co_filename, frame.f_lineno)) is not None:
            frames.append(shown)
        frame = frame.f_back
    return source_pb2.StackTrace(frames=frames)


@lru_cache(maxsize=10_000)
def _frame(filename: str, line: int | None) -> source_pb2.StackFrame | None:
    """A frame as a message; None for one that is not the user's, or whose code is in no file."""
    uri = _uri(filename)
    if uri is None or line is None:
        return None
    return source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri=uri, line=line))


@lru_cache(maxsize=1_000)
def _uri(filename: str) -> str | None:
    """A file of the user's as a URI; None for other files, and for code that is in no file."""
    try:
        return Path(filename).as_uri() if filename and is_user_code(filename) else None
    except ValueError:  # no absolute path, such as <string>
        return None
