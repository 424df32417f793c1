"""`lab start` and `lab doctor`: start JupyterLab, and find out whether this machine is ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from lab_support.cli.options import FAILED, SUCCESS, as_json, print_json, usage_error
from lab_support.course import exercises, notebooks
from lab_support.course.readiness import examine
from lab_support.display.doctor import facts_text
from lab_support.jupyter.server import lab_command, lab_environment

START: Final = "00_start_here.ipynb"


@click.command("start", context_settings={"ignore_unknown_options": True})
@click.argument("notebook", required=False)
@click.option(
    "--port", type=int, default=None, help="Port to serve on; by default the first free one from 8888."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def start_command(notebook: str | None, port: int | None, no_browser: bool) -> None:
    """Open JupyterLab on the start page, or on NOTEBOOK.

    NOTEBOOK is a name in notebooks/ (02_database_zone, or just 02) or a path.
    """
    for built in notebooks.build():
        if built.state == "written":
            click.echo(f"{built.path.relative_to(exercises.root())}: {built.state}")
    path = find_notebook(notebook)
    arguments = lab_command(path, port=port, browser=not no_browser)
    click.echo("Starting JupyterLab; press Ctrl+C here to stop it.")
    environment = lab_environment()
    os.chdir(exercises.root())
    if os.name == "nt":  # there, exec would return the terminal before JupyterLab ends
        sys.exit(subprocess.call(arguments, env=environment))
    sys.stdout.flush()
    os.execve(arguments[0], arguments, environment)  # signals reach JupyterLab itself


def find_notebook(notebook: str | None) -> Path:
    """The notebook of this name, or the start page; a usage error if there is none."""
    folder = exercises.root() / "notebooks"
    if notebook is None:
        # The first by number is the start page, unless it was removed.
        numbered = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
        return numbered[0] if numbered else folder / START
    for path in (folder / notebook, folder / f"{notebook}.ipynb", Path(notebook)):
        if path.is_file():
            return path.resolve()
    matching = sorted(folder.glob(f"{notebook}*.ipynb"))
    if len(matching) == 1:
        return matching[0]
    usage_error(f"there is no notebook {notebook!r} in {folder}")


@click.command("doctor")
@as_json
def doctor_command(as_json: bool) -> None:
    """Report missing prerequisites and how to install them.

    Exit codes: 0 ready, 1 something is missing.
    """
    facts = examine()
    ready = all(fact.ok for fact in facts)
    if as_json:
        print_json({"ok": ready, "facts": [fact.to_json() for fact in facts]})
    else:
        click.echo(facts_text(tuple(facts)))
    sys.exit(SUCCESS if ready else FAILED)
