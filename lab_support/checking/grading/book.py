"""What grading writes into its folder, and what it finds there from last time.

    OUT/.grading/seed           draws the environments of this folder's gradings
    OUT/.grading/read/…         which program is in a file
    OUT/.grading/graded/…       what a program earns, with its drill's picture
    OUT/grades.json, …          written at the end

A file appears whole or not at all, so a grading that was killed continues where it stopped.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lab_support.checking.environments import new_seed
from lab_support.checking.grading.pool import Graded
from lab_support.checking.judge import Ruling
from lab_support.course.exercises import Exercise, find_exercise

STATE: Final = ".grading"
_FORMAT: Final = 2  # another one forgets what was graded before
# Spreadsheets take a cell that begins so for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Grade:
    """One line of the book; `reason` says why if the findings do not."""

    learner: str
    exercise: str
    outcome: str
    findings: tuple[Mapping[str, str], ...]
    points: int
    of: int
    seconds: float
    program: str
    reason: str | None
    file: str
    user_id: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "findings": list(self.findings)}


class Book:
    """The folder of a grading. `seed` is this folder's own unless given."""

    def __init__(self, folder: Path, seed: int | None = None) -> None:
        self.folder, self.state = folder, folder / STATE
        for part in ("read", "graded"):
            (self.state / part).mkdir(parents=True, exist_ok=True)
        file = self.state / "seed"
        if seed is None and file.is_file():
            seed = int(file.read_text(encoding="ascii"))
        self.seed = new_seed() if seed is None else seed
        write(file, str(self.seed))

    def read_before(self, digest: str, slug: str) -> dict[str, Any] | None:
        """What is known of a file with this digest."""
        known = _load(self._of_file(digest, slug))
        return known if digest else None

    def note_read(self, digest: str, slug: str, told: Mapping[str, Any]) -> None:
        if digest:
            write(self._of_file(digest, slug), json.dumps(told))

    def graded_before(self, exercise: Exercise, program: str) -> Graded | None:
        """What the program with this digest earned last time, if the exercise is still the same."""
        told = _load(self._of_program(exercise, program))
        if told is None:
            return None
        ruling = {**told["ruling"], "findings": tuple(told["ruling"]["findings"])}
        return Graded(Ruling(**ruling), told["picture"])

    def note_graded(self, exercise: Exercise, program: str, graded: Graded) -> None:
        """Keeps what a program earns, unless that is unknown."""
        if graded.ruling.outcome != "lab-error":
            told = {
                "ruling": {**graded.ruling.to_json(), "text": graded.ruling.text},
                "picture": graded.picture,
            }
            write(self._of_program(exercise, program), json.dumps(told))

    def _of_file(self, digest: str, slug: str) -> Path:
        return self.state / "read" / f"{_name(str(_FORMAT), digest, slug)}.json"

    def _of_program(self, exercise: Exercise, program: str) -> Path:
        key = _name(str(_FORMAT), exercise.slug, exercise.version, program, str(self.seed))
        return self.state / "graded" / f"{key}.json"

    def write_grades(self, grades: Sequence[Grade], others: Mapping[str, str]) -> None:
        """Writes the grades, the gradebooks for Canvas and Moodle, and the list of what was not understood."""
        listed = [grade.to_json() for grade in grades]
        write(self.folder / "grades.json", json.dumps(listed, indent=1, ensure_ascii=False) + "\n")
        rows = [
            [g.learner, g.exercise, g.outcome, g.points, g.of, _ids(g), g.reason or "", g.program, g.file]
            for g in grades
        ]
        head = ["learner", "exercise", "outcome", "points", "of", "findings", "reason", "program", "file"]
        write(self.folder / "grades.csv", _table([head, *rows]))
        write(self.folder / "canvas.csv", _canvas(grades))
        write(self.folder / "moodle.csv", _moodle(grades))
        lines = [f"{name}: {reason}\n" for name, reason in sorted(others.items())]
        write(self.folder / "not_graded.txt", "".join(lines))


def _canvas(grades: Sequence[Grade]) -> str:
    """For Canvas's Gradebook, Import: https://community.canvaslms.com/t5/Instructor-Guide/tkb-p/Instructor"""
    slugs = sorted({grade.exercise for grade in grades})
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *slugs]
    possible = ["    Points Possible", "", "", "", "", *(find_exercise(slug).points for slug in slugs)]
    rows = [
        [learner, _user_id(own), "", "" if _user_id(own) else learner, "", *_points(own, slugs)]
        for learner, own in by_learner(grades).items()
    ]
    return _table([head, possible, *rows])


def _moodle(grades: Sequence[Grade]) -> str:
    """For Moodle's Grades, Import, CSV file; `Identifier` is also that of an assignment's grading worksheet."""
    slugs = sorted({grade.exercise for grade in grades})
    head = ["Identifier", "Full name", *slugs, "Total"]
    rows = []
    for learner, own in by_learner(grades).items():
        number = _user_id(own)
        earned = _points(own, slugs)
        total = sum(grade.points for grade in own)
        rows.append([f"Participant {number}" if number else learner, learner, *earned, total])
    return _table([head, *rows])


def by_learner(grades: Sequence[Grade]) -> dict[str, list[Grade]]:
    """The grades of each learner, in the order of the learners."""
    found: dict[str, list[Grade]] = {}
    for grade in sorted(grades, key=lambda grade: (grade.learner, grade.exercise)):
        found.setdefault(grade.learner, []).append(grade)
    return found


def _points(own: Sequence[Grade], slugs: Sequence[str]) -> list[Any]:
    """A learner's points by exercise; empty where the instructor must decide, or nothing was handed in."""
    earned = {grade.exercise: grade.points for grade in own if grade.outcome not in ("suspect", "lab-error")}
    return [earned.get(slug, "") for slug in slugs]


def _user_id(own: Sequence[Grade]) -> str:
    return next((grade.user_id for grade in own if grade.user_id), "")


def _ids(grade: Grade) -> str:
    return " ".join(dict.fromkeys(finding["id"] for finding in grade.findings))


def _table(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in row])
    return text.getvalue()


def _name(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:40]


def _load(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write(file: Path, text: str) -> None:
    """Writes a file so that it is there whole or not at all. Of a lone surrogate it holds the escape."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text.encode(errors="backslashreplace"))
    except OSError as error:  # a full disk is noticed by the write, whose error names no file
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from None
    os.replace(part, file)
