"""What the commands share: exit codes, `--json`, usage errors, and finding the exercise that was named."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from lab_support.course import exercises, places
from lab_support.course.exercises import Exercise, UnknownExercise
from lab_support.safeguards.printing import json_text, printable

SUCCESS, FAILED, USAGE_ERROR, INTERNAL_ERROR = 0, 1, 2, 3  # exit codes

_SEEDS: Final = re.compile(r"(\d+)(?:-(\d+))?")
_MOST_SEEDS: Final = 10_000


class Seconds(click.FloatRange):
    """A number of seconds, which click's own range does not insist on: it lets `nan` pass."""

    def __init__(self, least: float, most: float = 86_400) -> None:
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        return seconds if seconds == seconds else self.fail(f"{value!r} is no number of seconds.", param, ctx)


as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def usage_error(text: str, as_json: bool = False) -> NoReturn:
    """Says what is wrong with the command line and exits with USAGE_ERROR."""
    if as_json:
        print_json({"error": text})
    else:
        click.echo(f"lab: {printable(text)}", err=True)
    sys.exit(USAGE_ERROR)


def exercise_or_exit(slug: str, as_json: bool = False) -> Exercise:
    """The exercise with this slug (or its beginning); a usage error if there is none."""
    try:
        return exercises.find_exercise(slug)
    except UnknownExercise as error:
        usage_error(str(error), as_json)


def print_json(data: Any) -> None:
    """Prints the one object that `--json` promises."""
    click.echo(json_text(data))


def notebook_of(exercise: Exercise, as_json: bool = False) -> Path:
    """The path of the learner's notebook for an exercise; a usage error in a folder that is no learner's."""
    folder_or_exit(as_json)
    return places.root() / "notebooks" / f"{exercise.slug}.ipynb"


def folder_or_exit(as_json: bool = False) -> None:
    """Does nothing in a clone and where `lab start` has written the notebooks; elsewhere, a usage error."""
    if not places.is_ready():
        usage_error(
            f"there are no notebooks of the lab in {places.root()} or above; `lab start FOLDER` creates them",
            as_json,
        )


def solutions_or_exit(as_json: bool = False) -> None:
    """A usage error in a learner's course, which has no solutions and answers; elsewhere does nothing."""
    if places.is_learner_course():
        usage_error(places.NO_SOLUTIONS, as_json)


def clone_or_exit(as_json: bool = False) -> None:
    """Does nothing in a clone; a usage error where the exercises are those of the installed package."""
    if not places.is_clone():
        usage_error("exercises are written in a clone of the repository, see its CONTRIBUTING.md", as_json)


def seeds_of(text: str, as_json: bool = False) -> range:
    """The seeds in a number or a range such as 1-100; a usage error for anything else."""
    found = _SEEDS.fullmatch(text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not first <= last < first + _MOST_SEEDS:
        usage_error(f"--seeds is a number or a range such as 1-100, not {text}", as_json)
    return range(first, last + 1)
