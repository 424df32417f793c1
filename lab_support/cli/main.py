"""The `lab` command: what the notebooks' buttons do, and what instructors and scripts need.

Exit codes: 0 success, 1 failed, 2 usage error, 3 internal error. `--json` prints one object on standard output.
"""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import click


class _LazyGroup(click.Group):
    """Loads a subcommand's module when it is called, so that `lab check` does not wait for the others."""

    COMMANDS: ClassVar = {
        "build": "authoring",
        "changes": "learning",
        "check": "checking",
        "doctor": "machine",
        "explain": "explaining",
        "fix": "fixing",
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
        module = import_module(f"lab_support.cli.{self.COMMANDS[name]}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pulumi-review-lab")
def main() -> None:
    """Learn to review infrastructure code, with real Pulumi previews against a mock AWS account.

    Exit codes: 0 success, 1 failed, 2 usage error, 3 internal error.
    """


if __name__ == "__main__":
    main()
