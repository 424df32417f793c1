"""`lab preview`: any Pulumi Python program against the mock account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from lab_support.cli import LAB_FAULT, NOT_WELL, as_json, emit, usage_error


@click.command("preview")
@click.argument("path")
@click.option(
    "--config", "settings", metavar="KEY=VALUE", multiple=True, help="A configuration value; repeatable."
)
@click.option("--stack", default="dev", show_default=True, metavar="NAME", help="The name of the stack.")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=300, show_default=True, help="Seconds to wait."
)
@as_json
def preview_command(path: str, settings: tuple[str, ...], stack: str, timeout: float, as_json: bool) -> None:
    """Preview the Pulumi program at PATH: a project folder, a .py file, or one with `program(environment_suffix)`.

    Nothing is created and no credentials are needed. Exit code 0: previewed; 1: the program did not run or was
    refused; 2: wrong call; 3: the lab itself failed.
    """
    from lab_support.projects import NoProgram, read_project, split_config

    try:
        project = read_project(Path(path), stack, split_config(settings))
    except NoProgram as error:
        usage_error(str(error), as_json)

    from lab_support.display.plan import plan_view
    from lab_support.engine import Settings, preview
    from lab_support.faults import LabFault, PreviewFailed, ProgramError

    try:
        with project.prepared():
            plan = preview(
                project.program,
                stack,
                settings=Settings(project=project.name, config=project.config, time_limit=timeout),
            )
    except (ProgramError, PreviewFailed) as error:
        _leave(error, as_json, NOT_WELL)
    except LabFault as error:
        _leave(error, as_json, LAB_FAULT)
    if as_json:
        emit(_contract(plan.to_json()))
        return
    for note in project.notes:
        click.echo(note)
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


def _leave(error: Exception, as_json: bool, code: int) -> NoReturn:
    """Says what went wrong and ends at once: Python would wait for a program that was cut short and still sleeps."""
    _say(error, as_json)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _say(error: Exception, as_json: bool) -> None:
    if as_json:
        emit({"error": str(error)})
    else:
        click.echo(str(error), err=True)
