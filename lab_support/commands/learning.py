"""`lab list`, `hint`, `solution` and `reset`: what a learner asks for on the way."""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

import click

from lab_support import exercises, notebooks, progress
from lab_support.cli import NOT_WELL, USAGE, as_json, emit, notebook_of, wanted
from lab_support.exercises import DEBRIEF, EXERCISE, HINT, HINTS, SOLUTION, Exercise


@click.command("list")
@as_json
def list_command(as_json: bool) -> None:
    """Show the exercises and what you have passed."""
    rows = [_row(asked) for asked in exercises.catalogue()]
    if as_json:
        emit(
            {
                "exercises": rows,
                "points": sum(row["points"] for row in rows),
                "of": sum(row["of"] for row in rows),
            }
        )
        return
    for row in rows:
        mark = "✓ passed" if row["passed"] else ("· begun" if row["checks"] or row["edited"] else "  new")
        facts = f"{row['severity']}, {row['category']}, {row['minutes']} min"
        click.echo(f"{mark:9} {row['slug']:22} {row['title']:36} {facts}")
    passed = sum(1 for row in rows if row["passed"])
    points = sum(row["points"] for row in rows)
    click.echo(f"\n{passed} of {len(rows)} passed, {points} of {sum(row['of'] for row in rows)} points")


def _row(asked: Exercise) -> dict[str, Any]:
    path = notebook_of(asked)
    entry = progress.read(path.parent).get(asked.slug, progress.Entry())
    return {
        "slug": asked.slug,
        "title": asked.title,
        "severity": asked.severity,
        "category": asked.category,
        "minutes": asked.minutes,
        "passed": entry.passed,
        "passed_at": entry.passed_at,
        "checks": entry.checks,
        "hints": entry.hints,
        "edited": path.is_file() and notebooks.is_edited(asked, path),
        "points": entry.points,
        "of": asked.points,
    }


@click.command("hint")
@click.argument("slug")
@click.argument("step", type=click.IntRange(1, HINTS), required=False)
@as_json
def hint_command(slug: str, step: int | None, as_json: bool) -> None:
    """Show the next hint that you have not seen, or hint STEP (1 to 3)."""
    asked = wanted(slug, as_json)
    folder = notebook_of(asked).parent
    seen = progress.read(folder).get(asked.slug, progress.Entry()).hints
    number = step or min(seen + 1, HINTS)
    text = hint_text(asked, number)
    progress.record_hint(asked.slug, folder, number)
    if as_json:
        emit({"exercise": asked.slug, "step": number, "of": HINTS, "text": text})
    else:
        click.echo(text)


def hint_text(asked: Exercise, number: int) -> str:
    """Hint `number` as plain text: its title, an empty line, its sentences."""
    source = asked.sources(HINT)[number - 1]
    title = re.search(r"<summary>(.*?)</summary>", source, re.DOTALL)
    body = re.sub(r"<summary>.*?</summary>", "", source, flags=re.DOTALL)
    plain = re.sub(r"</?(details|b)>", "", body).strip()
    heading = re.sub(r"</?b>", "", title.group(1)) if title else f"Hint {number} of {HINTS}"
    return f"{heading}\n\n{plain}"


@click.command("solution")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Show it although the exercise is not passed yet.")
def solution_command(slug: str, yes: bool) -> None:
    """Show the solution: after you have passed, or when you say so."""
    asked = wanted(slug)
    entry = progress.read(notebook_of(asked).parent).get(asked.slug, progress.Entry())
    if not entry.passed and not yes:
        _confirm(f"You have not passed {asked.slug} yet. Show the solution all the same?")
    difference = _difference(asked.sources(EXERCISE), asked.sources(SOLUTION))
    click.echo(f"The solution, against the program as shipped:\n\n{difference}")
    click.echo(f"\nThe solved notebook is solutions/{asked.slug}.ipynb")
    if asked.of_tag(DEBRIEF):
        click.echo(
            "Other right ways are in " + str(asked.fixes.relative_to(exercises.root())) + "/right_*.py"
        )


def _difference(before: list[str], after: list[str]) -> str:
    import difflib

    left, right = ("\n\n".join(cells).splitlines() for cells in (before, after))
    lines = list(difflib.unified_diff(left, right, "shipped", "solution", lineterm="", n=3))
    return "\n".join(lines[2:])


@click.command("reset")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset_command(slug: str, yes: bool) -> None:
    """Start an exercise anew. Your notebook is kept as a copy, and what you passed is kept, too."""
    asked = wanted(slug)
    path = notebook_of(asked)
    if not yes:
        _confirm(f"Replace notebooks/{path.name} by the one as shipped? Your version is kept as a copy.")
    if path.is_file():
        copy = notebooks.keep_copy(path)
        click.echo(f"Your version is kept as {copy.relative_to(exercises.root())}")
    path.parent.mkdir(exist_ok=True)
    path.write_text(notebooks.text_of(notebooks.notebook(asked)), encoding="utf-8")
    click.echo(f"notebooks/{path.name} is as shipped. If it is open in JupyterLab, reload it from disk.")


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
