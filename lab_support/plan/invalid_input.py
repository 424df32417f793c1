"""What a provider says of an input that it rejects itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class InvalidInput(Exception):
    """The provider itself rejects an input before it calls AWS: a wrong type, a value out of its range.

    Where `on_creation` is true, the provider sees it only when it creates the resource, not in a preview.
    """

    property: str
    reason: str
    on_creation: bool = False

    def __str__(self) -> str:
        return self.reason
