"""`lab review`: finds flaws in any Pulumi program in Python by their consequences."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lab_support.cli.options import FAILED, INTERNAL_ERROR, SUCCESS, as_json, print_json, usage_error
from lab_support.cli.previewing import exit_with_error, missing_config, program_options
from lab_support.cli.progress import on_terminal
from lab_support.display.review import review_text
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.projects.config import InvalidProject
from lab_support.review.acceptance import InvalidAcceptances, apply, read_acceptances
from lab_support.review.findings import Review
from lab_support.review.places import root_of
from lab_support.review.sarif import sarif
from lab_support.safeguards import guard

if TYPE_CHECKING:
    from lab_support.projects.project import Project


@click.command("review")
@program_options
@click.option(
    "--sarif",
    "sarif_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Also write the findings to FILE as SARIF 2.1.0.",
)
@as_json
def review_command(
    path: str,
    settings: tuple[str, ...],
    stack: str | None,
    timeout: float,
    sarif_file: str | None,
    as_json: bool,
) -> None:
    """Review any Pulumi program in Python.

    PATH is a project folder or a .py file, which may just define `program(environment_suffix)` or a component class.

    Findings accepted in .lab-review.yaml beside the program do not count.

    Exit codes: 0 no findings, 1 findings, 2 usage error, 3 the program could not be previewed.
    """
    from lab_support.projects.project import read_project, split_config  # start-up time: loads Pulumi

    program = Path(os.path.realpath(path))
    root = root_of(program)
    try:
        given = split_config(settings)
        project = read_project(program, stack, given)
        acceptances = read_acceptances(program)
    except (InvalidProject, InvalidAcceptances) as error:
        usage_error(str(error), as_json)

    review = apply(_review(program, project, given, timeout, as_json), acceptances, date.today())
    if sarif_file is not None:
        text = json.dumps(sarif(review, program, root), indent=2, ensure_ascii=False)
        try:
            Path(sarif_file).write_text(text, encoding="utf-8")
        except OSError as error:
            usage_error(f"{sarif_file} cannot be written: {error.strerror}", as_json)
    if as_json:
        print_json(review.to_json(root))
    else:
        click.echo(review_text(review, Path.cwd().resolve()))
    sys.stdout.flush()
    sys.stderr.flush()
    guard.done()
    os._exit(FAILED if review.findings else SUCCESS)  # threads of the program may still run


def _review(
    program: Path, project: Project, given: Mapping[str, str], timeout: float, as_json: bool
) -> Review:
    """The review of a project; exits with INTERNAL_ERROR if the program cannot be previewed."""
    from lab_support.review.program import review_project  # start-up time: loads Pulumi

    try:
        with on_terminal("Review"):
            return review_project(program, project, given, timeout)[1]
    except (ProgramError, PreviewFailed, InternalError) as error:
        exit_with_error(
            error, as_json, INTERNAL_ERROR, (*project.notes, *missing_config(error, project.missing_config))
        )
