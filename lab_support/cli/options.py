"""What the commands share: exit codes, `--json`, usage errors and the exercise that a command line names."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from lab_support.course import exercises
from lab_support.course.exercises import Exercise, UnknownExercise

SUCCESS, FAILED, USAGE_ERROR, INTERNAL_ERROR = 0, 1, 2, 3

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for scripts.")


def usage_error(text: str, as_json: bool = False) -> NoReturn:
    """Ends the command with exit code 2, saying what is wrong with the call."""
    if as_json:
        click.echo(json.dumps({"error": text}, ensure_ascii=False))
    else:
        click.echo(f"lab: {text}", err=True)
    sys.exit(USAGE_ERROR)


def exercise_or_exit(slug: str, as_json: bool = False) -> Exercise:
    """The exercise that a command line names."""
    try:
        return exercises.find_exercise(slug)
    except UnknownExercise as error:
        usage_error(str(error), as_json)


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def notebook_of(exercise: Exercise) -> Path:
    """Where the learner's notebook of an exercise lies."""
    return exercises.root() / "notebooks" / f"{exercise.slug}.ipynb"
