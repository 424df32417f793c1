"""The `lab` command: everything that the notebooks' buttons do, and what instructors and scripts need.

Exit codes: 0 well, 1 not well, 2 usage, 3 the lab's own fault. `--json` prints one object on standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import click

from lab_support import exercises
from lab_support.exercises import Exercise, UnknownExercise

WELL, NOT_WELL, USAGE, LAB_FAULT = 0, 1, 2, 3

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for scripts.")


def usage_error(text: str, as_json: bool = False) -> NoReturn:
    """Ends the command with exit code 2, saying what is wrong with the call."""
    if as_json:
        click.echo(json.dumps({"error": text}, ensure_ascii=False))
    else:
        click.echo(f"lab: {text}", err=True)
    sys.exit(USAGE)


def wanted(slug: str, as_json: bool = False) -> Exercise:
    """The exercise that a command line names."""
    try:
        return exercises.exercise(slug)
    except UnknownExercise as error:
        usage_error(str(error), as_json)


def emit(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


class _Lazy(click.Group):
    """Loads the module of a command when it is called, so that `lab check` does not wait for all the others."""

    COMMANDS: ClassVar = {
        "build": "authoring",
        "changes": "learning",
        "check": "checking",
        "doctor": "machine",
        "hint": "learning",
        "list": "learning",
        "new": "authoring",
        "notes": "learning",
        "preview": "previewing",
        "reset": "learning",
        "review": "reviewing",
        "solution": "learning",
        "start": "machine",
        "validate": "authoring",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.COMMANDS:
            return None
        from importlib import import_module

        module = import_module(f"lab_support.commands.{self.COMMANDS[name]}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-review-lab")
def main() -> None:
    """Learn to review infrastructure code, on real Pulumi previews against a mock AWS account."""


def notebook_of(asked: Exercise) -> Path:
    """Where the learner's notebook of an exercise lies."""
    return exercises.root() / "notebooks" / f"{asked.slug}.ipynb"


if __name__ == "__main__":
    main()
