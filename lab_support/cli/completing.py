"""Shell completion: `lab completion` prints the script; the names of exercises and fixes are completed, too."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import CompletionItem, get_completion_class

from lab_support.course import exercises

SHELLS: Final = ("bash", "fish", "zsh")


def slugs(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The exercises whose name begins so, with their title."""
    return [
        CompletionItem(exercise.slug, help=exercise.title)
        for exercise in exercises.catalogue()
        if exercise.slug.startswith(incomplete)
    ]


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the script that completes `lab` commands.

    It completes commands, options, exercises and files. For bash and zsh, put the line with `eval` into your shell's
    start-up file; fish reads the file that the other line writes.
    """
    found = get_completion_class(shell)
    assert found is not None, shell
    root = click.get_current_context().find_root()
    click.echo(found(root.command, {}, "lab", "_LAB_COMPLETE").source())
