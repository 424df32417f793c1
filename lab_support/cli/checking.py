"""`lab check`: the verdict on a notebook or a file, for people and for scripts."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lab_support.checking import judge
from lab_support.checking.judge_process import JudgeProcess
from lab_support.cli.options import (
    FAILED,
    INTERNAL_ERROR,
    SUCCESS,
    as_json,
    emit,
    notebook_of,
    usage_error,
    wanted,
)

_EXIT = {"passed": SUCCESS, "lab-error": INTERNAL_ERROR}


@click.command("check")
@click.argument("slug")
@click.option(
    "--with", "file", metavar="FILE", help="Check this .py, .ipynb or .diff instead of your notebook."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=3600),
    default=judge.TIME_LIMIT,
    show_default=True,
    help="Seconds that the program may take.",
)
@as_json
def check_command(slug: str, file: str | None, timeout: float, as_json: bool) -> None:
    """Check the program of an exercise, from its notebook or from FILE.

    The program is put into a pristine copy of the exercise; what else the notebook contains does not count.
    Exit code 0: passed; 1: not passed; 2: wrong call; 3: the lab itself failed.
    """
    exercise = wanted(slug, as_json)
    path = Path(file) if file is not None else notebook_of(exercise)
    try:
        cells = judge.program_in(path, exercise)
    except judge.Unusable as error:
        usage_error(str(error), as_json)
    ruling = judge.judge(
        exercise,
        cells,
        time_limit=timeout,
        folder=path.resolve().parent,
        keep_progress=file is None,
        process=click.get_current_context().find_object(JudgeProcess),
    )
    if as_json:
        emit(ruling.to_json())
    else:
        click.echo(ruling.text)
    sys.exit(_EXIT.get(ruling.outcome, FAILED))
