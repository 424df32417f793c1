"""`lab predict` and `lab repairs`: the questions of an exercise, and a learner's answers."""

from __future__ import annotations

import click

from lab_support.checking.repairs import judge_repairs
from lab_support.cli.completing import slugs
from lab_support.cli.options import (
    as_json,
    exercise_or_exit,
    notebook_of,
    print_json,
    solutions_or_exit,
    usage_error,
)
from lab_support.cli.progress import on_terminal
from lab_support.course.coach import entry_of
from lab_support.course.predictions import has_prediction, prediction_of, record_prediction
from lab_support.course.repairs import has_repairs, repairs_of
from lab_support.display.predictions import keys_by_letter, predictions_view
from lab_support.display.repairs import judged_view, repairs_view
from lab_support.errors import BriefError


@click.command("predict")
@click.argument("slug", shell_complete=slugs)
@click.argument("letter", required=False)
@as_json
def predict_command(slug: str, letter: str | None, as_json: bool) -> None:
    """Say what you expect of the drill, before you see it.

    Without LETTER, it shows the question and the possible answers. Your answer is kept with your progress; `lab drill`
    and the panel compare it with what the drill shows. Once you have passed, it can no longer be changed.
    """
    exercise = exercise_or_exit(slug, as_json)
    if not has_prediction(exercise):
        usage_error(f"{exercise.slug} asks for no prediction", as_json)
    found = prediction_of(exercise)
    letters = {key: choice for choice, key in keys_by_letter(found).items()}
    if letter is not None:
        keys = keys_by_letter(found)
        if letter.lower() not in keys:
            usage_error(f"choose one of the letters {', '.join(keys)}, not {letter!r}", as_json)
        notebook_of(exercise, as_json)  # the answer is kept beside it
        if found.expected and entry_of(exercise).passed:
            usage_error(
                f"{exercise.slug} is passed, and your answer stays {letters[found.expected]}", as_json
            )
        found = record_prediction(exercise, keys[letter.lower()])
    if as_json:
        answers = {letters[key]: text for key, text in found.answers.items()}
        expected = letters.get(found.expected)
        print_json(
            {
                "exercise": exercise.slug,
                "question": found.question,
                "answers": answers,
                "expected": expected,
            }
        )
        return
    click.echo(predictions_view((found,)).text)
    if not found.expected:
        click.echo(f"\nAnswer with its letter, such as: lab predict {exercise.slug} a")
    elif letter is not None:
        click.echo(f"\nTo see what happens: lab drill {exercise.slug}")


@click.command("repairs")
@click.argument("slug", shell_complete=slugs)
@click.argument("letter", required=False)
@as_json
def repairs_command(slug: str, letter: str | None, as_json: bool) -> None:
    """Compare three repairs, one of which holds, once you have passed.

    Without LETTER, it shows how each differs from the program. With your choice, it checks all three and says which one
    holds.
    """
    exercise = exercise_or_exit(slug, as_json)
    solutions_or_exit(as_json)
    if not has_repairs(exercise):
        usage_error(f"{exercise.slug} has no repairs to compare", as_json)
    found = repairs_of(exercise)
    if letter is None:
        if as_json:
            repairs = {repair.letter: "\n".join(repair.difference) for repair in found.listed}
            print_json({"exercise": exercise.slug, "repairs": repairs})
            return
        click.echo(repairs_view((found,)).text)
        click.echo(f"\nChoose the one that holds, such as: lab repairs {exercise.slug} A")
        return
    try:
        found.lettered(letter)
    except BriefError as error:
        usage_error(str(error), as_json)
    with on_terminal("Checking the repairs"):
        judged = judge_repairs(found, letter)
    if as_json:
        rulings = {repair.letter: ruling.to_json() for repair, ruling in judged.rulings}
        print_json({"exercise": exercise.slug, "chosen": judged.chosen.letter, "repairs": rulings})
        return
    click.echo(judged_view((judged,)).text)
