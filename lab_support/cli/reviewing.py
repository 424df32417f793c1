"""`lab review`: finds flaws in any Pulumi program in Python by their consequences, or in what Pulumi has deployed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from lab_support.cli.options import FAILED, SUCCESS, as_json, print_json, usage_error
from lab_support.cli.previewing import program_options
from lab_support.display.review import review_text
from lab_support.review.acceptance import InvalidAcceptances, apply, read_acceptances
from lab_support.review.code_quality import code_quality
from lab_support.review.findings import Review
from lab_support.review.github import summary, workflow_commands
from lab_support.review.places import Origin
from lab_support.review.sarif import sarif as sarif_log
from lab_support.safeguards import guard
from lab_support.safeguards.files import UnreadableFile
from lab_support.safeguards.printing import json_text


@click.command("review")
@program_options
@click.option("--strict", is_flag=True, help="Add findings of the severity Note, on matters of policy.")
@click.option(
    "--sarif",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Also write the findings to FILE as SARIF 2.1.0.",
)
@click.option(
    "--codequality",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Also write the findings to FILE as a GitLab Code Quality report.",
)
@click.option(
    "--github", is_flag=True, help="In GitHub Actions: also annotate the lines, and write the job's summary."
)
@as_json
def review_command(
    path: str,
    settings: tuple[str, ...],
    stack: str | None,
    timeout: float,
    strict: bool,
    sarif: str | None,
    codequality: str | None,
    github: bool,
    as_json: bool,
) -> None:
    """Review a Pulumi program, or what Pulumi has deployed.

    PATH is a project folder or a .py file, which may just define `program(environment_suffix)` or a component class. Or
    it is a file that `pulumi stack export` or `pulumi preview --json` wrote; - reads it from standard input.

    Findings that .lab-review.yaml beside the program accepts do not count, nor do findings of the severity Note.

    Exit codes: 0 no findings, 1 findings, 2 usage error, 3 the program could not be previewed.
    """
    from lab_support.cli import review_run  # start-up time: loads Pulumi

    try:
        content = review_run.export_at(path)
    except UnreadableFile as error:
        usage_error(str(error), as_json)
    try:
        acceptances = read_acceptances(
            Path.cwd() if path == review_run.STANDARD_INPUT else Path(os.path.realpath(path))
        )
    except InvalidAcceptances as error:
        usage_error(str(error), as_json)
    if content is None:
        review, origin = review_run.of_program(
            Path(os.path.realpath(path)), settings, stack, timeout, strict, as_json
        )
    else:
        if settings or stack:
            usage_error("--config and --stack apply to programs; an export has its own", as_json)
        review, origin = review_run.of_export(path, content, strict, as_json)
    review = apply(review, acceptances, date.today())

    _write(sarif, lambda: sarif_log(review, origin), as_json)
    _write(codequality, lambda: code_quality(review, origin), as_json)
    if github:
        _annotate(review, origin, as_json)
    if as_json:
        print_json(review.to_json(origin.root))
    else:
        click.echo(review_text(review, Path.cwd().resolve()))
    sys.stdout.flush()
    sys.stderr.flush()
    guard.done()
    os._exit(FAILED if review.failed else SUCCESS)  # threads of the program may still run


def _annotate(review: Review, origin: Origin, as_json: bool) -> None:
    """Writes commands for GitHub to standard error, where GitHub reads them, too; the summary goes to its file."""
    for line in workflow_commands(review, origin):
        print(line, file=sys.stderr)
    if file := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with open(file, "a", encoding="utf-8") as stream:
                stream.write(summary(review, origin))
        except OSError as error:
            usage_error(f"{file} cannot be written: {error.strerror}", as_json)


def _write(file: str | None, report: Callable[[], Any], as_json: bool) -> None:
    """Writes a report to a file, if one is wanted."""
    if file is None:
        return
    try:
        Path(file).write_text(json_text(report()), encoding="utf-8")
    except OSError as error:
        usage_error(f"{file} cannot be written: {error.strerror}", as_json)
