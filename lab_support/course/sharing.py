"""Sharing progress with an instructor: off until `lab share FOLDER`, and then a copy of a few facts goes there.

The copy has the learner's name, where they are, and of each exercise the number of checks, the points, the time of the
pass and the open findings. It has no program, no prediction and no note.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from lab_support.safeguards.files import UnreadableFile, read_json

SUFFIX: Final = ".shared-progress.json"
FORMAT: Final = 1
# Its name begins like that of the progress file, so that git ignores it, too.
_SETTING: Final = ".progress.sharing.json"
_READABLE: Final = 0o644  # the instructor is another user


@dataclass(frozen=True)
class Sharing:
    """Where the copy is (`folder`, `file`), and the name that is shown."""

    folder: str
    name: str
    file: str

    @property
    def path(self) -> Path:
        return Path(self.folder) / self.file


def sharing_of(notebooks: Path) -> Sharing | None:
    """How the progress in a folder of notebooks is shared; None where it is not."""
    try:
        values = read_json(notebooks / _SETTING)
        sharing = Sharing(**values)
    except (UnreadableFile, TypeError):
        return None
    return sharing if all(type(value) is str for value in values.values()) else None


def start(notebooks: Path, folder: Path, name: str) -> Sharing:
    """Shares from the next change on, with `folder`; an earlier copy elsewhere is deleted. Raises OSError."""
    before = sharing_of(notebooks)
    here = str(folder.resolve())
    if before and before.folder == here:
        sharing = Sharing(here, name, before.file)
    else:
        stop(notebooks)
        plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "learner"
        sharing = Sharing(here, name, f"{plain}-{secrets.token_hex(4)}{SUFFIX}")
    _replace(notebooks / _SETTING, asdict(sharing))
    return sharing


def stop(notebooks: Path) -> Sharing | None:
    """Ends the sharing and deletes the copy, where it can be reached; returns what there was."""
    sharing = sharing_of(notebooks)
    (notebooks / _SETTING).unlink(missing_ok=True)
    if sharing:
        with suppress(OSError):
            sharing.path.unlink()
    return sharing


def publish(notebooks: Path, exercises: Mapping[str, Mapping[str, Any]], last: str) -> str:
    """Writes the copy anew if there is sharing; returns why that was not possible, or an empty text."""
    sharing = sharing_of(notebooks)
    if sharing is None:
        return ""
    facts = ("checks", "points", "passed_at", "open")
    data = {
        "shared_progress": FORMAT,
        "name": sharing.name,
        "updated": datetime.now(UTC).isoformat(timespec="seconds"),
        "last": last,
        "exercises": {
            slug: {fact: values[fact] for fact in facts} for slug, values in sorted(exercises.items())
        },
    }
    try:
        _replace(sharing.path, data, _READABLE)
    except OSError as error:
        return f"{sharing.path} cannot be written ({error.strerror or error}); `lab share --stop` ends it"
    return ""


def _replace(path: Path, data: Mapping[str, Any], mode: int = 0o600) -> None:
    """Writes a file as a whole, so that a reader sees the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=2)
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise
