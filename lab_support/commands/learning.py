"""`lab list`, `hint`, `changes`, `solution`, `notes` and `reset`: what a learner asks for on the way."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from lab_support import coach, exercises, judge, notes
from lab_support.cli import LAB_FAULT, NOT_WELL, USAGE, as_json, emit, notebook_of, usage_error, wanted
from lab_support.display import show
from lab_support.exercises import EXERCISE, HINTS, Exercise
from lab_support.faults import BriefError
from lab_support.notebooks import notes_in
from lab_support.overview import overview


@click.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """Show the exercises and what you have passed."""
    seen = overview()
    if as_json:
        rows = [each.to_json() for each in seen.standings]
        emit({"exercises": rows, "points": seen.points, "of": seen.of, "trouble": seen.trouble or None})
    else:
        click.echo(show(seen).text)


@click.command("hint")
@click.argument("slug")
@click.argument("step", type=click.IntRange(1, HINTS), required=False)
@as_json
def hint_command(slug: str, step: int | None, as_json: bool) -> None:
    """Show the next hint that you have not seen, or hint STEP (1 to 3)."""
    found = coach.hint(wanted(slug, as_json).slug, step)
    text = f"{found.title}\n\n{found.text}"
    if as_json:
        emit({"exercise": found.exercise, "step": found.step, "of": found.of, "text": text})
    else:
        click.echo(text)


@click.command("solution")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Show it although the exercise is not passed yet.")
def solution_command(slug: str, yes: bool) -> None:
    """Show the solution against your program: after you have passed, or when you say so."""
    asked = wanted(slug)
    if not yes and not coach.entry_of(asked).passed:
        _confirm(f"You have not passed {asked.slug} yet. Show the solution all the same?")
    click.echo(show(coach.solution(asked.slug, _saved_program(asked), yes=True)).text)
    click.echo(f"\nThe solved notebook is solutions/{asked.slug}.ipynb")


def _saved_program(asked: Exercise) -> str | None:
    """The program in the learner's notebook, where there is one that can be read and that they have changed."""
    try:
        cells = judge.program_in(notebook_of(asked), asked)
    except judge.Unusable:
        return None
    return None if exercises.same_program(cells, asked.sources(EXERCISE)) else "\n\n".join(cells)


@click.command("notes")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Show it although the exercise is not passed yet.")
@as_json
def notes_command(slug: str, yes: bool, as_json: bool) -> None:
    """Show what you wrote down in the notebook against what there was to be found."""
    asked = wanted(slug, as_json)
    if not notes.has_answers(asked):
        usage_error(f"{asked.slug} asks for no notes", as_json)
    try:
        found = notes_in(notebook_of(asked))
    except ValueError as error:
        usage_error(str(error), as_json)
    if not yes and not coach.entry_of(asked).passed:
        _confirm(f"You have not passed {asked.slug} yet, and this tells what there is to be found. Show it?")
    try:
        comparison = coach.compare_notes(asked.slug, found, yes=True)
    except BriefError as error:
        usage_error(str(error), as_json)
    if as_json:
        emit(comparison.to_json())
    else:
        click.echo(show(comparison).text)


@click.command("changes")
@click.argument("slug")
@click.option("--stack", default="dev", show_default=True, metavar="NAME", help="The environment to look at.")
def changes_command(slug: str, stack: str) -> None:
    """Show what your program changes in the plan, against the program as shipped, property by property."""
    asked = wanted(slug)
    try:
        cells = judge.program_in(notebook_of(asked), asked)
    except judge.Unusable as error:
        usage_error(str(error))

    from lab_support.commands.previewing import leave
    from lab_support.display.diff import diff_view
    from lab_support.faults import LabFault, PreviewFailed, ProgramError
    from lab_support.pristine import program_of
    from lab_support.reporting import on_terminal

    try:
        with on_terminal("Preview"):
            before, after = coach.plans(asked.slug, program_of(asked, cells), stack)
    except (ProgramError, PreviewFailed) as error:
        leave(error, False, NOT_WELL)
    except LabFault as error:
        leave(error, False, LAB_FAULT)
    click.echo(diff_view(before, after).text)


@click.command("reset")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset_command(slug: str, yes: bool) -> None:
    """Start an exercise anew. Your notebook is kept as a copy, and what you passed is kept, too."""
    asked = wanted(slug)
    name = notebook_of(asked).name
    if not yes:
        _confirm(f"Replace notebooks/{name} by the one as shipped? Your version is kept as a copy.")
    click.echo(show(coach.reset(asked.slug)).text)


def _confirm(question: str) -> None:
    """Goes on only after a yes; without a terminal there is nobody to ask, so `--yes` is needed."""
    if not sys.stdin.isatty():
        click.echo(f"lab: {question} Say --yes where there is no terminal to ask at.", err=True)
        sys.exit(USAGE)
    if not click.confirm(question):
        _leave()


def _leave() -> NoReturn:
    click.echo("Nothing was changed.")
    sys.exit(NOT_WELL)
