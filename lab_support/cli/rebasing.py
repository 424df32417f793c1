"""`lab fix rebase`: carries fixes over a changed program, and says which ones need a person."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from pathlib import Path

import click

from lab_support.cli.completing import slugs
from lab_support.cli.options import FAILED, as_json, clone_or_exit, exercise_or_exit, print_json, usage_error
from lab_support.course import fixes, rebase
from lab_support.course.exercises import EXERCISE, SOLUTION, Exercise
from lab_support.course.fixes import FixError
from lab_support.safeguards.folders import temporary_folder


@click.command("rebase")
@click.argument("slug", shell_complete=slugs)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--base",
    metavar="REVISION|FILE",
    help="The exercise for which the fixes were written: a git revision (by default HEAD), or a copy of its file.",
)
@click.option(
    "--keep", is_flag=True, help="Keep a fix's own lines where the program has changed the same ones."
)
@as_json
def rebase_command(slug: str, names: tuple[str, ...], base: str | None, keep: bool, as_json: bool) -> None:
    """Carry the fixes over to a changed program.

    A fix that changes lines which the program has changed, too, needs you: it is left as it is, and named.

    Exit codes: 0 all fixes fit now, 1 some need you, 2 usage error.
    """
    clone_or_exit(as_json)
    exercise = exercise_or_exit(slug, as_json)
    stems = [file_or_exit(exercise, name, as_json).stem for name in names]
    before, unknown = None, ""
    with temporary_folder("rebase") as scratch:
        try:
            before = rebase.earlier(exercise, base or "HEAD", scratch)
        except FixError as error:
            if base is not None:
                usage_error(str(error), as_json)
            unknown = str(error)
        done = rebase.rebase(exercise, before, stems, keep=keep)
        is_same = before is not None and before.sources(EXERCISE) == exercise.sources(EXERCISE)
    stuck = [result for result in done if result.state == rebase.CONFLICT]
    advice = unknown or (
        f"The program is the one of {base or 'HEAD'}. If the fixes were written for an earlier one, name it: "
        "--base REVISION."
        if is_same
        else ""
    )
    if as_json:
        print_json({"exercise": exercise.slug, "fixes": [result.to_json() for result in done]})
    else:
        click.echo(f"{exercise.slug}: {_summary(done)}.")
        for result in done:
            if result.state == rebase.WHOLE:
                click.echo(f"  {result.path.name}: {result.why or 'a whole program'}")
        waiting = Counter(result.waits_for for result in stuck if result.waits_for)
        for why, paths in _by_reason(stuck).items():
            click.echo(f"  {paths[0].name}: {why}")
            others = ", ".join(path.stem for path in paths[1:])
            if others:
                click.echo(
                    textwrap.fill(
                        f"the same: {others}", 100, initial_indent="    ", subsequent_indent="      "
                    )
                )
        for name, count in waiting.items():
            they = "1 fix differs" if count == 1 else f"{count} fixes differ"
            click.echo(
                f"{they} from {'the solution' if name == SOLUTION else name}, which does not fit. Repair it first: "
                f"lab fix edit {exercise.slug} {name}"
            )
        if len(stuck) > waiting.total():
            click.echo(
                f"Decide with `lab fix edit {exercise.slug} NAME`, which opens both versions, or keep the fixes' lines "
                f"with `lab fix rebase {exercise.slug} --keep [NAME]...`."
            )
        if stuck and advice:
            click.echo(advice)
    sys.exit(FAILED if stuck else 0)


def file_or_exit(exercise: Exercise, name: str, as_json: bool = False) -> Path:
    """The file of a fix; a usage error if there is none."""
    try:
        return fixes.fix_file(exercise, name)
    except FixError as error:
        usage_error(str(error), as_json)


def _by_reason(stuck: list[rebase.Rebased]) -> dict[str, list[Path]]:
    """The fixes that need a person, by what is in the way: one change of the program is often in the way of many."""
    found: dict[str, list[Path]] = {}
    for result in stuck:
        if not result.waits_for:
            found.setdefault(result.why, []).append(result.path)
    return found


# What the summary says of one fix.
_ONE = {
    "fit as they are": "fits as it is",
    "whole programs left alone": "whole program left alone",
    "need you": "needs you",
    "wait for another fix": "waits for another fix",
}


def _summary(done: list[rebase.Rebased]) -> str:
    words = {
        rebase.FITS: "fit as they are",
        rebase.CARRIED: "carried over",
        rebase.WHOLE: "whole programs left alone",
        rebase.CONFLICT: "need you",
    }
    counts = [
        (sum(result.state == state and not result.waits_for for result in done), words[state])
        for state in words
    ]
    counts.append((sum(bool(result.waits_for) for result in done), "wait for another fix"))
    if not done:
        return "no fixes"
    return ", ".join(
        f"{count} {_ONE.get(word, word) if count == 1 else word}" for count, word in counts if count
    )
