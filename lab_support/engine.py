"""Runs a program through the real Pulumi engine against a mock account: `preview`, `deploy` and `destroy`.

    plan = preview(program)                        # what would exist in environment "dev"
    account = Account()
    deploy(program, "dev", account=account)        # a real `pulumi up`; the account remembers
    preview(program, "prod", account=account)      # sees what is there and leaves it as it is
    destroy(program, "dev", account=account)       # a real `pulumi destroy`

The program runs in this process, on a thread of its own, so a debugger and a notebook's cells work as usual; the
engine is the pinned `pulumi` CLI. Several runs may go on at once, and inside a running event loop.
"""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from pulumi import automation as auto

from lab_support import outcome
from lab_support.concurrency import is_called_back_by_engine, load_what_is_used_by
from lab_support.faults import EngineLost, Interrupted, LabFault, ProgramError
from lab_support.inline import InlineProgram, Program
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import serve
from lab_support.mock_packages.installed import installed_packages
from lab_support.mock_packages.provider import serve as serve_packages
from lab_support.plan import Plan
from lab_support.reporting import Report, telling, to_nobody
from lab_support.toolchain import ToolchainError, obtain_pulumi
from lab_support.workspace import Cli, Runs, Workspace, private_folder

PROJECT: Final = "emergency-alert"
TIME_LIMIT: Final = 30.0  # seconds that a program may take; PULUMI_REVIEW_LAB_TIME_LIMIT sets another
# The configuration under which physical names are the logical ones, without seven random digits behind them.
VERBATIM: Final = {"pulumi:autonaming": {"mode": "verbatim"}}

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
    config: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Report | None = None,
) -> Plan:
    """What `program(environment_suffix)` would create, as the engine and the account see it.

    The account is left as it is. `config` is the stack's configuration beside the region. Raises ProgramError when
    the program does not run to its end within the time limit, PreviewFailed when the engine or the account refuses
    it, LabFault when the lab is at fault.
    """
    with telling(f"Preview of {environment_suffix}", progress) as say:
        return _preview(program, environment_suffix, account, _settings(settings, config), say, Runs())


def deploy(
    program: Program,
    environment_suffix: str = "dev",
    *,
    account: Account,
    config: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Report | None = None,
) -> Plan:
    """Brings `program(environment_suffix)` up in the account, for real, and returns what was done.

    The account remembers the resources and the engine's state, so the next run for the same suffix is an update.
    Raises what `preview` raises; a deployment that fails half-way leaves in the account what was created.
    """
    chosen = _settings(settings, config)
    with telling(f"Deployment of {environment_suffix}", progress) as say:
        return _run(program, environment_suffix, account, chosen, say, Runs(), "update")


def destroy(
    program: Program,
    environment_suffix: str = "dev",
    *,
    account: Account,
    config: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Report | None = None,
) -> Plan:
    """Deletes from the account what `deploy` has brought up for this suffix, and returns what was deleted.

    As with `pulumi destroy`, the program does not run: what is deleted is what the engine remembers. Raises
    PreviewFailed when the account keeps something (deletion protection, a bucket that is not empty); the rest of
    what could be deleted is gone then.
    """
    chosen = _settings(settings, config)
    with telling(f"Destruction of {environment_suffix}", progress) as say:
        return _run(program, environment_suffix, account, chosen, say, Runs(), "destroy")


def _preview(
    program: Program,
    environment: str,
    account: Account | None,
    settings: Settings,
    say: Report,
    runs: Runs,
) -> Plan:
    played = account.copy() if account is not None else Account()
    return _run(program, environment, played, settings, say, runs, "preview")


def _settings(settings: Settings | None, config: Mapping[str, Any] | None) -> Settings:
    chosen = settings or Settings()
    return chosen if config is None else replace(chosen, config=config)


def preview_all(
    program: Program,
    environments: Iterable[str],
    *,
    account: Account | None = None,
    config: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Report | None = None,
) -> dict[str, Plan | ProgramError | outcome.PreviewFailed | LabFault]:
    """A preview for each environment, some at once; an error of one stands in its plan's place."""
    wanted = tuple(environments)
    chosen = _settings(settings, config)
    runs = Runs()
    done = itertools.count(1)

    def one(environment: str) -> Plan | ProgramError | outcome.PreviewFailed | LabFault:
        def once() -> Plan:
            return _preview(
                program, environment, account, chosen, to_nobody, runs
            )  # only their number is told

        try:
            try:
                return once()
            except EngineLost:  # once more; what is wrong with the machine or with us stays wrong
                return once()
        except (ProgramError, outcome.PreviewFailed, LabFault) as error:
            return error
        finally:
            say(f"{next(done)} of {len(wanted)} environments")

    with telling("Previews", progress) as say:
        _cli_path(say)
        say(f"0 of {len(wanted)} environments")
        load_what_is_used_by(program)
        at_once = 1 if is_called_back_by_engine(program) else min(len(wanted), (os.cpu_count() or 2) + 1)
        with ThreadPoolExecutor(max_workers=at_once) as threads:
            try:
                return dict(zip(wanted, threads.map(one, wanted), strict=True))
            except KeyboardInterrupt:
                threads.shutdown(wait=False, cancel_futures=True)
                runs.stop()
                raise Interrupted from None


def _cli_path(say: Report) -> Path:
    """Where the CLI is; the first time it may have to be got. Raises LabFault."""
    try:
        return obtain_pulumi(say).path
    except ToolchainError as error:
        raise LabFault(str(error)) from None


def _run(
    program: Program,
    environment: str,
    account: Account,
    settings: Settings,
    say: Report,
    runs: Runs,
    doing: Literal["preview", "update", "destroy"],
) -> Plan:
    inline = InlineProgram(program, environment)
    events: list[Any] = []
    cli = Cli(_cli_path(say), settings.time_limit, inline.abandon, runs)
    config = {"aws:region": account.region, **(settings.config or {})}
    region = str(config["aws:region"])
    with (
        private_folder() as folder,
        serve(account) as (provider, port),
        serve_packages(account, region, provider.records) as (packages, packages_port),
    ):
        ports = {"aws": port, **dict.fromkeys(installed_packages(), packages_port)}
        workspace = Workspace(
            folder,
            project=settings.project,
            stack=environment,
            config=config,
            cli=cli,
            env={
                "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{at}" for name, at in ports.items()),
                "PULUMI_OPTION_SHOW_SAMES": "true",
            },
            program_folder=_current_folder(folder),
            state=account.stacks.get(environment),
        )
        workspace.program = inline.run
        stack = auto.Stack.select(environment, workspace)
        states = outcome.states_in_checkpoint(workspace.checkpoint)
        try:
            printed = _call_engine(stack, events, say, doing)
        except auto.errors.CommandError as error:
            raise inline.failure(events, error) from None
        except KeyboardInterrupt:
            raise Interrupted from None
        finally:
            inline.stop()
            if doing != "preview":
                account.stacks[environment] = workspace.checkpoint.read_bytes()
        if inline.error is not None:
            raise inline.failure(events, inline.error)
        if doing == "preview":
            states = outcome.states_in_preview(printed)
        elif doing == "update":
            states = outcome.states_in_checkpoint(workspace.checkpoint)
        plan = outcome.plan_of(
            states,
            events,
            provider.records,
            stack=environment,
            project=settings.project,
            account=account,
            folder=folder,
        )
        return replace(plan, region=region, mocked_packages=tuple(sorted(packages.used)))


def _current_folder(otherwise: Path) -> Path:
    """The folder that relative paths of the program begin in; it may have been deleted in the meantime."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return otherwise


def _call_engine(stack: auto.Stack, events: list[Any], say: Report, doing: str) -> str:
    seen = itertools.count(1)

    def listen(event: Any) -> None:
        events.append(event)
        if event.resource_pre_event is not None:
            name = event.resource_pre_event.metadata.urn.rpartition("::")[2]
            say(f"resource {next(seen)}: {name}")

    if doing == "preview":
        return stack.preview(on_event=listen, json=True, color="never").stdout
    run = stack.up if doing == "update" else stack.destroy
    run(on_event=listen, color="never", show_secrets=False)
    return ""


__all__ = [
    "PROJECT",
    "TIME_LIMIT",
    "VERBATIM",
    "Program",
    "Settings",
    "deploy",
    "destroy",
    "preview",
    "preview_all",
]
