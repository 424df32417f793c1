"""The `lab` command: what the notebooks' buttons do, and what instructors and scripts need.

Exit codes: 0 success, 1 failed, 2 usage error, 3 internal error. `--json` prints one object on standard output.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, ClassVar

import click

from lab_support.cli.colour import ColouredStream, wants_colour
from lab_support.cli.examples import epilog
from lab_support.cli.failures import exit_with_failure
from lab_support.safeguards.printing import PrintableStream


class _LazyGroup(click.Group):
    """Loads a subcommand's module when it is called, so that `lab check` does not wait for the others."""

    COMMANDS: ClassVar = {
        "build": "authoring",
        "changes": "learning",
        "check": "checking",
        "completion": "completing",
        "dataset": "review_exercises",
        "debrief": "consequences",
        "doctor": "machine",
        "drill": "consequences",
        "explain": "explaining",
        "fix": "fixing",
        "grade": "grading",
        "hint": "learning",
        "key": "review_exercises",
        "list": "learning",
        "new": "authoring",
        "notes": "learning",
        "predict": "answering",
        "preview": "previewing",
        "repairs": "answering",
        "reset": "learning",
        "room": "room",
        "review": "reviewing",
        "review-exercise": "review_exercises",
        "share": "room",
        "solution": "learning",
        "start": "machine",
        "update": "machine",
        "validate": "authoring",
        "watch": "watching",
    }

    # What each command is for. `lab --help` lists any other one at its end.
    PURPOSES: ClassVar = {
        "Learn": (
            *(
                "start",
                "list",
                "predict",
                "drill",
                "check",
                "watch",
                "hint",
                "changes",
                "repairs",
                "solution",
                "debrief",
                "notes",
            ),
            *("reset", "review-exercise", "update", "share"),
        ),
        "Review your own stack": ("preview", "review", "explain"),
        "Write exercises": ("new", "fix", "validate", "build"),
        "Teach": ("grade", "room", "dataset", "key"),
        "This machine": ("doctor", "completion"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.COMMANDS:
            return None
        module = import_module(f"lab_support.cli.{self.COMMANDS[name]}")
        command = getattr(module, f"{name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        command.epilog = epilog(name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands by what they are for, each with the first sentence of its help."""
        named = {name for names in self.PURPOSES.values() for name in names}
        others = tuple(name for name in self.list_commands(ctx) if name not in named)
        for purpose, names in {**self.PURPOSES, "Also": others}.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            if not commands:
                continue
            with formatter.section(purpose):
                formatter.write_dl([(name, _summary(command)) for name, command in commands if command])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Runs the command; what no command has caught is an internal error in a sentence, never a traceback."""
        as_json = "--json" in (sys.argv[1:] if args is None else args)
        before = sys.stdout
        has_colour = not as_json and not os.environ.get("_LAB_COMPLETE") and wants_colour(before)
        sys.stdout = ColouredStream(before) if has_colour else PrintableStream(before)
        try:
            return super().main(args, *rest, **options)
        except Exception as error:
            if os.environ.get("PULUMI_REVIEW_LAB_TRACEBACK"):
                raise
            exit_with_failure(error, as_json)
        finally:
            sys.stdout = before


def _summary(command: click.Command) -> str:
    """The first sentence of a command's help, which click would cut at the end of the line."""
    paragraph = " ".join((command.help or "").partition("\n\n")[0].split())
    return f"{paragraph.partition('. ')[0].removesuffix('.')}."


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-review-lab")
def main() -> None:
    """Learn to review infrastructure code, with real Pulumi previews against a mock AWS account.

    Exit codes: 0 success, 1 failed, 2 usage error, 3 internal error.
    """


if __name__ == "__main__":
    main()
