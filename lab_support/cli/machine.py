"""`lab start` and `lab doctor`: JupyterLab as the lab wants it, and whether this machine has what it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from lab_support.cli.options import FAILED, SUCCESS, as_json, emit, usage_error
from lab_support.course import exercises, notebooks

START: Final = "00_start_here.ipynb"


@click.command("start", context_settings={"ignore_unknown_options": True})
@click.argument("notebook", required=False)
@click.option(
    "--port", type=int, default=None, help="The port to serve on; the first free one from 8888 by default."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def start_command(notebook: str | None, port: int | None, no_browser: bool) -> None:
    """Open JupyterLab on NOTEBOOK (a name such as 02_database_zone), or on the start page."""
    from lab_support.jupyter.server import lab_command, lab_environment

    for built in notebooks.build():
        if built.state == "written":
            click.echo(f"{built.path.relative_to(exercises.root())}: {built.state}")
    path = _opened(notebook)
    arguments = lab_command(path, port=port, browser=not no_browser)
    click.echo("Starting JupyterLab; Ctrl-C here stops it.")
    environment = lab_environment()
    os.chdir(exercises.root())
    if os.name == "nt":  # there, exec would leave the terminal before JupyterLab ends
        sys.exit(subprocess.call(arguments, env=environment))
    sys.stdout.flush()
    os.execve(arguments[0], arguments, environment)  # signals reach JupyterLab itself


def _opened(notebook: str | None) -> Path:
    folder = exercises.root() / "notebooks"
    if notebook is None:
        # The first one is the start page, unless somebody has taken it away.
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
    """Say what the lab needs of this machine, what of it is there, and how to get the rest."""
    from lab_support.course.readiness import examine

    facts = examine()
    ok = all(fact.ok for fact in facts)
    if as_json:
        emit({"ok": ok, "facts": [fact.to_json() for fact in facts]})
    else:
        from lab_support.display.doctor import facts_text

        click.echo(facts_text(tuple(facts)))
    sys.exit(SUCCESS if ok else FAILED)
