"""Repair: when a user's project is previewed, the outputs of the stacks that it refers to are unknown.

The engine looks up a referenced stack in its own backend, which holds only the stack that is previewed, and fails. The
SDK has no way to answer for it: mocks (`pulumi.runtime.set_mocks`) never reach an inline program of the Automation API
(https://github.com/pulumi/pulumi/issues/10166).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pulumi

_real_init: Final = pulumi.StackReference.__init__
# The lists that note the references; the innermost block's is the last. A program runs on a thread of the SDK's, which
# inherits no context variables.
_noted: Final[list[list[str]]] = []


@contextmanager
def unknown_stack_references() -> Iterator[list[str]]:
    """Inside, `pulumi.StackReference` asks no engine; yields the names of the stacks referred to, as the list grows."""
    names: list[str] = []
    _noted.append(names)
    try:
        yield names
    finally:
        _noted.remove(names)


def initialize(self: Any, name: str, stack_name: Any = None, opts: Any = None) -> None:
    """`StackReference.__init__`; within `unknown_stack_references()`, all that the stack would say is unknown."""
    if not _noted:
        _real_init(self, name, stack_name, opts)
        return
    target = name if stack_name is None else stack_name
    _noted[-1].append(target if isinstance(target, str) else name)
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
        name=pulumi.Output.from_input(target),
        outputs=pulumi.Output.from_input(unknown),
        secret_output_names=pulumi.Output.from_input([]),
    )
