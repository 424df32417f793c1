"""`lab start`, `lab update` and `lab doctor`: the learner's folder, JupyterLab, and whether this machine is ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from lab_support.cli.options import FAILED, SUCCESS, as_json, folder_or_exit, print_json, usage_error
from lab_support.course import exercises, places, workspace
from lab_support.course.readiness import examine
from lab_support.display.doctor import facts_text
from lab_support.jupyter.server import lab_command, lab_environment
from lab_support.toolchain import ToolchainError, find_pulumi, obtain_pulumi
from lab_support.toolchain.progress_line import ProgressLine

START: Final = "00_start_here.ipynb"


@click.command("start", context_settings={"ignore_unknown_options": True})
@click.argument("place", metavar="[FOLDER | NOTEBOOK]", required=False)
@click.option(
    "--port", type=int, default=None, help="Port to serve on; by default the first free one from 8888."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option(
    "--hub", is_flag=True, hidden=True, help="Serve one learner of a JupyterHub, which runs this (hub/)."
)
def start_command(place: str | None, port: int | None, no_browser: bool, hub: bool) -> None:
    """Open JupyterLab on the start page, or on NOTEBOOK.

    NOTEBOOK is a name in notebooks/ (02_database_zone, or just 02) or a path.

    Outside a clone, the notebooks are written to FOLDER, or to the current folder if it is empty. Your progress is
    stored beside them. Later, `lab start` in that folder is enough.
    """
    notebook = place if places.is_clone() else _enter(place)
    if notebook is not None and not workspace.is_notebook_name(notebook):
        find_notebook(notebook)  # or a usage error, before anything is written
    try:
        done = workspace.build()
    except OSError as error:
        usage_error(f"the notebooks cannot be written: {error}")
    written = [built for built in done if built.state == "written"]
    if len(written) == len(done):
        click.echo(f"The notebooks are in {exercises.root() / 'notebooks'}")
    else:
        for built in written:
            click.echo(f"{built.path.relative_to(exercises.root())}: {built.state}")
    if any(built.newer is not None for built in done):
        click.echo("Some notebooks that you have edited have a newer version: lab update")
    path = find_notebook(notebook)
    _obtain_cli()
    arguments = lab_command(path, port=port, browser=not no_browser and not hub, hub=hub)
    click.echo("Starting JupyterLab; press Ctrl+C here to stop it.")
    environment = lab_environment()
    os.chdir(exercises.root())
    if os.name == "nt":  # there, exec would return the terminal before JupyterLab ends
        sys.exit(subprocess.call(arguments, env=environment))
    sys.stdout.flush()
    os.execve(arguments[0], arguments, environment)  # signals reach JupyterLab itself


def _enter(place: str | None) -> str | None:
    """Goes to the learner's folder, creating it if necessary; returns the notebook that was named, if one was."""
    is_notebook = (
        place is not None
        and not Path(place).is_dir()
        and (places.is_ready() or workspace.is_notebook_name(place) or place.endswith(".ipynb"))
    )
    folder = Path(place) if place is not None and not is_notebook else Path()
    if folder == Path() and place != "." and not places.is_ready() and any(folder.iterdir()):
        usage_error(f"{Path.cwd()} is not empty; `lab start FOLDER` creates a folder for the notebooks")
    if folder != Path() or not places.is_ready():
        try:
            workspace.create(folder)
        except OSError as error:
            usage_error(f"{folder} cannot be the folder for the notebooks: {error.strerror or error}")
    return place if is_notebook else None


def _obtain_cli() -> None:
    """Gets the Pulumi CLI on first use. Without it, notebooks can still be read, and the first preview tries again."""
    if find_pulumi() is not None:
        return
    click.echo("Getting the Pulumi CLI. This is needed once.")
    progress = ProgressLine(sys.stderr)
    try:
        obtain_pulumi(progress)
    except ToolchainError as error:
        progress.close()
        click.echo(str(error), err=True)
    finally:
        progress.close()


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
    beginning = exercises.numbered(notebook)
    matching = [path for path in sorted(folder.glob(f"{beginning}*.ipynb")) if "." not in path.stem]
    if len(matching) == 1:
        return matching[0]
    usage_error(f"there is no notebook {notebook!r} in {folder}")


@click.command("update")
@as_json
def update_command(as_json: bool) -> None:
    """Bring the notebooks up to date with the installed lab.

    A notebook that you have edited is kept; its new version is written beside it, as NAME.new.ipynb.
    """
    folder_or_exit(as_json)
    done = workspace.update()
    changed = [built for built in done if built.state == "written" or built.newer is not None]
    if as_json:
        rows = [
            {"path": built.path.relative_to(exercises.root()).as_posix(), "state": built.state}
            for built in changed
        ]
        print_json({"files": rows})
        return
    for built in changed:
        click.echo(f"{built.path.relative_to(exercises.root())}: {built.state}")
    if not changed:
        click.echo("The notebooks are up to date.")


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
