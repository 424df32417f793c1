"""Where in the program a resource is made: the frames of the call stack, without reading the source of each.

The SDK (pulumi 3.259.0, runtime/resource.py) lets `traceback` look up the line of source of every frame, and makes a
path and a message of every file name, for each resource anew. Nearly all of these frames are the same.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from types import FrameType

from pulumi.runtime.proto import source_pb2


def get_stack_trace() -> source_pb2.StackTrace:
    """The frames outside of the constructors that make a resource, the innermost first.

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
    address = _address(filename)
    if address is None or line is None:
        return source_pb2.StackFrame()
    return source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri=address, line=line))


@lru_cache(maxsize=1_000)
def _address(filename: str) -> str | None:
    """The file as a URI; None for code that is in no file."""
    try:
        return Path(filename).as_uri() if filename else None
    except ValueError:  # no absolute path, such as <string>
        return None
