"""`lab check`: the verdict on a notebook or a file, for people and for scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lab_support.checking import judge
from lab_support.checking.judge_process import JudgeProcess
from lab_support.cli.completing import slugs
from lab_support.cli.options import (
    FAILED,
    INTERNAL_ERROR,
    SUCCESS,
    Seconds,
    as_json,
    exercise_or_exit,
    notebook_of,
    print_json,
    usage_error,
)
from lab_support.course.exercises import Exercise
from lab_support.course.learner_notebook import learner_program
from lab_support.course.places import is_learner_course
from lab_support.course.repairs import has_repairs

_EXIT = {"passed": SUCCESS, "lab-error": INTERNAL_ERROR}


def notes_on(path: Path, exercise: Exercise) -> list[str]:
    """What is to be said about how the program was found in a file."""
    return learner_program(path, exercise).notes if path.suffix == ".ipynb" else []


def _named(path: Path, exercise: Exercise, as_json: bool) -> Path:
    """The file that `--with` names: in a folder, the exercise's notebook."""
    if not path.is_dir():
        return path
    inside = (path / f"{exercise.slug}.ipynb", path / "notebooks" / f"{exercise.slug}.ipynb")
    for notebook in inside:
        if notebook.is_file():
            return notebook
    usage_error(f"{path} is a folder without {exercise.slug}.ipynb; name a file", as_json)


time_limit = click.option(
    "--timeout",
    type=Seconds(0.1, 3600),
    default=judge.TIME_LIMIT,
    show_default=True,
    help="Time limit for the program, in seconds.",
)


@click.command("check")
@click.argument("slug", shell_complete=slugs)
@click.option(
    "--with",
    "file",
    metavar="FILE",
    type=click.Path(),
    help="Check this .py, .ipynb or .diff file instead of your notebook; in a folder, the exercise's notebook.",
)
@time_limit
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="N",
    help="Try the environments that an earlier check drew with this seed.",
)
@as_json
def check_command(slug: str, file: str | None, timeout: float, seed: int | None, as_json: bool) -> None:
    """Check an exercise's program, from your notebook or from FILE.

    Only the exercise's own cells are used, with what they need from your other cells. The exercise's own check decides,
    not the one in your notebook. SLUG is an exercise, such as 02_database_zone; its number is enough.

    Exit codes: 0 passed, 1 not passed, 2 usage error, 3 internal error.
    """
    exercise = exercise_or_exit(slug, as_json)
    path = _named(Path(file), exercise, as_json) if file is not None else notebook_of(exercise, as_json)
    try:
        cells = judge.read_program(path, exercise)
    except judge.UnusableFile as error:
        usage_error(str(error), as_json)
    notes = notes_on(path, exercise)
    ruling = judge.judge(
        exercise,
        cells,
        time_limit=timeout,
        folder=path.resolve().parent,
        keep_progress=file is None,
        process=click.get_current_context().find_object(JudgeProcess),
        seed=seed,
    )
    if as_json:
        print_json(ruling.to_json() | ({"notes": notes} if notes else {}))
    else:
        for note in notes:
            click.echo(note, err=True)
        click.echo(ruling.text)
        if ruling.outcome == "passed" and file is None and has_repairs(exercise) and not is_learner_course():
            click.echo(f"\nNext: lab repairs {slug}, then lab solution {slug} and lab debrief {slug}")
    sys.exit(_EXIT.get(ruling.outcome, FAILED))
