"""What the engine or a provider says about a program, and where in the program it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Location:
    """A place in somebody's program: `line` counts from 1, `code` is the text of that line."""

    file: str
    line: int
    code: str


@dataclass(frozen=True)
class Diagnostic:
    """What the engine or a provider said: `severity` is info, warning or error; `urn` may be empty."""

    severity: str
    text: str
    urn: str = ""

    @property
    def resource(self) -> str:
        """The logical name of the resource that this is about, or an empty string."""
        return self.urn.rpartition("::")[2]
