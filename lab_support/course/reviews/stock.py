"""The stock that reviews are made of: flaws and distractors, each a difference from the sound system.

The sound system is the solution of 06_code_review with what exercises/reviews/system.diff adds. A flaw is a file in
exercises/reviews/flaws/, in the form of a fix: comments that describe it (YAML), and a difference. A distractor looks
suspicious and is right. `lab validate reviews` proves both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from lab_support.course.difference_format import SOLUTION, header_of, read_text
from lab_support.course.differences import read_cells
from lab_support.course.exercises import POINTS, Exercise, find_exercise
from lab_support.course.exercises import SOLUTION as SOLVED
from lab_support.course.merge import merge
from lab_support.course.notes import Answer, Sound
from lab_support.course.places import course_folder

SYSTEM: Final = "06_code_review"
_NOTED: Final = ("name", "called")
_RECORD: Final = ("finding", "severity", "category", "title", "short", "issue", "impact")
_FLAW: Final = (*_RECORD, "what", "hint", *_NOTED)
_DISTRACTOR: Final = ("words", "about", "why", *_NOTED)


class StockError(ValueError):
    """A file of the stock cannot be used; the text says which one, and why."""


@dataclass(frozen=True)
class Change:
    """A difference from the sound system: its name, and the cells of the program with it alone."""

    name: str
    cells: tuple[str, ...]
    texts: Mapping[str, str]

    def conflicts_with(self, other: Change) -> bool:
        """Whether both change the same lines, or one says that it hides the other (`not_with`)."""
        return combined((self, other)) is None


@dataclass(frozen=True)
class StockFlaw(Change):
    """A flaw: what the review record says of it, and the words with which people describe it."""

    @property
    def finding(self) -> str:
        return self.texts["finding"]

    @property
    def severity(self) -> str:
        return self.texts["severity"]

    @property
    def record(self) -> Mapping[str, Any]:
        """What the review record says of it (see course/record.py)."""
        return {name: self.texts[name] for name in _RECORD}

    def answer(self) -> Answer:
        """What notes about it are compared with."""
        texts = self.texts
        return Answer(
            finding=self.finding,
            name=texts["name"],
            called=texts["called"],
            words=kinds()[self.finding]["words"],
            what=texts["what"],
            apart_from=texts.get("apart_from", ""),
            telling=texts.get("words", ""),
        )


@dataclass(frozen=True)
class Distractor(Change):
    """Something sound that looks suspicious, and why it is right."""

    def sound(self) -> Sound:
        """What notes about it are compared with: `words` claim a consequence that it does not have, and those of
        `about` only say what the note is about."""
        texts = self.texts
        return Sound(
            name=texts["name"],
            called=texts["called"],
            why=texts["why"],
            apart_from=texts.get("apart_from", ""),
            words=texts["words"],
            telling=texts["about"],
        )


@dataclass(frozen=True)
class Drawn:
    """What a seed has drawn: flaws of different kinds, and distractors; no two of them change the same lines."""

    flaws: tuple[StockFlaw, ...]
    distractors: tuple[Distractor, ...]


def system() -> Exercise:
    """The exercise that reviews take their cells from, and whose solution the sound system is based on."""
    return find_exercise(SYSTEM)


@cache
def _sound(folder: Path) -> tuple[str, ...]:
    return tuple(read_cells(_stock(folder) / "system.diff", {SOLUTION: system().sources(SOLVED)}))


def sound_cells() -> tuple[str, ...]:
    """The cells of the sound system."""
    return _sound(course_folder())


def combined(changes: Sequence[Change]) -> tuple[str, ...] | None:
    """The cells of the sound system with all these changes, or None where two of them change the same lines, or one
    hides another: then it names that in `not_with`."""
    names = {change.name for change in changes}
    if any(names & {*change.texts.get("not_with", "").split()} for change in changes):
        return None
    before = sound_cells()
    cells = list(before)
    for change in changes:
        for number, (base, own) in enumerate(zip(before, change.cells, strict=True)):
            if own == base:
                continue
            merged = merge(base.split("\n"), cells[number].split("\n"), own.split("\n"))
            if merged.conflicts:
                return None
            cells[number] = "\n".join(merged.lines)
    return tuple(cells)


def exists() -> bool:
    """Whether the course has a stock; a copy of single exercises has none."""
    return (_stock(course_folder()) / "kinds.yaml").is_file()


def version() -> str:
    """A digest of all that reviews are made of."""
    parts = [*sound_cells(), *(cell for change in (*flaws(), *distractors()) for cell in change.cells)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def flaws() -> tuple[StockFlaw, ...]:
    """All flaws, by name. Raises StockError, and DifferenceError where one does not fit the sound system."""
    return _flaws(course_folder())


def distractors() -> tuple[Distractor, ...]:
    """All distractors, by name. Raises what flaws() raises."""
    return _distractors(course_folder())


def kinds() -> Mapping[str, Mapping[str, str]]:
    """For each kind of flaw, by finding: the `words` that people use for its consequence, the `question` of a hint, the
    `lesson` that it teaches, and the `control` behind it."""
    return _kinds(course_folder())


@cache
def _flaws(folder: Path) -> tuple[StockFlaw, ...]:
    found = tuple(StockFlaw(*_read(path, _FLAW)) for path in _files(folder, "flaws"))
    for flaw in found:
        if flaw.severity not in POINTS or flaw.finding not in _kinds(folder):
            raise StockError(f"{flaw.name}: unknown severity or finding: {flaw.severity}, {flaw.finding}")
    return found


@cache
def _distractors(folder: Path) -> tuple[Distractor, ...]:
    return tuple(Distractor(*_read(path, _DISTRACTOR)) for path in _files(folder, "distractors"))


@cache
def _kinds(folder: Path) -> Mapping[str, Mapping[str, str]]:
    text = (_stock(folder) / "kinds.yaml").read_text(encoding="utf-8")
    return {str(finding): dict(entry) for finding, entry in yaml.safe_load(text).items()}


def _files(folder: Path, what: str) -> list[Path]:
    return sorted((_stock(folder) / what).glob("*.diff"))


def _stock(folder: Path) -> Path:
    return folder / "exercises" / "reviews"


def _read(path: Path, needed: Sequence[str]) -> tuple[str, tuple[str, ...], Mapping[str, str]]:
    """The name, the cells and the texts of a file of the stock."""
    header = "\n".join(line.removeprefix("# ") for line in header_of(read_text(path)))
    try:
        texts = {str(name): " ".join(str(text).split()) for name, text in yaml.safe_load(header).items()}
    except (yaml.YAMLError, AttributeError) as error:
        raise StockError(f"{path.name}: its comments cannot be read as YAML: {error}") from None
    if missing := [name for name in needed if not texts.get(name)]:
        raise StockError(f"{path.name}: its comments lack {', '.join(missing)}")
    cells = read_cells(path, {SOLUTION: list(sound_cells())})
    return path.stem, tuple(cells), texts
