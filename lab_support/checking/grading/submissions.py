"""Finds the submissions in a folder, and reads the program of one.

Known layouts: a folder for each learner, the downloads of Moodle and Canvas (also as a .zip), nbgrader's `submitted`
folder and exchange, and flat files such as `ada_02_database_zone.ipynb`. What is not understood is listed.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lab_support.checking.judge import UnusableFile, read_program
from lab_support.course.cells import without_magics
from lab_support.course.exercises import UnknownExercise, catalogue, find_exercise
from lab_support.program_code import NOT_CODE
from lab_support.safeguards.files import LARGEST, UnreadableFile, read_bytes, read_json

_PROGRAMS: Final = (".ipynb", ".py")
_MOST_FILES: Final = 50_000
_LARGEST_ARCHIVE: Final = 2_000_000_000  # bytes, unpacked
# Files that the platforms and the systems add to submissions.
_ADDED: Final = re.compile(
    r"timestamp\.txt|feedback.*\.html|\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|onlinetext\.html"
)
_ADDED_FOLDERS: Final = frozenset({".ipynb_checkpoints", "__MACOSX", "__pycache__", ".git"})
# "Ada Lovelace_1234567_assignsubmission_file_": https://docs.moodle.org/en/Assignment_activity
_MOODLE: Final = re.compile(r"(?P<learner>.+?)_(?P<id>\d+)_assignsubmission_\w+?(?:_(?P<rest>.*))?$")
# "lovelaceada_LATE_1234_56789_name-1.ipynb": learner, user id, submission id, file, number of the resubmission.
_CANVAS: Final = re.compile(r"(?P<learner>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<rest>.+)$")
# "ada+assignment+2026-01-31 12:00:00 UTC+random": https://nbgrader.readthedocs.io, the exchange's inbound folder
_NBGRADER: Final = re.compile(r"(?P<learner>[^+]+)\+(?P<assignment>[^+]+)\+(?P<when>[^+]+UTC)(\+.*)?$")
_AGAIN: Final = re.compile(
    r"(?:-\d+| ?\(\d+\)|-Copy\d+)$"
)  # how browsers and Canvas name the same file again


@dataclass(frozen=True)
class Submission:
    """A program that a learner handed in for an exercise: `slug` is empty where only the file itself can say."""

    learner: str
    slug: str
    path: Path
    name: str  # the path within the folder, or the archive in it
    user_id: str = ""  # in the gradebook of Moodle or Canvas
    when: str = ""  # of several, the last counts


@dataclass
class Found:
    """What is in a folder: the submissions, and each file that is none with the reason."""

    submissions: list[Submission] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)


def find_submissions(folder: Path, scratch: Path) -> Found:
    """The submissions in a folder or a .zip, in a fixed order; archives are unpacked into `scratch`."""
    found = Found()
    for path, name in _files(folder, scratch, found):
        parts = PurePosixPath(name).parts
        if _ADDED.fullmatch(parts[-1]) or not _ADDED_FOLDERS.isdisjoint(parts):
            found.others[name] = "added by the platform or the system"
        elif path.suffix.lower() not in _PROGRAMS:
            found.others[name] = "neither a notebook (.ipynb) nor a program (.py)"
        elif (submission := _understood(path, name, parts)) is None:
            found.others[name] = "neither its name nor its folders say whose it is"
        elif not submission.slug and path.suffix.lower() == ".py":
            found.others[name] = "its name does not say which exercise it is for"
        else:
            found.submissions.append(submission)
    return found


def _understood(path: Path, name: str, parts: Sequence[str]) -> Submission | None:
    """Whose submission a file is, and for which exercise; None where that cannot be told."""
    stem = _AGAIN.sub("", PurePosixPath(parts[-1]).stem)
    learner = user = when = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        text = PurePosixPath(part).stem if last else part
        if (match := _NBGRADER.fullmatch(text)) and not last:
            learner, when = match["learner"], match["when"]
        elif match := _MOODLE.fullmatch(text):
            learner, user = match["learner"], match["id"]
        elif last and not learner and (match := _CANVAS.fullmatch(text)):
            learner, user = match["learner"], match["id"]
            again = re.search(r"-(\d+)$", text)
            when = again[1].rjust(6, "0") if again else ""
        if learner:
            break
    slug = _slug_in(stem) or next((slug for part in parts[-2::-1] if (slug := _slug_in(part))), "")
    if not learner:
        folders = [part for part in parts[:-1] if not _slug_in(part) and part not in ("submitted", "inbound")]
        rest = stem[: stem.lower().find(slug)].rstrip("_- .") if slug and slug in stem.lower() else ""
        learner = folders[0] if folders else rest
    return Submission(learner, slug, path, name, user, when) if learner else None


def _slug_in(text: str) -> str:
    """The exercise whose whole name is in a text."""
    lowered = text.lower()
    return next((exercise.slug for exercise in catalogue() if exercise.slug in lowered), "")


def _files(folder: Path, scratch: Path, found: Found) -> Iterator[tuple[Path, str]]:
    """The files in a folder, those in archives included, with their names within it, in the order of the names."""
    if folder.is_file():
        yield from _unpacked(folder, scratch, "", found)
        return
    paths = []
    for path in folder.rglob("*"):
        if path.is_symlink():
            found.others[path.relative_to(folder).as_posix()] = "a link"
        elif not path.is_file() and not path.is_dir():
            found.others[path.relative_to(folder).as_posix()] = "not a regular file"
        elif path.is_file() and not any(parent.is_symlink() for parent in _inside(path, folder)):
            paths.append(path)
        if len(paths) > _MOST_FILES:
            raise UnreadableFile(folder, f"it has more than {_MOST_FILES} files")
    for path in sorted(paths, key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() == ".zip":
            yield from _unpacked(
                path, scratch, f"{name}/" if len(PurePosixPath(name).parts) > 1 else "", found
            )
        else:
            yield path, name


def _inside(path: Path, folder: Path) -> list[Path]:
    return [parent for parent in path.parents if parent != folder and folder in parent.parents]


def _unpacked(archive: Path, scratch: Path, prefix: str, found: Found) -> Iterator[tuple[Path, str]]:
    """The files in an archive, unpacked under names of ours; none that would go elsewhere or is too large."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = sorted(opened.infolist(), key=lambda member: member.filename)
            if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _LARGEST_ARCHIVE:
                found.others[archive.name] = "an archive with too many or too large files"
                return
            for member in members:
                name = f"{prefix}{member.filename}"
                if member.is_dir():
                    continue
                if ".." in PurePosixPath(member.filename).parts or member.filename.startswith("/"):
                    found.others[name] = "its name leads out of the archive"
                elif member.file_size > LARGEST:
                    found.others[name] = f"larger than {LARGEST // 1_000_000} MB"
                else:
                    target = (
                        scratch
                        / f"{hashlib.sha256(f'{archive}!{name}'.encode()).hexdigest()[:24]}{Path(name).suffix}"
                    )
                    with opened.open(member) as source:
                        target.write_bytes(source.read(LARGEST + 1)[:LARGEST])
                    yield target, name
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
        found.others[archive.name] = f"an archive that cannot be unpacked ({error})"


def digest_of(path: Path) -> str:
    """A digest of a file's bytes; empty where it cannot be read."""
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except UnreadableFile:
        return ""


def read_submission(path: Path, slug: str) -> dict[str, Any]:
    """The exercise and the cells of a submission, with a digest of their text (`program`) and one of their syntax
    trees (`tree`), in which layout and comments do not count; or `error`, a sentence without paths.
    """
    try:
        exercise = find_exercise(slug or _slug_of_notebook(path))
        cells = read_program(path, exercise)
    except UnknownExercise:
        return {"error": "Neither its name nor the notebook says which exercise it is for."}
    except (UnusableFile, UnreadableFile) as error:
        reason = str(error).removeprefix(f"{path} cannot be read: ")
        return {"error": f"The file cannot be read: {reason}."}
    return {
        "exercise": exercise.slug,
        "cells": cells,
        "program": _digest(exercise.slug, cells),
        "tree": _digest(exercise.slug, _trees(cells)),
    }


def _trees(cells: Sequence[str]) -> list[str]:
    """The cells without layout and comments; as they are where they are no Python."""
    try:
        return [ast.dump(ast.parse(without_magics(cell))) for cell in cells]
    except NOT_CODE:
        return list(cells)


def _digest(slug: str, cells: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([slug, list(cells)]).encode()).hexdigest()


def _slug_of_notebook(path: Path) -> str:
    """What a notebook's own metadata, or the ids of its cells, say about its exercise."""
    document = read_json(path)
    try:
        slug = document["metadata"].get("lab", {}).get("slug", "")
        ids = [str(cell.get("id", "")) for cell in document["cells"]]
    except (KeyError, TypeError, AttributeError):
        return "-"
    named = str(slug) or next(
        (name[:2] for name in ids if re.fullmatch(r"\d\d-(exercise|check)-\d+", name)), ""
    )
    return named or "-"
