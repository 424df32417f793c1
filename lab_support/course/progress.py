"""What the learner has passed: one small JSON file beside the notebooks; nothing leaves the machine.

Several kernels and commands may write at once: each reads, changes and replaces the file under a lock. A file that
cannot be read is set aside, and `trouble()` says so.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

FILE_NAME: Final = ".progress.json"
VERSION: Final = 2  # 1 lacked what is noted of a pass beside its time


@dataclass(frozen=True)
class Entry:
    """How far one exercise has come.

    `passed_at` is an ISO time in UTC, empty until the first pass; the number of checks and hints that this pass took
    and the version of the exercise (Exercise.version) are noted with it. `solution_seen` says whether the solution
    was shown before the first pass.
    """

    checks: int = 0
    hints: int = 0
    points: int = 0
    passed_at: str = ""
    passed_checks: int = 0
    passed_hints: int = 0
    passed_version: str = ""
    solution_seen: bool = False

    @property
    def passed(self) -> bool:
        return bool(self.passed_at)

    @property
    def begun(self) -> bool:
        """Whether anything was asked of the lab for this exercise."""
        return self != Entry()


class _Broken(Exception):
    """The file is no progress file; the text says why."""


class _Newer(Exception):
    """The file was written by a later version of the lab."""


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
    """The entries by slug. A file that cannot be read is set aside as .progress.json.broken and counts as empty."""
    try:
        return _load(folder / FILE_NAME)
    except _Newer:
        return {}
    except _Broken:
        with suppress(OSError), _locked(folder):
            return _load_or_set_aside(
                folder / FILE_NAME
            )  # read again: another may have repaired it meanwhile
        return {}


def trouble(folder: Path) -> str:
    """What is wrong with the progress of a folder, in a sentence; empty where nothing is."""
    path = folder / FILE_NAME
    aside = sorted(folder.glob(f"{FILE_NAME}.broken*"))
    try:
        _load(path)
    except _Newer:
        return f"{path.name} was written by a later version of the lab; this one leaves it alone."
    except _Broken as why:
        return f"{path.name} cannot be read ({why}); progress is not kept until it is moved away."
    if aside:
        return f"{path.name} could not be read and was set aside as {aside[-1].name}; progress began anew."
    return ""


def record(slug: str, *, passed: bool, points: int, version: str = "") -> None:
    """Counts a check, and notes the first pass. `version` is that of the exercise."""
    _change(slug, lambda entry: _checked(entry, passed, points, version))


def record_hint(slug: str, folder: Path, step: int) -> None:
    """Notes that the hints up to `step` have been seen."""
    _change(slug, lambda entry: replace(entry, hints=max(entry.hints, step)), folder)


def record_solution(slug: str, folder: Path) -> None:
    """Notes that the solution was shown; after a pass that is nothing worth noting."""
    _change(slug, lambda entry: entry if entry.passed else replace(entry, solution_seen=True), folder)


def forget(slug: str, folder: Path) -> None:
    """An exercise that starts anew."""
    _change(slug, lambda entry: Entry(), folder)


def _checked(entry: Entry, passed: bool, points: int, version: str) -> Entry:
    counted = replace(entry, checks=entry.checks + 1, points=max(entry.points, points))
    if not passed or entry.passed:
        return counted
    return replace(
        counted,
        passed_at=datetime.now(UTC).isoformat(timespec="seconds"),
        passed_checks=counted.checks,
        passed_hints=counted.hints,
        passed_version=version,
    )


def _change(slug: str, change: Callable[[Entry], Entry], folder: Path | None = None) -> None:
    """Reads, changes and writes under a lock, so that two kernels do not lose each other's work."""
    folder = folder or folder_of(slug)
    if folder is None or not os.access(folder, os.W_OK):
        return
    # Progress is a convenience; a verdict must not depend on a full disk, and a later version's file is not ours.
    with suppress(OSError, _Newer), _locked(folder):
        entries = _load_or_set_aside(folder / FILE_NAME)
        _write(folder / FILE_NAME, {**entries, slug: change(entries.get(slug, Entry()))})


def _locked(folder: Path) -> FileLock:
    return FileLock(folder / f"{FILE_NAME}.lock", timeout=5)


def _load_or_set_aside(path: Path) -> Mapping[str, Entry]:
    try:
        return _load(path)
    except _Broken:
        taken = len(list(path.parent.glob(f"{FILE_NAME}.broken*")))
        os.replace(path, path.with_name(f"{FILE_NAME}.broken{f'-{taken + 1}' if taken else ''}"))
        return {}


def _load(path: Path) -> Mapping[str, Entry]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("version", 1) > VERSION:
            raise _Newer
        return {slug: _entry(values) for slug, values in data["exercises"].items()}
    except OSError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _Broken(f"{type(error).__name__}: {error}") from None


def _entry(values: Mapping[str, Any]) -> Entry:
    kinds = {field.name: type(field.default) for field in fields(Entry)}
    for name, value in values.items():
        if type(value) is not kinds[name]:
            raise TypeError(f"{name} is {value!r}")
    return Entry(**values)


def _write(path: Path, entries: Mapping[str, Entry]) -> None:
    data = {"version": VERSION, "exercises": {slug: asdict(entry) for slug, entry in sorted(entries.items())}}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE_NAME}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=2)
    os.replace(name, path)
