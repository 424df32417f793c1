"""Which resources a program makes, as it makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pulumi


@contextmanager
def resources_made() -> Iterator[list[str]]:
    """The names of the resources that a program makes inside of the block, as the list grows."""
    made: list[str] = []
    real = pulumi.Resource.__init__

    def note(self: Any, t: str, name: str, *arguments: Any, **more: Any) -> None:
        made.append(name)
        real(self, t, name, *arguments, **more)

    pulumi.Resource.__init__ = note  # type: ignore[method-assign]
    try:
        yield made
    finally:
        pulumi.Resource.__init__ = real  # type: ignore[method-assign]
