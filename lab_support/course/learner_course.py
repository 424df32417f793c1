"""A course folder for learners: the lab as in a clone, without solutions, other fixes and the reviewer's answers.

Its notebooks are those of the whole course, byte for byte, so that an instructor's clone grades what is handed in. A
wheel built from such a folder carries no solutions either.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import yaml

from lab_support.course import exercises, notebooks
from lab_support.course.exercises import ANSWERS, NOTED
from lab_support.course.places import LEARNER_MARK, course_folder

# What a learner needs to set the lab up; README.md is written anew.
_FILES: Final = (
    "LICENSE",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "environment.yml",
    ".gitignore",
)
_ANSWER_TAGS: Final = (ANSWERS, NOTED)
# Header entries that name fixes, or quote the solution.
_ANSWER_KEYS: Final = ("ways", "repairs", "record")
_MARK_TEXT: Final = """\
This course folder is a learner's: `lab build --learner` left out solutions, other fixes and the reviewer's answers.
Commands that would show them say so. Hints and debriefs are here.
"""
_README: Final = """\
# Pulumi review lab

You review the AWS infrastructure of an emergency-alert system, one flaw per notebook, and repair it. Everything runs
on your own machine against a mock AWS account: no cloud, no AWS or Pulumi account.

You need Python 3.11 or later, and make:

    make lab      # sets everything up and opens JupyterLab; the first time, this takes some minutes

JupyterLab opens on a start page with a map of the exercises. `. .venv/bin/activate` puts the `lab` command on your
path: `lab list` shows your progress, `lab check 02` checks a notebook, and `lab doctor` says what is missing.

Solutions are with your instructor.
"""


class LearnerCourseError(Exception):
    """The course cannot be written there; the text says why and what to do."""


def write(target: Path) -> list[Path]:
    """Writes the course to `target`, which must be new or empty; returns the notebooks.

    Raises LearnerCourseError where it is not, and OSError.
    """
    source = course_folder()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise LearnerCourseError(f"{target} exists and is not empty; name a new folder")
    for name in (
        "lab_support",
        "guides",
        "exercises",
    ):  # would be copied into itself, or read as part of the course
        if target.resolve().is_relative_to((source / name).resolve()):
            raise LearnerCourseError(f"{target} is inside {name}/ of this course; name a folder outside it")
    for folder in ("exercises", "notebooks"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copyfile(source / name, target / name)
    for name in ("lab_support", "guides"):
        shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "_course"))
    (target / "README.md").write_text(_README, encoding="utf-8")
    (target / "exercises" / LEARNER_MARK).write_text(_MARK_TEXT, encoding="utf-8")
    for exercise in exercises.catalogue():
        text = without_answers(exercise.path.read_text(encoding="utf-8"))
        (target / "exercises" / exercise.path.name).write_text(text, encoding="utf-8")
    return [_write_notebook(target, slug, text) for slug, text in notebooks.learners_texts()]


def without_answers(text: str) -> str:
    """An exercise's file without the cells and header entries that give answers away; the rest stays as it is.

    Raises ValueError where the header is not closed.
    """
    lines = text.splitlines(keepends=True)
    kept: list[str] = []
    if lines and lines[0].rstrip() == "# ---":
        end = [line.rstrip() for line in lines].index("# ---", 1)
        header = yaml.safe_load("".join(line[2:] for line in lines[1:end]))
        for key in _ANSWER_KEYS:
            header["jupyter"]["lab"].pop(key, None)
        written = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=10_000)
        kept = ["# ---\n", *(f"# {line}\n" for line in written.splitlines()), "# ---\n"]
        lines = lines[end + 1 :]
    is_kept = True
    for line in lines:
        if (tag := exercises.tag_of_marker(line.rstrip("\n"))) is not None:
            is_kept = tag not in _ANSWER_TAGS
        if is_kept:
            kept.append(line)
    return "".join(kept)


def _write_notebook(target: Path, slug: str, text: str) -> Path:
    path = target / "notebooks" / f"{slug}.ipynb"
    path.write_text(text, encoding="utf-8")
    return path
