"""`lab list`, `hint`, `changes`, `solution`, `notes` and `reset`: what a learner asks for on the way."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from lab_support.checking import judge
from lab_support.cli.completing import slugs
from lab_support.cli.options import (
    FAILED,
    INTERNAL_ERROR,
    as_json,
    exercise_or_exit,
    notebook_of,
    print_json,
    solutions_or_exit,
    usage_error,
)
from lab_support.cli.previewing import exit_with_error
from lab_support.cli.progress import on_terminal
from lab_support.course import coach, exercises, notes, progress
from lab_support.course.cells import program_of
from lab_support.course.exercises import EXERCISE, HINTS, Exercise
from lab_support.course.learner_notebook import notes_in
from lab_support.course.overview import overview
from lab_support.course.places import is_ready
from lab_support.display.coach import solution_text
from lab_support.display.diff import diff_view
from lab_support.display.show import show
from lab_support.errors import BriefError, InternalError, PreviewFailed, ProgramError


@click.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """List the exercises and your progress."""
    seen = overview()
    if as_json:
        rows = [standing.to_json() for standing in seen.standings]
        print_json({"exercises": rows, "points": seen.points, "of": seen.of, "trouble": seen.trouble or None})
    else:
        click.echo(show(seen).text)
        if not is_ready():
            click.echo("There are no notebooks in this folder; `lab start FOLDER` creates them.")
    if seen.trouble:
        progress.acknowledge(coach.folder())


@click.command("hint")
@click.argument("slug", shell_complete=slugs)
@click.argument("step", type=click.IntRange(1, HINTS), required=False)
@as_json
def hint_command(slug: str, step: int | None, as_json: bool) -> None:
    """Show the next hint you have not seen, or hint STEP (1 to 3)."""
    found = coach.hint(exercise_or_exit(slug, as_json).slug, step)
    text = f"{found.title}\n\n{found.text}"
    if as_json:
        print_json({"exercise": found.exercise, "step": found.step, "of": found.of, "text": text})
    else:
        click.echo(text)


@click.command("solution")
@click.argument("slug", shell_complete=slugs)
@click.option("--yes", is_flag=True, help="Show it even if you have not passed yet.")
@click.option("--whole", is_flag=True, help="Show whole programs instead of differences from yours.")
@as_json
def solution_command(slug: str, yes: bool, whole: bool, as_json: bool) -> None:
    """Show how the solution differs from your program.

    Other correct solutions follow. If you have not passed yet, it asks first.
    """
    exercise = exercise_or_exit(slug, as_json)
    solutions_or_exit(as_json)
    if not yes and not coach.entry_of(exercise).passed:
        _confirm(f"You have not passed {exercise.slug} yet. Show the solution anyway?", as_json)
    try:
        found = coach.solution(exercise.slug, _saved_program(exercise), yes=True)
    except InternalError as error:
        if as_json:
            print_json({"error": str(error)})
        else:
            click.echo(str(error), err=True)
        sys.exit(INTERNAL_ERROR)
    if as_json:
        print_json(found.to_json())
        return
    click.echo(solution_text(found, whole=whole))
    click.echo(f"\nThe solved notebook is solutions/{exercise.slug}.ipynb")


def _saved_program(exercise: Exercise) -> str | None:
    """The program in the learner's notebook; None where it cannot be read or is the one as shipped."""
    try:
        cells = judge.read_program(notebook_of(exercise), exercise)
    except judge.UnusableFile:
        return None
    return None if exercises.same_program(cells, exercise.sources(EXERCISE)) else "\n\n".join(cells)


@click.command("notes")
@click.argument("slug", shell_complete=slugs)
@click.option("--yes", is_flag=True, help="Show it even if you have not passed yet.")
@as_json
def notes_command(slug: str, yes: bool, as_json: bool) -> None:
    """Compare the notes in your notebook with the actual flaws.

    If you have not passed yet, it asks first, because this gives the answers away.
    """
    exercise = exercise_or_exit(slug, as_json)
    if not notes.has_answers(exercise):
        usage_error(notes.no_answers(exercise).removesuffix("."), as_json)
    try:
        found = notes_in(notebook_of(exercise, as_json))
    except ValueError as error:
        usage_error(str(error), as_json)
    if not yes and not coach.entry_of(exercise).passed:
        _confirm(
            f"You have not passed {exercise.slug} yet, and this gives the answers away. Show them anyway?",
            as_json,
        )
    try:
        comparison = coach.compare_notes(exercise.slug, found, yes=True)
    except BriefError as error:
        usage_error(str(error), as_json)
    if as_json:
        print_json(comparison.to_json())
    else:
        click.echo(show(comparison).text)


@click.command("changes")
@click.argument("slug", shell_complete=slugs)
@click.option("--stack", default="dev", show_default=True, metavar="NAME", help="The environment to look at.")
def changes_command(slug: str, stack: str) -> None:
    """Show what your program changes in the plan.

    Its plan is compared with that of the program as shipped, property by property.
    """
    exercise = exercise_or_exit(slug)
    try:
        cells = judge.read_program(notebook_of(exercise), exercise)
    except judge.UnusableFile as error:
        usage_error(str(error))

    try:
        with on_terminal("Preview"):
            ((before, after),) = coach.plans(exercise.slug, program_of(exercise, cells), [stack])
    except (ProgramError, PreviewFailed) as error:
        exit_with_error(error, False, FAILED)
    except InternalError as error:
        exit_with_error(error, False, INTERNAL_ERROR)
    click.echo(diff_view(before, after).text)


@click.command("reset")
@click.argument("slug", shell_complete=slugs)
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset_command(slug: str, yes: bool) -> None:
    """Start an exercise over. A copy of your notebook is kept, and so is a pass."""
    exercise = exercise_or_exit(slug)
    name = notebook_of(exercise).name
    if not yes:
        _confirm(f"Replace notebooks/{name} with the original? A copy of your version is kept.")
    click.echo(show(coach.reset(exercise.slug)).text)


def _confirm(question: str, as_json: bool = False) -> None:
    """Continues only after a yes. Scripts and pipes cannot answer, so they need `--yes`."""
    if as_json or not sys.stdin.isatty():
        usage_error(f"{question} Without a terminal, confirm with --yes.", as_json)
    if not click.confirm(question):
        _cancelled()


def _cancelled() -> NoReturn:
    click.echo("Nothing was changed.")
    sys.exit(FAILED)
