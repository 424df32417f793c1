"""One run of the pinned `pulumi` CLI for an inline program, in its own workspace, with the mock providers attached."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pulumi import automation as auto
from pulumi.automation._stack import StackInitMode

from lab_support.engine.event_file import StackWithEventFile
from lab_support.engine.garbage import fewer_collections
from lab_support.engine.inline_program import InlineProgram
from lab_support.engine.printed import watched_streams
from lab_support.engine.workspace import Cli, Runs, Workspace
from lab_support.errors import InternalError, MachineError, ProgramError
from lab_support.mock_packages.installed import installed_packages
from lab_support.reporting import Report, null_reporter
from lab_support.safeguards.folders import temporary_folder, unusable_temporary_folder
from lab_support.toolchain import ToolchainError, obtain_pulumi

# The engine ignores that the disk is full.
_INCOMPLETE = (
    "The engine's messages are incomplete, most likely because there is no room left for temporary files. "
    "Make room there, or set TMPDIR to another folder."
)
_DELETED = "The program deletes the folder for temporary files."
Operation = Literal["preview", "update", "refresh and update", "destroy"]


@dataclass(frozen=True)
class EngineRun:
    """A stack that is ready to run; `events` grows while it does."""

    stack: auto.Stack
    workspace: Workspace
    folder: Path
    events: list[Any]

    def run(self, operation: Operation, report: Report, parallel: int | None = None) -> str:
        """Runs it; returns the planned steps of a preview as JSON. Raises CommandError when the CLI fails.

        `parallel` limits how many resources the engine works on at once; by default the engine decides.
        """
        number = itertools.count(1)

        def listen(event: Any) -> None:
            self.events.append(event)
            if event.resource_pre_event is not None:
                name = event.resource_pre_event.metadata.urn.rpartition("::")[2]
                report(f"resource {next(number)}: {name}")

        if operation == "preview":
            try:
                return self.stack.preview(parallel, on_event=listen, json=True, color="never").stdout
            except RuntimeError as error:
                if "summary event" not in str(error):
                    raise
                raise MachineError(_INCOMPLETE) from None
        if operation == "destroy":
            self.stack.destroy(on_event=listen, color="never", show_secrets=False)
        else:
            refresh = True if operation == "refresh and update" else None
            self.stack.up(on_event=listen, color="never", show_secrets=False, refresh=refresh)
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
    runs: Runs,
    report: Report,
    state: bytes | None = None,
) -> Iterator[EngineRun]:
    """A run of this program in a private folder, which is deleted when the block ends.

    `state` is the stack's checkpoint, if it has one. The engine connects to the two ports instead of starting the
    providers' plugins. Raises InternalError without a CLI.
    """
    cli = Cli(cli_path(report), runs, inline.abandon)
    ports = {"aws": aws_port, **dict.fromkeys(installed_packages(), packages_port)}
    with fewer_collections(), watched_streams(), ExitStack() as opened:
        try:
            folder = opened.enter_context(temporary_folder())
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
            kind = StackWithEventFile if report is null_reporter else auto.Stack
            selected = kind(stack, workspace, StackInitMode.SELECT)
        except FileNotFoundError:  # it was there a moment ago
            raise ProgramError(_DELETED) from None
        except OSError as error:
            raise MachineError(unusable_temporary_folder(error)) from None
        workspace.program = inline.run
        try:
            yield EngineRun(selected, workspace, folder, [])
        except FileNotFoundError as error:
            if folder.exists() and folder not in Path(str(error.filename)).parents:
                raise
            raise ProgramError(_DELETED) from None
        finally:
            inline.stop()


def cli_path(report: Report) -> Path:
    """Where the CLI is; the first call may have to download or build it. Raises InternalError."""
    try:
        return obtain_pulumi(report).path
    except ToolchainError as error:
        raise InternalError(str(error)) from None


def _current_folder(otherwise: Path) -> Path:
    """The folder to which relative paths in the program refer; the other one where it has been deleted."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return otherwise
