"""The stack trace of a resource has the user's frames of the one that the SDK would make."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from lab_support.engine.sdk_patches.positions import get_stack_trace
from tests.engine.sdk_patches.sdk import as_is

CELL: Final = str(Path(__file__).with_name("cell.py"))


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
    exec(compile("made()", CELL, "exec"), {"made": made})
    return tuple(seen)


@pytest.mark.parametrize("depth", range(5))
def test_the_frames_are_the_users_among_those_of_the_sdk(depth: int) -> None:
    own, patched = both_stack_traces(depth)
    users = (Path(__file__).as_uri(), Path(CELL).as_uri())
    assert [*patched.frames] == [frame for frame in own.frames if frame.pc.uri in users]
    assert len(patched.frames) < max(1, len(own.frames))
    assert bool(patched.frames) == (depth >= 2)
