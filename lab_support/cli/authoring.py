"""`lab build`, `lab new` and `lab validate`: for those who write exercises."""

from __future__ import annotations

import sys
from itertools import chain, groupby
from pathlib import Path

import click

from lab_support.checking import review_proof, validation
from lab_support.cli.completing import slugs
from lab_support.cli.options import (
    FAILED,
    as_json,
    clone_or_exit,
    exercise_or_exit,
    print_json,
    seeds_of,
    solutions_or_exit,
    usage_error,
)
from lab_support.course import exercises, learner_course, notebooks, scaffold
from lab_support.course.difference_format import DifferenceError
from lab_support.course.places import course_folder
from lab_support.course.reviews import stock


@click.command("build")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a generated file is stale."
)
@click.option("--force", is_flag=True, help="Replace edited notebooks, too; a copy is kept.")
@click.option(
    "--learner",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a course folder for learners to DIR, without solutions, fixes and answers.",
)
@as_json
def build_command(only_check: bool, force: bool, learner: Path | None, as_json: bool) -> None:
    """Build notebooks/ and solutions/ from exercises/. A notebook that you have edited is kept."""
    if learner is not None:
        if only_check or force:
            usage_error("--learner goes with neither --check nor --force", as_json)
        _build_for_learners(learner, as_json)
        return
    try:
        _build(only_check, force, as_json)
    except DifferenceError as error:
        if as_json:
            print_json({"error": str(error)})
        else:
            click.echo(f"lab: {error}", err=True)
        sys.exit(FAILED)


def _build_for_learners(folder: Path, as_json: bool) -> None:
    clone_or_exit(as_json)
    solutions_or_exit(as_json)
    try:
        written = learner_course.write(folder)
    except (learner_course.LearnerCourseError, OSError) as error:
        usage_error(str(error), as_json)
    if as_json:
        print_json({"folder": str(folder), "notebooks": [path.name for path in written]})
        return
    click.echo(
        f"{folder}: {len(written)} notebooks, without solutions, fixes and answers. Learners run `make lab` there."
    )


def _build(only_check: bool, force: bool, as_json: bool) -> None:
    root = exercises.root()
    if only_check:
        old = [str(path.relative_to(root)) for path in notebooks.stale()]
        if as_json:
            print_json({"stale": old})
        elif old:
            click.echo("Stale, run `lab build`:\n" + "\n".join(f"  {name}" for name in old))
        else:
            click.echo("notebooks/ and solutions/ are up to date.")
        sys.exit(FAILED if old else 0)
    done = notebooks.build(force)
    if as_json:
        print_json({"files": [{"path": str(d.path.relative_to(root)), "state": d.state} for d in done]})
        return
    for built in done:
        click.echo(f"{built.path.relative_to(root)}: {built.state}")


@click.command("new")
@click.argument("slug")
def new_command(slug: str) -> None:
    """Scaffold an exercise.

    SLUG is two digits and a name, such as 15_public_bucket.
    """
    clone_or_exit()
    try:
        path = scaffold.write(slug)
    except ValueError as error:
        usage_error(str(error))
    click.echo(path.relative_to(course_folder()))
    click.echo(
        f"\nWrite the program and fill in what says {scaffold.BLANK}. Then write the solution, at least eight right_* "
        f"and twelve wrong_* fixes with `lab fix edit {slug} NAME`, and prove them with `lab validate {slug}`."
    )


@click.command("validate")
@click.argument("slug", required=False, shell_complete=slugs)
@click.option(
    "--seeds",
    default="",
    metavar="A-B",
    help="Also prove the generated reviews of these seeds.",
)
@click.option(
    "--pairs",
    is_flag=True,
    help="Also prove all pairs of flaws and distractors of generated reviews, which takes long.",
)
@as_json
def validate_command(slug: str | None, seeds: str, pairs: bool, as_json: bool) -> None:
    """Prove the claims of an exercise, or of all.

    An exercise claims that its program fails as announced, that its solution and right fixes pass, and that its wrong
    fixes fail for the reason they name. SLUG may also be `reviews`, for the flaws that generated reviews are drawn
    from: each must raise exactly its finding.
    """
    solutions_or_exit(as_json)
    is_reviews = slug == review_proof.NAME
    proven = [exercise_or_exit(slug, as_json)] if slug and not is_reviews else list(exercises.catalogue())
    chosen = seeds_of(seeds, as_json) if seeds else range(review_proof.DRAWN)
    every = () if is_reviews else validation.claims(*proven)
    reviews = review_proof.claims(chosen, pairs=pairs) if is_reviews or (not slug and stock.exists()) else ()
    bad = 0
    reports = []
    for name, claims in groupby(chain(every, reviews), key=lambda claim: claim.exercise):
        count = 0
        for claim in claims:
            count += 1
            bad += not claim.holds
            reports.append(claim.to_json())
            if not as_json and (not claim.holds or sys.stdout.isatty()):
                click.echo(str(claim))
        if not as_json:
            click.echo(f"{name}: {count} claims checked")
    if as_json:
        print_json({"claims": reports, "broken": bad})
    elif bad:
        click.echo(f"{bad} claim{'s' if bad != 1 else ''} did not hold")
    sys.exit(FAILED if bad or not reports else 0)
