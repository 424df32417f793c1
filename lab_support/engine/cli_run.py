"""One run of the pinned `pulumi` CLI on an inline program, in a workspace of its own, with our providers attached."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pulumi import automation as auto

from lab_support.engine.garbage import old_objects_left_alone
from lab_support.engine.inline_program import InlineProgram
from lab_support.engine.workspace import Cli, Runs, Workspace, private_folder
from lab_support.errors import InternalError
from lab_support.mock_packages.installed import installed_packages
from lab_support.reporting import Report
from lab_support.toolchain import ToolchainError, obtain_pulumi

Doing = Literal["preview", "update", "destroy"]


@dataclass(frozen=True)
class EngineRun:
    """A stack that is ready to be run; `events` fills up while it runs."""

    stack: auto.Stack
    workspace: Workspace
    folder: Path
    events: list[Any]

    def run(self, doing: Doing, report: Report, parallel: int | None = None) -> str:
        """Runs it and returns the planned steps as JSON, for a preview. Raises CommandError where that fails.

        `parallel` is how many resources the engine may work at once, where its own number is too small.
        """
        seen = itertools.count(1)

        def listen(event: Any) -> None:
            self.events.append(event)
            if event.resource_pre_event is not None:
                name = event.resource_pre_event.metadata.urn.rpartition("::")[2]
                report(f"resource {next(seen)}: {name}")

        if doing == "preview":
            return self.stack.preview(parallel, on_event=listen, json=True, color="never").stdout
        run = self.stack.up if doing == "update" else self.stack.destroy
        run(on_event=listen, color="never", show_secrets=False)
        return ""


@contextmanager
def engine_run(
    inline: InlineProgram,
    *,
    stack: str,
    project: str,
    config: Mapping[str, Any],
    aws_port: int,
    packages_port: int,
    time_limit: float,
    runs: Runs,
    report: Report,
    state: bytes | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[EngineRun]:
    """A run of this program in a private folder, which is deleted when the block ends; `state` is the stack's, and
    `meanwhile` is done while the engine starts.

    The engine asks at the two ports instead of starting the providers' plugins. Raises InternalError without a CLI.
    """
    cli = Cli(cli_path(report), time_limit, inline.abandon, runs, meanwhile)
    ports = {"aws": aws_port, **dict.fromkeys(installed_packages(), packages_port)}
    with old_objects_left_alone(), private_folder() as folder:
        workspace = Workspace(
            folder,
            project=project,
            stack=stack,
            config=config,
            cli=cli,
            env={
                "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{at}" for name, at in ports.items()),
                "PULUMI_OPTION_SHOW_SAMES": "true",
            },
            program_folder=_current_folder(folder),
            state=state,
        )
        workspace.program = inline.run
        try:
            yield EngineRun(auto.Stack.select(stack, workspace), workspace, folder, [])
        finally:
            inline.stop()


def cli_path(report: Report) -> Path:
    """Where the CLI is; the first time it may have to be got. Raises InternalError."""
    try:
        return obtain_pulumi(report).path
    except ToolchainError as error:
        raise InternalError(str(error)) from None


def _current_folder(otherwise: Path) -> Path:
    """The folder that relative paths of the program begin in; it may have been deleted in the meantime."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return otherwise
