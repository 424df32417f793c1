"""What the learner has passed: one small JSON file beside the notebooks; nothing leaves the machine."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

FILE_NAME: Final = ".progress.json"
VERSION: Final = 1


@dataclass(frozen=True)
class Entry:
    """How far one exercise has come: `passed_at` is an ISO time in UTC, empty until the first pass."""

    checks: int = 0
    hints: int = 0
    points: int = 0
    passed_at: str = ""

    @property
    def passed(self) -> bool:
        return bool(self.passed_at)


def folder_of(slug: str) -> Path | None:
    """The folder whose progress this is: where the notebook lies, seen from the current folder; or None.

    A check that runs elsewhere (a test, a script) leaves no trace.
    """
    if os.environ.get("PULUMI_REVIEW_LAB_PROGRESS") == "off":
        return None
    for folder in (Path.cwd(), Path.cwd() / "notebooks"):
        if (folder / f"{slug}.ipynb").is_file():
            return folder
    return None


def read(folder: Path) -> Mapping[str, Entry]:
    """The entries by slug. A file that cannot be read is kept as .progress.json.broken and counts as empty."""
    path = folder / FILE_NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {slug: Entry(**entry) for slug, entry in data["exercises"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        os.replace(path, path.with_suffix(".json.broken"))
        return {}
    except OSError:
        return {}


def record(slug: str, *, passed: bool, points: int) -> None:
    """Counts a check, and notes the first pass."""
    _change(slug, lambda entry: _checked(entry, passed, points))


def record_hint(slug: str, folder: Path, step: int) -> None:
    """Notes that the hints up to `step` have been seen."""
    _change(
        slug, lambda entry: Entry(entry.checks, max(entry.hints, step), entry.points, entry.passed_at), folder
    )


def forget(slug: str, folder: Path) -> None:
    """An exercise that starts anew."""
    _change(slug, lambda entry: Entry(), folder)


def _checked(entry: Entry, passed: bool, points: int) -> Entry:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    passed_at = entry.passed_at or (now if passed else "")
    return Entry(entry.checks + 1, entry.hints, max(entry.points, points), passed_at)


def _change(slug: str, change: Any, folder: Path | None = None) -> None:
    """Reads, changes and writes under a lock, so that two kernels do not lose each other's work."""
    folder = folder or folder_of(slug)
    if folder is None or not os.access(folder, os.W_OK):
        return
    try:
        with FileLock(folder / f"{FILE_NAME}.lock", timeout=5):
            entries = dict(read(folder))
            entries[slug] = change(entries.get(slug, Entry()))
            _write(folder / FILE_NAME, entries)
    except OSError:  # progress is a convenience; a verdict must not depend on a full disk
        return


def _write(path: Path, entries: Mapping[str, Entry]) -> None:
    data = {"version": VERSION, "exercises": {slug: asdict(entry) for slug, entry in sorted(entries.items())}}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE_NAME}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=2)
    os.replace(name, path)
