"""Speed: the stack trace of a resource is made without reading the source of its frames.

For each resource the SDK has `traceback` look up the source line of every frame, and makes a path and a message of
every file name (pulumi/runtime/resource.py, `_get_stack_trace`). Nearly all of these frames are the same.
docs/upstream/positions.md is the report.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from types import FrameType

from pulumi.runtime.proto import source_pb2


def get_stack_trace() -> source_pb2.StackTrace:
    """The frames outside the constructors that make a resource, innermost first.

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
        frames.append(_frame(frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return source_pb2.StackTrace(frames=frames)


@lru_cache(maxsize=10_000)
def _frame(filename: str, line: int | None) -> source_pb2.StackFrame:
    uri = _uri(filename)
    if uri is None or line is None:
        return source_pb2.StackFrame()
    return source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri=uri, line=line))


@lru_cache(maxsize=1_000)
def _uri(filename: str) -> str | None:
    """The file as a URI; None for code that is in no file."""
    try:
        return Path(filename).as_uri() if filename else None
    except ValueError:  # no absolute path, such as <string>
        return None
