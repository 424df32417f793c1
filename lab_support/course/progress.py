"""The learner's progress: one small JSON file beside the notebooks; nothing leaves the machine unless they share it.

Several kernels and commands may write at once, so each reads, changes and replaces the file under a lock. A file that
cannot be read is set aside, and `trouble()` says so until `acknowledge()`.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from lab_support.course import sharing
from lab_support.safeguards.files import UnreadableFile, read_json

FILE_NAME: Final = ".progress.json"
VERSION: Final = (
    5  # 1 recorded only the time of a pass, 2 no prediction, 3 no open findings, 4 no time of making
)


@dataclass(frozen=True)
class Entry:
    """The progress of one exercise. `hints` were shown since the notebook was last put back as shipped.

    `passed_at` is an ISO time in UTC, empty until the first pass. With it are recorded the number of checks and hints
    that the pass took, and the exercise's version (Exercise.version). `solution_seen` says whether the solution was
    shown before the first pass. `predicted` is the key of the answer to the question before the drill. `open` has the
    findings of the last check, each with the time of the first of the checks in a row that found it. `made_at` is the
    time at which a review of one's own was made.
    """

    checks: int = 0
    hints: int = 0
    points: int = 0
    passed_at: str = ""
    passed_checks: int = 0
    passed_hints: int = 0
    passed_version: str = ""
    solution_seen: bool = False
    predicted: str = ""
    open: Mapping[str, str] = field(default_factory=dict)
    made_at: str = ""

    @property
    def passed(self) -> bool:
        return bool(self.passed_at)

    @property
    def begun(self) -> bool:
        """Whether the learner has used a check, a hint or the solution, or has predicted what the drill shows."""
        return self != Entry(made_at=self.made_at)


class _Broken(Exception):
    """The file is not a progress file; the message says why."""


class _Newer(Exception):
    """The file was written by a later version of the lab."""


def folder_of(slug: str) -> Path | None:
    """The folder for an exercise's progress: that of its notebook, in or below the current folder; else None.

    So a check that runs elsewhere (a test, a script, a solved notebook in solutions/) leaves no trace.
    """
    if os.environ.get("PULUMI_REVIEW_LAB_PROGRESS") == "off":
        return None
    for folder in (Path.cwd(), Path.cwd() / "notebooks"):
        if folder.name != "solutions" and (folder / f"{slug}.ipynb").is_file():
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
            return _load_or_set_aside(folder / FILE_NAME)  # read again: another process may have repaired it
        return {}


def trouble(folder: Path) -> str:
    """What is wrong with a folder's progress file, in a sentence; empty if nothing is, or it was acknowledged."""
    path = folder / FILE_NAME
    aside = [broken for broken in _set_aside(folder) if broken.name not in _acknowledged(path)]
    try:
        _load(path)
    except _Newer:
        return f"{path.name} was written by a later version of the lab; this one leaves it alone."
    except _Broken as why:
        return f"{path.name} cannot be read ({why}); progress is not recorded until you move it away."
    if aside:
        return (
            f"{path.name} could not be read and was set aside as {aside[-1].name}; progress starts from zero."
        )
    return ""


def acknowledge(folder: Path) -> None:
    """Notes that the learner was told of the files that were set aside, so that this is said once."""
    path, aside = folder / FILE_NAME, [broken.name for broken in _set_aside(folder)]
    if set(aside) <= set(_acknowledged(path)) or not os.access(folder, os.W_OK):
        return
    with suppress(OSError, _Newer, _Broken), _locked(folder):
        _write(path, _load(path), last(folder), aside)


def record(slug: str, *, passed: bool, points: int, version: str = "", findings: Iterable[str] = ()) -> str:
    """Counts a check, and records the first pass. `version` is the exercise's, `findings` are the ids of what it found.

    Returns a sentence if that could not be written, or not where it is shared, else an empty text.
    """
    found = sorted(set(findings))
    return _change(slug, lambda entry: _checked(entry, passed, points, version, found))


def record_hint(slug: str, folder: Path, step: int) -> None:
    """Records that the hints up to `step` were shown."""
    _change(slug, lambda entry: replace(entry, hints=max(entry.hints, step)), folder)


def record_reset(slug: str, folder: Path) -> None:
    """Records that the notebook was put back as shipped: hints begin again at the first."""
    _change(slug, lambda entry: replace(entry, hints=0), folder)


def record_solution(slug: str, folder: Path) -> None:
    """Records that the solution was shown, unless the exercise is already passed."""
    _change(slug, lambda entry: entry if entry.passed else replace(entry, solution_seen=True), folder)


def record_prediction(slug: str, folder: Path, answer: str) -> None:
    """Records what the learner expects the drill to show, as the key of an answer."""
    _change(slug, lambda entry: replace(entry, predicted=answer), folder)


def record_made(slug: str, folder: Path) -> None:
    """Records when a review was made, unless that is known."""
    _change(slug, lambda entry: entry if entry.made_at else replace(entry, made_at=_now()), folder)


def record_visit(slug: str, folder: Path) -> None:
    """Records that an exercise is being worked on."""
    _change(slug, lambda entry: entry, folder)


def last(folder: Path) -> str:
    """The exercise that was worked on last; empty where that is not known."""
    try:
        return str(json.loads((folder / FILE_NAME).read_text(encoding="utf-8")).get("last", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def forget(slug: str, folder: Path) -> None:
    """Deletes the progress of an exercise."""
    _change(slug, lambda entry: Entry(made_at=entry.made_at), folder)


def _checked(entry: Entry, passed: bool, points: int, version: str, findings: Iterable[str]) -> Entry:
    now = _now()
    counted = replace(
        entry,
        checks=entry.checks + 1,
        points=max(entry.points, points),
        open={finding: entry.open.get(finding, now) for finding in findings},
    )
    if not passed or entry.passed:
        return counted
    return replace(
        counted,
        passed_at=now,
        passed_checks=counted.checks,
        passed_hints=counted.hints,
        passed_version=version,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _change(slug: str, change: Callable[[Entry], Entry], folder: Path | None = None) -> str:
    """Reads, changes and writes under a lock, so that two processes do not overwrite each other's changes.

    Returns a sentence if that was not possible: progress is a convenience, and a full disk must not spoil a verdict.
    """
    folder = folder or folder_of(slug)
    if folder is None:
        return ""
    if not os.access(folder, os.W_OK):
        return _not_recorded(f"{folder} cannot be written")
    try:
        with _locked(folder):
            entries = _load_or_set_aside(folder / FILE_NAME)
            entries = {**entries, slug: change(entries.get(slug, Entry()))}
            _write(folder / FILE_NAME, entries, slug, _acknowledged(folder / FILE_NAME))
            return _share(folder, entries, slug)
    except _Newer:  # left alone
        return _not_recorded(f"{FILE_NAME} was written by a later version of the lab")
    except OSError as error:
        return _not_recorded(f"{folder / FILE_NAME} cannot be written ({error.strerror or error})")


def _not_recorded(problem: str) -> str:
    return f"Your progress was not recorded: {problem}."


def share(folder: Path, target: Path, name: str) -> str:
    """Shares the progress in `folder` with `target` from now on (sharing.py); returns a sentence if it cannot be.

    Raises OSError where the setting cannot be written.
    """
    sharing.start(folder, target, name)
    with _locked(folder):
        try:
            entries = _load_or_set_aside(folder / FILE_NAME)
        except _Newer:
            return _not_recorded(f"{FILE_NAME} was written by a later version of the lab")
        return _share(folder, entries, last(folder))


def _share(folder: Path, entries: Mapping[str, Entry], last: str) -> str:
    """Writes the copy for the instructor, where there is one; returns a sentence if that was not possible."""
    problem = sharing.publish(folder, {slug: asdict(entry) for slug, entry in entries.items()}, last)
    return f"Your progress was not shared: {problem}." if problem else ""


def _set_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{FILE_NAME}.broken*"))


def _acknowledged(path: Path) -> list[str]:
    """The names of files set aside of which the learner was told."""
    try:
        return [str(name) for name in json.loads(path.read_text(encoding="utf-8")).get("acknowledged", [])]
    except (OSError, ValueError, AttributeError, TypeError):
        return []


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
        data = read_json(path)
        if data.get("version", 1) > VERSION:
            raise _Newer
        return {slug: _entry(values) for slug, values in data["exercises"].items()}
    except UnreadableFile as error:
        if error.is_refused:
            return {}
        raise _Broken(error.reason) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _Broken(f"{type(error).__name__}: {error}") from None


def _entry(values: Mapping[str, Any]) -> Entry:
    kinds = {field.name: type(getattr(Entry(), field.name)) for field in fields(Entry)}
    for name, value in values.items():
        if type(value) is not kinds[name]:
            raise TypeError(f"{name} is {value!r}")
    if not all(type(since) is str for since in values.get("open", {}).values()):
        raise TypeError(f"open is {values['open']!r}")
    return Entry(**values)


def _write(path: Path, entries: Mapping[str, Entry], last: str, acknowledged: Sequence[str]) -> None:
    exercises = {slug: asdict(entry) for slug, entry in sorted(entries.items())}
    data = {"version": VERSION, "last": last, "exercises": exercises}
    if acknowledged:
        data["acknowledged"] = list(acknowledged)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{FILE_NAME}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=2)
    os.replace(name, path)
