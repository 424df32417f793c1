"""A data file that a script writes: one JSON object, an entry a line, sorted: a change is a small difference."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class DataFile:
    """One data file: where it is (from the repository's root), and how its content is made.

    `content` returns sections, each of which maps a key to its entry. `packages` are those that it reads; the file
    records their versions.
    """

    path: str
    packages: tuple[str, ...]
    content: Callable[[], Mapping[str, Mapping[str, Any]]]

    def text(self) -> str:
        """The file as it should be with the installed packages. Raises PackageNotFoundError where one is missing."""
        versions = {package: version(package) for package in self.packages}
        sections = [
            _section(name, entries) for name, entries in {"made_from": versions, **self.content()}.items()
        ]
        return "{\n" + ",\n".join(sections) + "\n}\n"

    def is_current(self) -> bool:
        """Whether the file in the repository is what the installed packages give."""
        return self._present() == self.text()

    def write(self) -> bool:
        """Writes the file; returns whether that changed it."""
        text = self.text()
        changed = self._present() != text
        if changed:
            (ROOT / self.path).write_text(text, encoding="utf-8")
        return changed

    def _present(self) -> str | None:
        file = ROOT / self.path
        return file.read_text(encoding="utf-8") if file.is_file() else None


def _section(name: str, entries: Mapping[str, Any]) -> str:
    lines = (f" {json.dumps(key)}: {json.dumps(entries[key], ensure_ascii=False)}" for key in sorted(entries))
    return f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}"
