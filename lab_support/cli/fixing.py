"""`lab fix`: how authors write and maintain the solution and the other fixes of an exercise."""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from lab_support.cli.completing import slugs
from lab_support.cli.options import (
    FAILED,
    as_json,
    clone_or_exit,
    exercise_or_exit,
    print_json,
    solutions_or_exit,
    usage_error,
)
from lab_support.cli.rebasing import file_or_exit, rebase_command
from lab_support.course import exercises, fixes, rebase
from lab_support.course.difference_format import PROGRAM, DifferenceError, header_of, read_text
from lab_support.course.differences import join_cells
from lab_support.course.exercises import SOLUTION, Exercise
from lab_support.course.fixes import KINDS, Fix, FixError
from lab_support.course.places import course_folder
from lab_support.course.scaffold import BLANK
from lab_support.safeguards.files import read_text as read_file
from lab_support.safeguards.folders import temporary_folder


@click.group("fix")
def fix_command() -> None:
    """Write and maintain an exercise's fixes, the solution among them.

    A fix is stored as its difference from the exercise's program. Its name says what the check must make of it:
    right_NAME, wrong_NAME, error_NAME, or solution.
    """
    solutions_or_exit()


fix_command.add_command(rebase_command)


@fix_command.command("list")
@click.argument("slug", shell_complete=slugs)
@as_json
def list_command(slug: str, as_json: bool) -> None:
    """List the fixes, with their findings and what each is about."""
    exercise = exercise_or_exit(slug, as_json)
    rows = [_row(exercise, path) for kind in KINDS for path in fixes.fix_files(exercise, kind)]
    if as_json:
        print_json({"exercise": exercise.slug, "fixes": rows})
    else:
        width = max((len(row["name"]) for row in rows), default=0)
        for row in rows:
            findings = f"[{', '.join(row['findings'])}] " if row["findings"] else ""
            form = f"{row['lines']} lines{'' if row['base'] else ', whole'}"
            click.echo(f"{row['name']:{width}}  {findings}{row['about']} ({form})".replace("  (", "  ("))
            if row["problem"]:
                click.echo(f"{'':{width}}  cannot be used: {row['problem']}")
    sys.exit(FAILED if any(row["problem"] for row in rows) else 0)


@fix_command.command("show")
@click.argument("slug", shell_complete=slugs)
@click.argument("name")
@click.option("--diff", is_flag=True, help="Print the file as stored.")
@as_json
def show_command(slug: str, name: str, diff: bool, as_json: bool) -> None:
    """Print fix NAME as a whole program."""
    exercise = exercise_or_exit(slug, as_json)
    path = file_or_exit(exercise, name, as_json)
    if diff and not as_json:
        click.echo(read_text(path), nl=False)
        return
    try:
        fix = fixes.read_fix(path, exercise)
        fixes.check_stored(path, exercise)
    except DifferenceError as error:
        _fail(str(error), as_json)
    if as_json:
        print_json({"exercise": exercise.slug, **_facts(fix), "program": fix.text, "stored": fix.stored})
    else:
        click.echo(fix.text, nl=False)


@fix_command.command("edit")
@click.argument("slug", shell_complete=slugs)
@click.argument("name")
@click.option(
    "--from", "file", metavar="FILE", help="Take the whole program from FILE (- reads it from stdin)."
)
@click.option(
    "--finding",
    "findings",
    multiple=True,
    metavar="ID",
    help="A finding that the check must report for a wrong fix; repeatable.",
)
@click.option("--about", metavar="TEXT", help="What the fix is about, in a sentence.")
@click.option(
    "--base",
    metavar="RIGHT",
    help="Start a new fix from the right fix of this name, and store the difference from that one.",
)
def edit_command(
    slug: str, name: str, file: str | None, findings: tuple[str, ...], about: str | None, base: str | None
) -> None:
    """Edit fix NAME, or a new one, as a whole program.

    It opens in $VISUAL or $EDITOR; what is stored is the difference.
    """
    clone_or_exit()
    exercise = exercise_or_exit(slug)
    name = name.removesuffix(".py").removesuffix(".diff")
    try:
        fixes.check_name(name)
        _check_findings(exercise, name, findings)
        base = base and fixes.fix_file(exercise, base).stem
        if base == name:
            raise FixError(f"{name} cannot differ from itself.")
        start = fixes.base_cells(exercise, base or PROGRAM)
    except (FixError, DifferenceError) as error:
        usage_error(str(error))
    header, opened, stored_base = _opened(exercise, name, findings, about, start)
    if file is not None:
        text = _given(file)
        try:
            fixes.check_is_no_notebook(text)
        except FixError as error:
            usage_error(str(error))
        if not header_of(text):
            text = "".join(f"{line}\n" for line in header) + text.lstrip("\n")
        text = _with_options(text, findings, about)
    else:
        offered = _with_options(opened, findings, about)
        text = click.edit(offered, extension=".py") or offered
        if text == opened:
            click.echo("Nothing was changed.")
            return
    try:
        _complete(text)
        path = fixes.store(exercise, name, text, fixes.bases_for(name, base or stored_base))
    except FixError as error:
        kept = "" if file is not None else f"\n{_draft(name, text)}"
        usage_error(f"{error}{kept}")
    _report(exercise, path)


def _row(exercise: Exercise, path: Path) -> dict[str, Any]:
    """What the list says of a fix, whether it fits or not."""
    try:
        row = _facts(fixes.read_fix(path, exercise))
        fixes.check_stored(path, exercise)
        return {**row, "problem": None}
    except DifferenceError as error:
        problem = error.problem
    try:
        stored = read_text(path)
    except DifferenceError:
        stored = ""
    return {**_facts(Fix(path, header_of(stored), (), "", stored)), "base": None, "problem": problem}


def _facts(fix: Fix) -> dict[str, Any]:
    return {
        "name": fix.name,
        "kind": fix.kind,
        "file": fix.path.relative_to(course_folder()).as_posix(),
        "findings": list(fix.findings),
        "about": fix.about,
        "base": fix.base or None,
        "lines": fix.stored.count("\n"),
    }


def _opened(
    exercise: Exercise, name: str, findings: tuple[str, ...], about: str | None, start: list[str]
) -> tuple[tuple[str, ...], str, str]:
    """The comments of a fix, the text to be edited (the fix, or `start` for a new one), and the fix's base."""
    if not any((exercise.fixes / f"{name}{suffix}").is_file() for suffix in fixes.SUFFIXES):
        header = _new_header(exercise, name, findings, about)
        return header, _with(header, start), ""
    path = file_or_exit(exercise, name)
    try:
        fix = fixes.read_fix(path, exercise)
        return fix.header, fix.text, fix.base
    except DifferenceError as error:
        click.echo(f"lab: {error}", err=True)
    header = header_of(read_text(path))
    with (
        temporary_folder("rebase") as scratch,
        suppress(FixError, DifferenceError),
    ):
        before = rebase.earlier(exercise, "HEAD", scratch)
        click.echo("Merged with the changed program; conflicts are marked.", err=True)
        return header, rebase.merged(exercise, before, path), ""
    click.echo("Opening the program as shipped instead. This is what was stored:", err=True)
    click.echo(read_text(path), err=True)
    return header, _with(header, start), ""


def _check_findings(exercise: Exercise, name: str, findings: tuple[str, ...]) -> None:
    """Raises FixError where these are not findings that a fix of this name can leave."""
    if findings and not name.startswith("wrong_"):
        raise FixError(f"--finding is for a wrong fix; {name} leaves none.")
    known = fixes.known_findings(exercise)
    for finding in findings:
        if finding not in known:
            raise FixError(
                f"The check of {exercise.slug} has no finding {finding!r}; it names {', '.join(known)}."
            )


def _with_options(text: str, findings: tuple[str, ...], about: str | None) -> str:
    """A fix with the findings and the sentence that were given as options in the comments at its top."""
    header = list(header_of(text))
    first = header[:1] if header and fixes.names_findings(header[0]) else []
    rest = header[len(first) :]
    if findings:
        first = [f"# finding: {', '.join(findings)}"]
    if about is not None:
        rest = [f"# {line}" for line in about.splitlines()]
    body = text.splitlines()[len(header) :]
    return "".join(f"{line}\n" for line in (*first, *rest, *body)) if findings or about is not None else text


def _new_header(
    exercise: Exercise, name: str, findings: tuple[str, ...], about: str | None
) -> tuple[str, ...]:
    if name == SOLUTION:
        return ()
    lines = []
    if name.startswith("wrong_"):
        lines.append(f"# finding: {', '.join(findings or exercise.findings)}")
    return (*lines, f"# {about or f'{BLANK} what is different about it, in a sentence.'}")


def _with(header: tuple[str, ...], cells: list[str]) -> str:
    return "".join(f"{line}\n" for line in header) + join_cells(cells)


def _given(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.read().removeprefix("\ufeff")
        return read_file(Path(file))
    except (OSError, ValueError) as error:
        usage_error(str(error))


def _complete(text: str) -> None:
    """Raises FixError while something is left for the author to decide or to write."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            raise FixError(
                f"Line {number} is a conflict marker; decide between the two versions and remove it."
            )
    if any(BLANK in line for line in header_of(text)):
        raise FixError("Say in the comment at the top what the fix is about (or with --about).")


def _draft(name: str, text: str) -> str:
    """Keeps a text that cannot be stored; returns a sentence that says where."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix=f"{name}-", suffix=".py", delete=False
    ) as file:
        file.write(text)
    return f"Your text is kept: correct it there and store it with --from {file.name}"


def _report(exercise: Exercise, path: Path) -> None:
    """Says how a fix was stored and what to do next."""
    slug, name = exercise.slug, path.relative_to(course_folder()).as_posix()
    fix = fixes.read_fix(path, exercises.read_exercise(exercise.path))
    form = (
        f"a difference from {'the ' if fix.base in (PROGRAM, SOLUTION) else ''}{fix.base}"
        if fix.base
        else "a whole program, because it shares less than half of its lines or is very short"
    )
    click.echo(f"{name}: {form}, {fix.stored.count(chr(10))} lines")
    if fix.kind in (SOLUTION, "right"):
        click.echo(f"If other fixes differ from it: lab fix rebase {slug}")
    if fix.kind != SOLUTION:
        click.echo(f"Try it: lab check {slug} --with {name}")


def _fail(text: str, as_json: bool) -> None:
    if as_json:
        print_json({"error": text})
    else:
        click.echo(f"lab: {text}", err=True)
    sys.exit(FAILED)
