"""`lab drill` and `lab debrief`: what happens to a learner's program, and why that matters."""

from __future__ import annotations

from typing import Any

import click

from lab_support.checking import judge
from lab_support.cli.completing import slugs
from lab_support.cli.options import FAILED, INTERNAL_ERROR, exercise_or_exit, notebook_of, usage_error
from lab_support.cli.previewing import exit_with_error
from lab_support.cli.progress import on_terminal
from lab_support.course import coach
from lab_support.course.cells import program_of
from lab_support.course.exercises import DRILL
from lab_support.course.places import is_learner_course
from lab_support.course.predictions import comparison_of, has_prediction, prediction_of
from lab_support.display.debrief import text_of
from lab_support.display.drill_cells import drill_views
from lab_support.display.predictions import results_view
from lab_support.display.view import Page
from lab_support.errors import InternalError, PreviewFailed, ProgramError


@click.command("drill")
@click.argument("slug", shell_complete=slugs)
def drill_command(slug: str) -> None:
    """Play the exercise's drill on your program, as saved in your notebook."""
    exercise = exercise_or_exit(slug)
    if sum(cell.kind == "markdown" for cell in exercise.of_tag(DRILL)) < 2:  # the first is about the preview
        usage_error(f"{exercise.slug} has no drill of its own; its notebook lists those that you can play")
    try:
        program = program_of(exercise, judge.read_program(notebook_of(exercise), exercise))
    except judge.UnusableFile as error:
        usage_error(str(error))
    try:
        with on_terminal("Drill"):
            names: dict[str, Any] = {}
            views = list(drill_views(exercise, program, names))
            prediction = prediction_of(exercise) if has_prediction(exercise) else None
            if prediction is not None and prediction.expected:
                views.append(results_view((comparison_of(prediction, program, names.get("plan")),)))
    except (ProgramError, PreviewFailed) as error:
        exit_with_error(error, False, FAILED)
    except InternalError as error:
        exit_with_error(error, False, INTERNAL_ERROR)
    pages = [number for number, view in enumerate(views) if isinstance(view, Page)]
    click.echo("\n\n".join(map(str, views[pages[1] :])))


@click.command("debrief")
@click.argument("slug", shell_complete=slugs)
@click.option("--yes", is_flag=True, help="Show it even if you have not passed yet.")
def debrief_command(slug: str, yes: bool) -> None:
    """Explain why the flaw matters and how to spot it in a review, once you have passed."""
    exercise = exercise_or_exit(slug)
    may_ask = not is_learner_course()  # there, answers open after a pass only
    if not coach.entry_of(exercise).passed and not (yes and may_ask):
        advice = "; --yes shows it anyway" if may_ask else ""
        usage_error(f"{exercise.slug} is not passed yet, and the debrief gives the flaw away{advice}")
    click.echo(str(text_of(exercise)))
