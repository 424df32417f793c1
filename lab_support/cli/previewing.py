"""`lab preview`: previews any Pulumi program in Python against the mock account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from lab_support.cli.options import FAILED, INTERNAL_ERROR, Seconds, as_json, print_json, usage_error
from lab_support.cli.progress import on_terminal
from lab_support.display.plan import plan_summary, plan_view
from lab_support.engine.user_environment import withheld
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.projects.config import InvalidProject
from lab_support.safeguards import guard
from lab_support.safeguards.printing import printable


def _withhold(context: click.Context, option: click.Parameter, names: tuple[str, ...]) -> None:
    """Hides the user's variables for real accounts from this process, and so from the program."""
    context.with_resource(withheld(but=names))


def program_options(command: Any) -> Any:
    """What every command that previews a program takes: PATH, --config, --stack, --timeout, --pass-env."""
    for decorate in (
        click.option(
            "--timeout",
            type=Seconds(1),
            default=300,
            show_default=True,
            help="Time limit, in seconds.",
        ),
        click.option(
            "--stack",
            metavar="NAME",
            help="Stack to preview; by default the only one with a configuration file, else dev.",
        ),
        click.option(
            "--config",
            "settings",
            metavar="KEY=VALUE",
            multiple=True,
            help="Set a configuration value; repeatable.",
        ),
        click.option(
            "--pass-env",
            metavar="NAME",
            multiple=True,
            expose_value=False,
            callback=_withhold,
            help="Pass your variable NAME, such as AWS_PROFILE, to the program; repeatable. Without this, it gets none "
            "named AWS_* or PULUMI_*.",
        ),
        click.argument("path", type=click.Path(allow_dash=True)),
    ):
        command = decorate(command)
    return command


@click.command("preview")
@program_options
@click.option(
    "--as-pulumi",
    is_flag=True,
    help="Leave unknown what `pulumi preview` does not know before a deployment.",
)
@click.option("--full", is_flag=True, help="Show all properties of each resource.")
@as_json
def preview_command(
    path: str,
    settings: tuple[str, ...],
    stack: str | None,
    timeout: float,
    as_pulumi: bool,
    full: bool,
    as_json: bool,
) -> None:
    """Preview any Pulumi program in Python, without credentials.

    PATH is a project folder or a .py file, which may just define `program(environment_suffix)` or a component class.
    Nothing is created. The report includes what AWS would refuse on deployment, which `pulumi preview` cannot see.

    Exit codes: 0 previewed, 1 the program failed or was refused, 2 usage error, 3 internal error.
    """
    # start-up time: these load Pulumi
    from lab_support.mock_packages.installed import mocked
    from lab_support.projects.advice import advice, messages
    from lab_support.projects.project import read_project, split_config

    try:
        project = read_project(Path(path), stack, split_config(settings))
    except InvalidProject as error:
        usage_error(str(error), as_json)

    try:
        with on_terminal("Preview"):
            plan, notes = project.preview(timeout, as_pulumi=as_pulumi)
    except (ProgramError, PreviewFailed) as error:
        exit_with_error(error, as_json, FAILED, (*project.notes, *project.advice_on(error)))
    except InternalError as error:
        exit_with_error(error, as_json, INTERNAL_ERROR, project.notes)
    if as_json:
        print_json({**_contract(plan.to_json()), "notes": list(notes)})
        return
    for note in notes:
        click.echo(note)
    for text in (*advice(plan), *messages(plan)):
        click.echo(text)
    for text in mocked(plan.mocked_packages):
        click.echo(text)
    click.echo(str(plan_view(plan)) if full else plan_summary(plan))
    if not full and len(plan):
        click.echo("\nFor the properties of each resource, add --full.")


def _contract(plan: dict[str, Any]) -> dict[str, Any]:
    """The part of a plan that `lab preview --json` promises to scripts."""
    fields = ("urn", "type", "name", "op", "inputs", "outputs", "depends_on")
    return {
        "resources": [{field: resource[field] for field in fields} for resource in plan["resources"]],
        "outputs": plan["outputs"],
        "diagnostics": plan["diagnostics"],
        "mocked_packages": plan["mocked_packages"],
    }


def exit_with_error(error: Exception, as_json: bool, code: int, notes: tuple[str, ...] = ()) -> NoReturn:
    """Prints an error and exits at once: Python would wait for threads of a program that was cut short."""
    try:
        if as_json:
            print_json({"error": str(error), "notes": list(notes)})
        else:
            for text in (str(error), *notes):
                click.echo(printable(text), err=True)
        (sys.stdout if as_json else sys.stderr).flush()
    except (OSError, ValueError):  # the program has closed it; the process that started this one has its own
        guard.blame(str(getattr(error, "message", error)))
    else:
        guard.done()
    os._exit(code)
