"""Judges one program for one exercise in a process of its own: `judge(...)` starts it and returns the ruling.

The program runs in a child (judge_child.py), so that it can loop forever, call sys.exit() or print without end and
harm nothing. Only the cells that the learner may edit are theirs; the rest of the exercise comes from exercises/.
"""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from lab_support.checking.judge_process import JudgeProcess
from lab_support.course import exercises
from lab_support.course.exercises import Exercise
from lab_support.course.fixes import DifferenceError, read_fix
from lab_support.course.learner_notebook import exercise_cells
from lab_support.untrusted.files import read_text

TIME_LIMIT: Final = 30.0
# Seconds that the child may take beyond the program's limit, for everything else, on a slow machine.
_OVERHEAD: Final = 60.0
OUTCOMES: Final = ("passed", "failed", "unchanged", "program-error", "lab-error")


class UnusableFile(Exception):
    """The program cannot be read from its file; the message says why in one sentence."""


@dataclass(frozen=True)
class Ruling:
    """The result of a check: `outcome` is one of OUTCOMES; the other fields are those of `lab check --json`."""

    exercise: str
    outcome: str
    findings: tuple[Mapping[str, str], ...] = ()
    message: str | None = None
    location: Mapping[str, Any] | None = None
    points: int = 0
    of: int = 0
    seconds: float = 0.0
    seed: int | None = None  # draws the environments that nobody can foresee; repeats the check as it was
    text: str = field(default="", repr=False)

    def to_json(self) -> dict[str, Any]:
        """The object that `lab check --json` prints."""
        data = asdict(self)
        del data["text"]
        return {**data, "findings": list(self.findings)}

    @property
    def finding_ids(self) -> list[str]:
        """The distinct ids of the findings, in order."""
        return list(dict.fromkeys(finding["id"] for finding in self.findings))


def read_program(path: Path, exercise: Exercise) -> list[str]:
    """The program in a file: a .py file whole, the exercise cells of an .ipynb, or a fix that is a .diff.

    Raises UnusableFile.
    """
    if not path.is_file():
        raise UnusableFile(f"there is no file {path}")
    try:
        if path.suffix == ".ipynb":
            return exercise_cells(path, exercise)
        if path.suffix == ".diff":
            return list(read_fix(path, exercise).cells)
        return [read_text(path)]
    except (OSError, ValueError, DifferenceError) as error:
        raise UnusableFile(str(error)) from None


def judge(
    exercise: Exercise,
    cells: Sequence[str],
    *,
    time_limit: float = TIME_LIMIT,
    folder: Path | None = None,
    keep_progress: bool = False,
    process: JudgeProcess | None = None,
    seed: int | None = None,
) -> Ruling:
    """Runs `cells` in place of the exercise's, in `folder`, then the exercise's check.

    It returns whatever the program does; an internal error is the outcome `lab-error`. A `process` started earlier
    saves time: it can be asked once, and its caller must end it. A `seed` draws the environments of an
    earlier check again.
    """
    with tempfile.TemporaryDirectory(prefix="pulumi-review-judge-") as scratch, ExitStack() as stack:
        result = Path(scratch) / "ruling.json"
        request = {
            "slug": exercise.slug,
            "cells": list(cells),
            "time_limit": time_limit,
            "folder": str(folder or scratch),
            "keep_progress": keep_progress,
            "result": str(result),
            "seed": seed,
        }
        child = process or stack.enter_context(JudgeProcess(exercise.slug))
        try:
            code = child.ask(json.dumps(request).encode(), time_limit + _OVERHEAD)
        except subprocess.TimeoutExpired:
            return _lab_error(exercise, "the process that runs the check did not answer and was killed")
        if result.is_file():
            return read_ruling(result)
    return ended_early(exercise, code)


def read_ruling(file: Path) -> Ruling:
    """The ruling that a child wrote to its result file."""
    ruling = json.loads(file.read_text(encoding="utf-8"))
    return Ruling(**{**ruling, "findings": tuple(ruling["findings"])})


def ended_early(exercise: Exercise, code: int) -> Ruling:
    """The ruling on a program whose process ended without writing one; `code` is its exit code."""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return _lab_error(exercise, f"the process that runs the check was killed ({name})")
    message = f"The program ended the whole Python process (exit code {code}); it must return instead."
    return Ruling(exercise.slug, "program-error", message=message, of=exercise.points, text=message)


def _lab_error(exercise: Exercise, message: str) -> Ruling:
    return Ruling(exercise.slug, "lab-error", message=message, of=exercise.points, text=message)


def as_shipped(exercise: Exercise) -> list[str]:
    """The cells of the program as shipped."""
    return exercise.sources(exercises.EXERCISE)


def as_solved(exercise: Exercise) -> list[str]:
    """The cells of the solution."""
    return exercise.sources(exercises.SOLUTION)
