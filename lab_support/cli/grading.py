"""`lab grade`: grades a folder of submissions in a sandbox."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from lab_support.checking.grading.bubblewrap import problem_of_bubblewrap
from lab_support.checking.grading.cluster import open_cluster
from lab_support.checking.grading.pool import open_pool
from lab_support.checking.grading.run import TIME_LIMIT, Grading, Workers, grade_folder
from lab_support.cli.options import FAILED, SUCCESS, Seconds, as_json, print_json, usage_error
from lab_support.display.grades import most_wrong, write_pages
from lab_support.reporting import counted
from lab_support.safeguards.files import UnreadableFile


@click.command("grade")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where grades and feedback go.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Programs to run at a time; by default one more than there are processors.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Hand the work to a Dask cluster, such as tcp://host:8786."
)
@click.option(
    "--timeout",
    type=Seconds(1, 3600),
    default=TIME_LIMIT,
    show_default=True,
    help="Time limit for each program, in seconds.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Draw the test environments from this seed."
)
@click.option("--no-sandbox", is_flag=True, help="Run programs without a sandbox, if you trust every one.")
@as_json
def grade_command(
    folder: Path,
    out: Path,
    workers: int | None,
    scheduler: str | None,
    timeout: float,
    seed: int | None,
    no_sandbox: bool,
    as_json: bool,
) -> None:
    """Grade the submissions in FOLDER, which may also be a .zip.

    FOLDER may hold a folder for each learner, a download from Moodle or Canvas, nbgrader's exchange, or flat files such
    as ada_02_database_zone.ipynb. Each program runs in a sandbox (bubblewrap). OUT gets grades.json, grades.csv,
    canvas.csv, moodle.csv, overview.html, a page in feedback/ for each learner, and not_graded.txt. A second run grades
    only what is new.

    Exit codes: 0 success, 1 something could not be graded, 2 usage error, 3 internal error.
    """
    if not folder.exists():
        usage_error(f"there is no folder {folder}", as_json)
    if out.exists() and not out.is_dir():
        usage_error(f"{out} is not a folder", as_json)
    if out.resolve() == folder.resolve() or folder.resolve() in out.resolve().parents:
        usage_error(f"{out} is inside {folder}: the grades would be taken for submissions", as_json)
    if sys.platform != "linux":
        usage_error("lab grade needs Linux, whose namespaces its sandbox uses", as_json)
    if not no_sandbox and not scheduler and (problem := problem_of_bubblewrap()):
        usage_error(problem, as_json)
    try:
        (out / ".grading").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        usage_error(f"{out} cannot be written: {error.strerror}", as_json)

    def open_workers(slugs: list[str]) -> AbstractContextManager[Workers]:
        if scheduler:
            return open_cluster(scheduler, slugs, not no_sandbox)
        return open_pool(slugs, not no_sandbox, workers)

    try:
        grading = grade_folder(folder, out, open_workers, seed=seed, time_limit=timeout, report=_bar(as_json))
    except UnreadableFile as error:
        usage_error(str(error), as_json)
    write_pages(grading)
    if as_json:
        print_json({"grades": [grade.to_json() for grade in grading.grades], "not_graded": grading.others})
    else:
        _tell(grading, out)
    broken = any(grade.outcome == "lab-error" for grade in grading.grades)
    sys.exit(FAILED if broken else SUCCESS)


def _tell(grading: Grading, out: Path) -> None:
    outcomes: dict[str, int] = {}
    for grade in grading.grades:
        outcomes[grade.outcome] = outcomes.get(grade.outcome, 0) + 1
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    click.echo(
        f"{counted(len(grading.grades), 'submission')}: {counts or 'none'}. {grading.fresh} graded now."
    )
    for exercise, finding, count in most_wrong(grading.grades)[:5]:
        click.echo(f"  {count:4}  {exercise}  {finding}")
    for grade in grading.grades:
        if grade.outcome in ("suspect", "lab-error"):
            click.echo(f"{grade.outcome}: {grade.learner}, {grade.exercise}: {grade.reason}")
    for name, reason in sorted(grading.others.items())[:20]:
        click.echo(f"not graded: {name}: {reason}")
    if len(grading.others) > 20:
        click.echo(f"and {len(grading.others) - 20} more, see {out / 'not_graded.txt'}")
    click.echo(f"Grades and feedback are in {out}.")


def _bar(as_json: bool) -> Any:
    """Reports progress on a terminal's last line; nothing elsewhere."""
    if as_json or not sys.stderr.isatty():
        return lambda what, done, of: None

    def report(what: str, done: int, of: int) -> None:
        filled = round(30 * done / of)
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{what:7} [{'#' * filled}{' ' * (30 - filled)}] {done} of {of}{end}")
        sys.stderr.flush()

    return report
