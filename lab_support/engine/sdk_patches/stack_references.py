"""References of a program to other stacks, which nobody has deployed here: their outputs are unknown, as in a preview
whose other stack is still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pulumi


@contextmanager
def unknown_stack_references() -> Iterator[list[str]]:
    """Inside, `pulumi.StackReference` asks nobody; yields the list of the stacks that are referred to, as it grows.

    The engine would look for them in its own store of states, where there is only the stack that is previewed.
    """
    exercise: list[str] = []
    real = pulumi.StackReference.__init__

    def refer(self: Any, name: str, stack_name: Any = None, opts: Any = None) -> None:
        wanted = name if stack_name is None else stack_name
        exercise.append(wanted if isinstance(wanted, str) else name)
        unknown: Any = pulumi.UNKNOWN
        self.__dict__.update(
            _name=name,
            _type="pulumi:pulumi:StackReference",
            _childResources=set(),
            _providers={},
            _protect=False,
            _provider=None,
            urn=pulumi.Output.from_input(unknown),
            id=pulumi.Output.from_input(unknown),
            name=pulumi.Output.from_input(wanted),
            outputs=pulumi.Output.from_input(unknown),
            secret_output_names=pulumi.Output.from_input([]),
        )

    pulumi.StackReference.__init__ = refer  # type: ignore[method-assign]
    try:
        yield exercise
    finally:
        pulumi.StackReference.__init__ = real  # type: ignore[method-assign]
