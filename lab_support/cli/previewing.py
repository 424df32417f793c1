"""`lab preview`: any Pulumi Python program against the mock account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from lab_support.cli.options import FAILED, INTERNAL_ERROR, as_json, emit, usage_error


def program_options(command: Any) -> Any:
    """The argument and the options of every command that previews a program: PATH, --config, --stack, --timeout."""
    for decorate in (
        click.option(
            "--timeout", type=click.FloatRange(min=1), default=300, show_default=True, help="Seconds to wait."
        ),
        click.option(
            "--stack",
            metavar="NAME",
            help="The name of the stack; by default dev, or the only one that has a file.",
        ),
        click.option(
            "--config",
            "settings",
            metavar="KEY=VALUE",
            multiple=True,
            help="A configuration value; repeatable.",
        ),
        click.argument("path"),
    ):
        command = decorate(command)
    return command


@click.command("preview")
@program_options
@as_json
def preview_command(
    path: str, settings: tuple[str, ...], stack: str | None, timeout: float, as_json: bool
) -> None:
    """Preview the Pulumi program at PATH: a project folder, a .py file, or one that only defines
    `program(environment_suffix)` or a component class.

    Nothing is created and no credentials are needed. What would be refused on deployment is told, which a preview by
    Pulumi does not see. Exit code 0: previewed; 1: the program did not run or the provider refused it; 2: wrong call;
    3: the lab itself failed.
    """
    from lab_support.projects.config import NoProgram
    from lab_support.projects.project import read_project, split_config

    try:
        project = read_project(Path(path), stack, split_config(settings))
    except NoProgram as error:
        usage_error(str(error), as_json)

    from lab_support.cli.progress import on_terminal
    from lab_support.display.plan import plan_view
    from lab_support.engine.results import REFUSED_LATER, TAKEN_TO_EXIST
    from lab_support.errors import InternalError, PreviewFailed, ProgramError
    from lab_support.mock_aws.overwriting import OVERWRITTEN

    try:
        with on_terminal("Preview"):
            plan, notes = project.preview(timeout)
    except (ProgramError, PreviewFailed) as error:
        leave(error, as_json, FAILED, (*project.notes, *advice(error, project.lacks)))
    except InternalError as error:
        leave(error, as_json, INTERNAL_ERROR, project.notes)
    if as_json:
        emit({**_contract(plan.to_json()), "notes": list(notes)})
        return
    for note in notes:
        click.echo(note)
    for said in plan.diagnostics:
        if said.text.endswith(TAKEN_TO_EXIST) or said.text.startswith((REFUSED_LATER, OVERWRITTEN)):
            click.echo(f"{said.resource}: {said.text}" if said.resource else said.text)
    if plan.mocked_packages:
        click.echo(f"Nothing of these packages is real, they are mocked: {', '.join(plan.mocked_packages)}")
    click.echo(str(plan_view(plan)))


def _contract(plan: dict[str, Any]) -> dict[str, Any]:
    """The fields that scripts rely on."""
    fields = ("urn", "type", "name", "op", "inputs", "outputs", "depends_on")
    return {
        "resources": [{field: resource[field] for field in fields} for resource in plan["resources"]],
        "outputs": plan["outputs"],
        "diagnostics": plan["diagnostics"],
        "mocked_packages": plan["mocked_packages"],
    }


def advice(error: Exception, lacking: tuple[str, ...]) -> tuple[str, ...]:
    """How to give the configuration that a program missed: all of it at once."""
    if not str(getattr(error, "message", "")).startswith("ConfigMissingError") or not lacking:
        return ()
    options = " ".join(f"--config {key}=…" for key in lacking)
    return (f"The program requires configuration that nobody has given: {options}",)


def leave(error: Exception, as_json: bool, code: int, notes: tuple[str, ...] = ()) -> NoReturn:
    """Says what went wrong and ends at once: Python would wait for a program that was cut short and still sleeps."""
    if as_json:
        emit({"error": str(error), "notes": list(notes)})
    else:
        for text in (str(error), *notes):
            click.echo(text, err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
