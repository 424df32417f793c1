"""Judges one program for one exercise in a process of its own: `judge(...)` starts it and returns the ruling.

The program runs in a child (judge_child.py), so that it can loop forever, call sys.exit() or print without end and
harm nothing. Only the cells that the learner may edit are theirs; the rest of the exercise comes from exercises/.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lab_support.checking.judge_process import JudgeProcess
from lab_support.course import exercises
from lab_support.course.exercises import Exercise
from lab_support.course.fixes import DifferenceError, read_fix
from lab_support.course.learner_notebook import exercise_cells
from lab_support.errors import InternalError, MachineError
from lab_support.safeguards.files import read_text
from lab_support.safeguards.folders import temporary_folder, unusable_temporary_folder
from lab_support.safeguards.guard import Fate
from lab_support.safeguards.shortage import MANY_THREADS, shortage
from lab_support.safeguards.supervised import NoAnswer

TIME_LIMIT: Final = 30.0
# Seconds that the child may take beyond the program's limit, for everything else, on a slow machine.
OVERHEAD: Final = 60.0


class UnusableFile(Exception):
    """The program cannot be read from its file; the message says why in one sentence."""


@dataclass(frozen=True)
class Ruling:
    """The result of a check, with the fields of `lab check --json`.

    `outcome` is `passed`, `failed`, `unchanged`, `program-error` or `lab-error`.
    """

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
    began = time.monotonic()
    if missing := shortage(MANY_THREADS):  # looked for while the child is still getting ready
        return lab_error(exercise, MachineError(missing))
    with ExitStack() as stack:
        try:
            scratch = stack.enter_context(temporary_folder("judge"))
        except OSError as error:
            return lab_error(exercise, MachineError(unusable_temporary_folder(error)))
        result = scratch / "ruling.json"
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
            fate = child.ask(json.dumps(request).encode(), time_limit + OVERHEAD)
        except NoAnswer:
            return no_answer(exercise)
        ruling = read_ruling(result) or ended_early(exercise, fate, time_limit, scratch)
    return ruling if ruling.seconds else replace(ruling, seconds=round(time.monotonic() - began, 2))


def read_ruling(file: Path) -> Ruling | None:
    """The ruling that a child wrote to its result file; None if there is none."""
    if not file.is_file():
        return None
    ruling = json.loads(file.read_text(encoding="utf-8"))
    return Ruling(**{**ruling, "findings": tuple(ruling["findings"])})


def ended_early(exercise: Exercise, fate: Fate, time_limit: float, scratch: Path) -> Ruling:
    """The ruling on a program whose process ended without writing one into `scratch`.

    Before the program began, that is the lab's fault or the machine's; afterwards it is the program's, unless memory,
    disk space or something else has run out.
    """
    if fate.late:
        message = past_limit(time_limit)
    elif fate.blamed:
        message = fate.blamed
    elif problem := _problem(fate, scratch):
        return lab_error(exercise, problem)
    elif fate.code < 0:
        name = signal.Signals(-fate.code).name
        message = f"The program ended its own process ({name}); it must return instead."
    else:
        message = (
            f"The program ended the whole Python process (exit code {fate.code}); it must return instead."
        )
    text = f"{exercise.slug}: the program did not run.\n  {message}"
    return Ruling(exercise.slug, "program-error", message=message, of=exercise.points, text=text)


def past_limit(time_limit: float) -> str:
    """What is said of a program that was stopped at its limit."""
    return f"The program ran past the limit of {time_limit:g} s."


def no_answer(exercise: Exercise) -> Ruling:
    """The ruling where the process that judges did not answer."""
    return lab_error(exercise, InternalError("the process that runs the check did not answer and was killed"))


def _problem(fate: Fate, scratch: Path) -> InternalError | None:
    """The failure of this machine or of the lab that ended the process; None where the program did."""
    if fate.out_of_memory:
        return MachineError("the process that runs the check was killed because memory ran out")
    if not fate.begun and fate.code < 0:
        return MachineError(f"the process that runs the check was killed ({signal.Signals(-fate.code).name})")
    if not fate.begun:
        return InternalError(
            f"the process that runs the check ended before the program began (exit code {fate.code})"
        )
    scratch.mkdir(parents=True, exist_ok=True)  # the program may have deleted it
    missing = shortage()
    return MachineError(missing) if missing else None


def lab_error(exercise: Exercise, error: InternalError) -> Ruling:
    """The ruling where the lab or this machine failed; `error` says which."""
    return Ruling(exercise.slug, "lab-error", message=str(error.args[0]), of=exercise.points, text=str(error))


def as_shipped(exercise: Exercise) -> list[str]:
    """The cells of the program as shipped."""
    return exercise.sources(exercises.EXERCISE)


def as_solved(exercise: Exercise) -> list[str]:
    """The cells of the solution."""
    return exercise.sources(exercises.SOLUTION)
