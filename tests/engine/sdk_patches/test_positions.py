"""The stack trace of a resource is the one that the SDK would make."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.engine.sdk_patches.positions import get_stack_trace
from tests.engine.sdk_patches.sdk import as_is


def both_stack_traces(depth: int) -> tuple[Any, Any]:
    """The stack traces of the SDK and of the patch, for a resource with this many nested constructors."""
    own = as_is("pulumi.runtime.resource")
    seen: list[Any] = []

    class Innermost:
        def __init__(self) -> None:
            seen.extend((own._get_stack_trace(), get_stack_trace()))

    made: type = Innermost
    for _ in range(depth):

        class Around:
            inside = made

            def __init__(self) -> None:
                self.inside()

        made = Around
    exec(compile("made()", "<a cell>", "exec"), {"made": made})
    return tuple(seen)


@pytest.mark.parametrize("depth", range(5))
def test_the_frames_are_the_ones_of_the_sdk(depth: int) -> None:
    own, patched = both_stack_traces(depth)
    assert patched == own
    assert bool(patched.frames) == (depth >= 2)
