"""`lab review-exercise`, `lab dataset` and `lab key`: generated reviews as notebooks, as data, and their key."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import click

from lab_support.cli.options import (
    as_json,
    folder_or_exit,
    print_json,
    seeds_of,
    solutions_or_exit,
    usage_error,
)
from lab_support.course import places
from lab_support.course.exercises import Exercise, UnknownExercise, catalogue
from lab_support.course.record import key_of, record_of
from lab_support.course.reviews import dataset, mine, stock
from lab_support.course.reviews.generate import DISTRACTORS, FLAWS, ReviewError, Spec, draw
from lab_support.display.show import show

_flaws = click.option("--flaws", default=FLAWS, show_default=True, metavar="N", help="How many flaws.")
_distractors = click.option(
    "--distractors",
    default=DISTRACTORS,
    show_default=True,
    metavar="N",
    help="How many places that look suspicious but are sound.",
)
_kinds = click.option(
    "--from",
    "kinds",
    default="",
    metavar="KINDS",
    help="Draw only from these kinds: finding ids, separated by commas.",
)
_name = click.option("--name", default="", metavar="TEXT", help="The system's name, such as flood-warning.")


@click.group("review-exercise")
def review_exercise_command() -> None:
    """Make and list your own reviews of a whole system, each with other flaws."""


@review_exercise_command.command("new")
@click.option(
    "--seed",
    type=click.IntRange(0, 10**12 - 1),
    help="The same seed gives the same review. [default: random]",
)
@_flaws
@_distractors
@_kinds
@_name
@click.option(
    "--with",
    "chosen",
    default="",
    metavar="NAMES",
    help="Choose flaws and distractors by name, as `lab review-exercise stock` lists them.",
)
@as_json
def new_command(
    seed: int | None, flaws: int, distractors: int, kinds: str, name: str, chosen: str, as_json: bool
) -> None:
    """Write the notebook of a review into notebooks/."""
    solutions_or_exit(as_json)
    folder_or_exit(as_json)
    spec = _spec(mine.new_seed() if seed is None else seed, flaws, distractors, kinds, name, chosen, as_json)
    path = places.root() / "notebooks" / f"{spec.slug}.ipynb"
    is_new = mine.write(spec, path.parent)
    if as_json:
        print_json({"review": spec.slug, "notebook": str(path), "new": is_new, "stock": stock.version()})
        return
    shown = path.relative_to(places.root()).as_posix()
    click.echo(shown if is_new else f"{shown} already exists; `lab reset {spec.slug}` starts it over.")
    if is_new:
        click.echo(f"Open it with: lab start {spec.slug}")


@review_exercise_command.command("stock")
@as_json
def stock_command(as_json: bool) -> None:
    """List the flaws and distractors to draw from, which gives them away."""
    solutions_or_exit(as_json)
    if as_json:
        flaws = [
            {"name": flaw.name, "finding": flaw.finding, "title": flaw.texts["title"]}
            for flaw in stock.flaws()
        ]
        print_json({"flaws": flaws, "distractors": [change.name for change in stock.distractors()]})
        return
    for flaw in sorted(stock.flaws(), key=lambda flaw: (flaw.finding, flaw.name)):
        click.echo(f"{flaw.finding:20} {flaw.name:24} {flaw.texts['title']}")
    for change in stock.distractors():
        click.echo(f"{'(distractor)':20} {change.name}")


@review_exercise_command.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """List your reviews, with points, time and what you miss most."""
    folder_or_exit(as_json)
    found = mine.my_reviews()
    if as_json:
        missed = [
            {"finding": kind, "missed": count, "of": there} for kind, count, there in mine.missed_kinds(found)
        ]
        print_json({"reviews": [asdict(review) for review in found], "missed": missed})
    elif found:
        click.echo(show(found).text)
    else:
        click.echo("You have no reviews yet. Make one with: lab review-exercise new")


@click.command("dataset")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--seeds",
    default="1-10",
    show_default=True,
    metavar="A-B",
    help="Write a review for each seed from A to B.",
)
@_flaws
@_distractors
@_kinds
@as_json
def dataset_command(
    folder: Path, seeds: str, flaws: int, distractors: int, kinds: str, as_json: bool
) -> None:
    """Write reviews as data into FOLDER.

    Each review gets a folder with the flawed program, the ideal one and the list of failures; reviews.jsonl has a line
    for each.
    """
    solutions_or_exit(as_json)
    specs = [_spec(seed, flaws, distractors, kinds, "", "", as_json) for seed in seeds_of(seeds, as_json)]
    try:
        places_written = [str(place) for place in dataset.write(folder, specs)]
    except OSError as error:
        usage_error(f"{folder} cannot be written: {error.strerror or error}", as_json)
    if as_json:
        print_json({"folder": str(folder), "reviews": len(places_written), "stock": stock.version()})
    else:
        click.echo(f"{len(places_written)} reviews in {folder}, and {dataset.LINES}")


@click.command("key")
@click.argument("review")
@_flaws
@_distractors
@_kinds
@_name
@as_json
def key_command(review: str, flaws: int, distractors: int, kinds: str, name: str, as_json: bool) -> None:
    """Print the answer key of a review on one page.

    REVIEW is the seed of a generated review or its whole name, or an exercise, such as 06 (with its zero) or
    10_locked_out.
    """
    solutions_or_exit(as_json)
    if (exercise := _exercise(review)) is not None:
        if as_json:
            print_json({"exercise": exercise.slug, "flaws": [flaw.to_json() for flaw in record_of(exercise)]})
        else:
            click.echo(key_of(exercise))
        return
    if review.isdigit():
        spec = _spec(int(review), flaws, distractors, kinds, name, "", as_json)
    else:
        try:
            spec = Spec.of(review.removesuffix(".ipynb").rpartition("/")[2])
            draw(spec)
        except (UnknownExercise, ReviewError) as error:
            usage_error(str(error), as_json)
    if as_json:
        row = dataset.line_of(spec, dataset.flaws_of(spec))
        print_json({name: row[name] for name in ("review", "stock", "flaws", "distractors", "points")})
    else:
        click.echo(dataset.key_text(spec))


def _exercise(name: str) -> Exercise | None:
    """The exercise of the course with this number, which begins with a zero, or this whole name."""
    for exercise in catalogue():
        if name == exercise.slug or (name.startswith("0") and name == exercise.slug[:2]):
            return exercise
    return None


def _spec(seed: int, flaws: int, distractors: int, kinds: str, name: str, chosen: str, as_json: bool) -> Spec:
    """The review that the options describe; a usage error if the stock has not enough for it."""

    def listed(text: str) -> tuple[str, ...]:
        return tuple(filter(None, re.split(r"[,\s+]+", text)))

    spec = Spec(seed, flaws, distractors, tuple(kind.upper() for kind in listed(kinds)), name, listed(chosen))
    try:
        draw(spec)
    except ReviewError as error:
        usage_error(str(error), as_json)
    return spec
