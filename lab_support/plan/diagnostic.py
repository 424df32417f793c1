"""Messages of the engine and of providers about a program, and places in its source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Location:
    """A place in a program: `line` counts from 1, `code` is the text of that line."""

    file: str
    line: int
    code: str

    @property
    def place(self) -> str:
        """The file and the line: `parts/net.py, line 2`; the file relative to the current folder where it is inside."""
        path = Path(self.file)
        try:
            path = path.relative_to(Path.cwd())
        except (ValueError, FileNotFoundError):
            path = Path(path.name)
        return f"{path.as_posix()}, line {self.line}"


@dataclass(frozen=True)
class Diagnostic:
    """A message of the engine or a provider: `severity` is info, warning or error; `urn` may be empty.

    `location` is the line of the program that makes the resource in question, where it is known.
    """

    severity: str
    text: str
    urn: str = ""
    location: Location | None = None

    @property
    def resource(self) -> str:
        """The logical name of the resource in question, or an empty string."""
        return self.urn.rpartition("::")[2]
