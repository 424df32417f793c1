"""Runs a program through the real Pulumi engine against a mock account: `preview` and `deploy`.

    plan = preview(program)                        # what would exist in environment "dev"
    account = Account()
    deploy(program, "dev", account=account)        # a real `pulumi up`; the account remembers
    preview(program, "prod", account=account)      # sees what is there and leaves it as it is

The program runs in this process, on a thread of its own, so a debugger and a notebook's cells work as usual; the
engine is the pinned `pulumi` CLI. Several runs may go on at once, and inside a running event loop.
"""

from __future__ import annotations

import asyncio
import ctypes
import inspect
import os
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
from pulumi import automation as auto
from pulumi.automation._server import LanguageServer
from pulumi.runtime.stack import wait_for_rpcs

from lab_support import mock_aws, outcome
from lab_support.faults import LabFault, ProgramError, explain, location_of_thread
from lab_support.lazy_modules import load_what_is_used_by
from lab_support.mock_aws.account import REGION, Account
from lab_support.mock_aws.provider import MockAws, serve
from lab_support.plan import Location, Plan
from lab_support.toolchain import ToolchainError, obtain_pulumi
from lab_support.workspace import Cli, Workspace, private_folder

PROJECT: Final = "emergency-alert"
TIME_LIMIT: Final = 30.0  # seconds that a program may take; PULUMI_REVIEW_LAB_TIME_LIMIT sets another
Program = Callable[[str], Any]

# gRPC would look for a proxy even for this machine's own addresses.
os.environ.setdefault("no_grpc_proxy", "127.0.0.1,localhost")
# When a run is cut short, the SDK warns that its stream of events ended; that is what cutting short means.
warnings.filterwarnings("ignore", message="Error in event stream")


def _time_limit() -> float:
    return float(os.environ.get("PULUMI_REVIEW_LAB_TIME_LIMIT") or TIME_LIMIT)


@dataclass(frozen=True)
class Settings:
    """How a run is set up: the project, its configuration by full key (`aws:region`), and the time limit."""

    project: str = PROJECT
    config: Mapping[str, Any] | None = None
    time_limit: float = field(default_factory=_time_limit)


def preview(
    program: Program,
    environment_suffix: str = "dev",
    *,
    account: Account | None = None,
    settings: Settings | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """What `program(environment_suffix)` would create, as the engine and the account see it.

    The account is left as it is. Raises ProgramError when the program does not run to its end within the time
    limit, PreviewFailed when the engine or the account refuses it, LabFault when the lab is at fault.
    """
    played = account.copy() if account is not None else Account()
    return _run(program, environment_suffix, played, settings or Settings(), progress, update=False)


def deploy(
    program: Program,
    environment_suffix: str = "dev",
    *,
    account: Account,
    settings: Settings | None = None,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Brings `program(environment_suffix)` up in the account, for real, and returns what was done.

    The account remembers the resources and the engine's state, so the next run for the same suffix is an update.
    Raises what `preview` raises; a deployment that fails half-way leaves in the account what was created.
    """
    return _run(program, environment_suffix, account, settings or Settings(), progress, update=True)


def preview_all(
    program: Program, environments: Iterable[str], **options: Any
) -> dict[str, Plan | ProgramError | outcome.PreviewFailed]:
    """A preview for each environment, some at once; an error of one stands in its plan's place."""

    def one(environment: str) -> Plan | ProgramError | outcome.PreviewFailed:
        try:
            return preview(program, environment, **options)
        except (ProgramError, outcome.PreviewFailed) as error:
            return error

    wanted = tuple(environments)
    load_what_is_used_by(program)
    with ThreadPoolExecutor(max_workers=min(len(wanted), (os.cpu_count() or 2) + 1)) as threads:
        return dict(zip(wanted, threads.map(one, wanted), strict=True))


def _run(
    program: Program,
    environment: str,
    account: Account,
    settings: Settings,
    progress: Callable[[str], None] | None,
    *,
    update: bool,
) -> Plan:
    inline = _Inline(program, environment)
    say = progress or (lambda text: None)
    try:
        pulumi_path = obtain_pulumi(say).path
    except ToolchainError as error:
        raise LabFault(str(error)) from None
    events: list[Any] = []
    cli = Cli(pulumi_path, settings.time_limit, inline.abandon)
    with private_folder() as folder, serve(account) as (provider, port):
        workspace = Workspace(
            folder,
            project=settings.project,
            stack=environment,
            config={"aws:region": REGION, **(settings.config or {})},
            cli=cli,
            env={"PULUMI_DEBUG_PROVIDERS": f"aws:{port}"},
            state=account.stacks.get(environment),
        )
        workspace.program = inline.run
        stack = auto.Stack.select(environment, workspace)
        try:
            printed = _call_engine(stack, events, say, update)
        except auto.errors.CommandError as error:
            raise inline.failure(events, provider, error) from None
        finally:
            inline.stop()
            if update:
                account.stacks[environment] = workspace.checkpoint.read_bytes()
        if inline.error is not None:
            raise inline.failure(events, provider, inline.error)
        states = (
            outcome.states_in_checkpoint(workspace.checkpoint)
            if update
            else outcome.states_in_preview(printed)
        )
        return outcome.plan_of(
            states, events, provider.records, stack=environment, project=settings.project, account=account
        )


def _call_engine(stack: auto.Stack, events: list[Any], say: Callable[[str], None], update: bool) -> str:
    def listen(event: Any) -> None:
        events.append(event)
        if event.resource_pre_event is not None:
            say(event.resource_pre_event.metadata.urn.rpartition("::")[2])

    if not update:
        return stack.preview(on_event=listen, json=True, color="never").stdout
    stack.up(on_event=listen, color="never", show_secrets=False)
    return ""


class _Abandoned(BaseException):
    """Raised inside a program that ran past its time, wherever it is."""


class _Inline:
    """The program as the engine calls it: what it raised, and whether it is running."""

    def __init__(self, program: Program, environment: str) -> None:
        _check_signature(program)
        self.program, self.environment = program, environment
        self.error: BaseException | None = None
        self.late: Location | None = None
        self.is_late = False
        self.thread: int | None = None

    async def run(self) -> None:
        self.thread = threading.get_ident()
        try:
            result = self.program(self.environment)
            if inspect.isawaitable(result):
                await result
            # What runs later (in `apply`) is the program's too; waiting here catches its errors as they are.
            await wait_for_rpcs()
        except (GeneratorExit, asyncio.CancelledError):
            raise  # the SDK has dropped this coroutine; that is not the program's doing
        except BaseException as error:
            self.error = error
            if self.is_late or outcome.is_engines(error):  # the engine is gone, or knows better than we do
                return
            # Whatever it was (SystemExit included), the engine hears of an orderly failure.
            raise pulumi.RunError("the program raised an error") from None
        finally:
            self.thread = None

    def abandon(self) -> None:
        """The time is up: notes where the program is and ends it."""
        self.is_late = True
        if self.thread is not None:
            self.late = location_of_thread(self.thread)
        self.stop(grace=0)

    def stop(self, grace: float = 2.0) -> None:
        """Ends the program if it is still running: a loop at its next step, a call into C when it returns.

        Once the engine is gone, a program that waits for it ends by itself: that is what `grace` (seconds) is for.
        """
        until = time.monotonic() + grace
        while self._is_running():
            if time.monotonic() >= until:
                _raise_in(self.thread, _Abandoned)
                break
            time.sleep(0.01)

    def _is_running(self) -> bool:
        """Whether the thread is still inside the SDK's `Run`.

        The SDK may drop the program's coroutine without ending it, so its own `finally` cannot tell.
        """
        frame = sys._current_frames().get(self.thread) if self.thread is not None else None
        return any(each.f_code is LanguageServer.Run.__code__ for each, _ in traceback.walk_stack(frame))

    def failure(self, events: list[Any], provider: MockAws, error: BaseException) -> Exception:
        """The exception that tells what went wrong to the person who can do something about it."""
        if self.is_late:
            return self._too_late()
        refused = outcome.refusals(events)
        theirs = self.error is not None and not outcome.is_engines(self.error)
        if theirs and self.error is not None:
            message, location = explain(self.error)
            return ProgramError(message, location, self.environment)
        if refused:
            return outcome.PreviewFailed(refused, self.environment)
        said = "; ".join(d.text for d in outcome.diagnostics(events, "error")) or str(error)
        return LabFault(f"the engine stopped without saying why a resource is at fault: {said[:600]}")

    def _too_late(self) -> Exception:
        if self.late is None and self.error is None:
            return LabFault("the engine did not finish in time, and it was not waiting for the program")
        return ProgramError(
            "The program did not come to its end within the time limit.", self.late, self.environment
        )


def _raise_in(thread: int | None, exception: type[BaseException]) -> None:
    if thread is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


def _check_signature(program: Program) -> None:
    if not callable(program):
        raise ProgramError(f"`program` must be a function, but it is {type(program).__name__}.")
    try:
        inspect.signature(program).bind("dev")
    except TypeError:
        raise ProgramError(
            "`program` must take one argument, the environment suffix: def program(environment_suffix): ..."
        ) from None
    except ValueError:  # a callable without a signature; calling it will tell
        return


__all__ = ["PROJECT", "TIME_LIMIT", "Program", "Settings", "deploy", "mock_aws", "preview", "preview_all"]
