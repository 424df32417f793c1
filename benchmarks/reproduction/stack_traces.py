"""For each resource, Pulumi's Python SDK summarizes the whole call stack anew: python stack_traces.py

Needs the package `pulumi` (written for 3.259.0) and nothing else. Prints what that takes, and what it takes where the
summary of a frame is kept (`kept`).
"""

import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

TIMES = 500
DEPTH = 15  # frames of a small program below the Automation API


def kept() -> source_pb2.StackTrace:
    """What `_get_stack_trace` does, with each frame summarized once."""
    frames, constructors = [], 0
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if constructors == 3:
            frames.append(summary(frame.f_code.co_filename, frame.f_lineno))
        elif frame.f_code.co_name == "__init__":
            constructors += 1
        frame = frame.f_back
    return source_pb2.StackTrace(frames=frames)


@cache
def summary(filename: str, line: int) -> source_pb2.StackFrame:
    position = source_pb2.SourcePosition(uri=Path(filename).absolute().as_uri(), line=line)
    return source_pb2.StackFrame(pc=position)


class Resource:
    trace: Callable[[], source_pb2.StackTrace]

    def __init__(self) -> None:
        self.frames = len(type(self).trace().frames)


class CustomResource(Resource):
    def __init__(self) -> None:
        super().__init__()


class Part(CustomResource):
    def __init__(self) -> None:
        super().__init__()


def make_parts(depth: int) -> Part:
    if depth:
        return make_parts(depth - 1)
    return [Part() for _ in range(TIMES)][-1]


if __name__ == "__main__":
    for name, trace in (("the SDK", resource._get_stack_trace), ("kept", kept)):
        Resource.trace = staticmethod(trace)
        start = time.process_time()
        part = make_parts(DEPTH)
        seconds = time.process_time() - start
        print(f"{name:8} {seconds / TIMES * 1000:.3f} ms for each resource, {part.frames} frames")
