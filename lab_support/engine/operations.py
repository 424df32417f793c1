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
from functools import partial
from typing import Any, Final

from pulumi import automation as auto

from lab_support import reporting
from lab_support.engine import results
from lab_support.engine.batch.previews import can_go_together, preview_together
from lab_support.engine.cli_run import Doing, cli_path, engine_run
from lab_support.engine.inline_program import InlineProgram, Program
from lab_support.engine.look_ahead import look_ahead
from lab_support.engine.preload import preload
from lab_support.engine.workspace import Runs
from lab_support.errors import EngineLost, InternalError, Interrupted, ProgramError
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import serve
from lab_support.mock_packages.provider import serve as serve_packages
from lab_support.plan.plan import Plan
from lab_support.program_code import is_called_back_by_engine
from lab_support.reporting import Report, null_reporter

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
    it, InternalError when the lab is at fault.
    """
    with reporting.progress(f"Preview of {environment_suffix}", progress) as report:
        return _preview(program, environment_suffix, account, _settings(settings, config), report, Runs())


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
    with reporting.progress(f"Deployment of {environment_suffix}", progress) as report:
        return _run(program, environment_suffix, account, chosen, report, Runs(), "update")


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
    with reporting.progress(f"Destruction of {environment_suffix}", progress) as report:
        return _run(program, environment_suffix, account, chosen, report, Runs(), "destroy")


def _preview(
    program: Program,
    environment: str,
    account: Account | None,
    settings: Settings,
    report: Report,
    runs: Runs,
) -> Plan:
    played = account.copy() if account is not None else Account()
    return _run(program, environment, played, settings, report, runs, "preview")


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
    until_program_error: bool = False,
) -> dict[str, Plan | ProgramError | results.PreviewFailed | InternalError]:
    """A preview for each environment; an error of one stands in its plan's place.

    With `until_program_error` the first environment in which the program does not run is the last one of the answer.
    """
    wanted = tuple(environments)
    chosen = _settings(settings, config)
    runs = Runs()
    done = itertools.count(1)

    def one(environment: str) -> Plan | ProgramError | results.PreviewFailed | InternalError:
        def once() -> Plan:
            # Of previews side by side only their number is told.
            return _preview(program, environment, account, chosen, null_reporter, runs)

        try:
            try:
                return once()
            except EngineLost:  # once more; what is wrong with the machine or with us stays wrong
                return once()
        except (ProgramError, results.PreviewFailed, InternalError) as error:
            return error
        finally:
            report(f"{next(done)} of {len(wanted)} environments")

    with reporting.progress("Previews", progress) as report:
        cli_path(report)
        report(f"0 of {len(wanted)} environments")
        preload(program)
        together = _together(program, wanted, account, chosen)
        if together is not None:
            report(f"{len(wanted)} of {len(wanted)} environments")
            return {**together}
        at_once = 1 if is_called_back_by_engine(program) else min(len(wanted), (os.cpu_count() or 2) + 1)
        with ThreadPoolExecutor(max_workers=at_once) as threads:
            found = {}
            running = [threads.submit(one, environment) for environment in wanted]
            try:
                for environment, future in zip(wanted, running, strict=True):
                    found[environment] = future.result()
                    if until_program_error and isinstance(found[environment], ProgramError):
                        break
            except KeyboardInterrupt:
                raise Interrupted from None
            finally:  # what still runs is not wanted any more
                threads.shutdown(wait=False, cancel_futures=True)
                runs.stop()
        return found


def _together(
    program: Program, environments: tuple[str, ...], account: Account | None, settings: Settings
) -> dict[str, Plan | results.PreviewFailed] | None:
    """The answers from one run of the engine, where that is sure to tell the same as one run for each."""
    config = settings.config or {}
    if len(environments) < 2 or not can_go_together(program, account, config):
        return None
    return preview_together(
        program,
        environments,
        account=account,
        project=settings.project,
        config=config,
        time_limit=settings.time_limit,
    )


def _run(
    program: Program,
    environment: str,
    account: Account,
    settings: Settings,
    report: Report,
    runs: Runs,
    doing: Doing,
) -> Plan:
    inline = InlineProgram(program, environment)
    config = {"aws:region": account.region, **(settings.config or {})}
    region = str(config["aws:region"])
    with (
        serve(account) as (provider, port),
        serve_packages(account, region, provider.records) as (packages, packages_port),
        engine_run(
            inline,
            stack=environment,
            project=settings.project,
            config=config,
            aws_port=port,
            packages_port=packages_port,
            time_limit=settings.time_limit,
            runs=runs,
            report=report,
            state=account.stacks.get(environment),
            meanwhile=partial(look_ahead, program),
        ) as engine,
    ):
        checkpoint = engine.workspace.checkpoint
        states = results.states_in_checkpoint(checkpoint)
        try:
            printed = engine.run(doing, report)
        except auto.errors.CommandError as error:
            raise inline.failure(engine.events, error) from None
        except KeyboardInterrupt:
            raise Interrupted from None
        finally:
            inline.stop()
            if doing != "preview":
                account.stacks[environment] = checkpoint.read_bytes()
        if inline.error is not None:
            raise inline.failure(engine.events, inline.error)
        if doing == "preview":
            states = results.states_in_preview(printed)
        elif doing == "update":
            states = results.states_in_checkpoint(checkpoint)
        return results.plan_of(
            states,
            engine.events,
            provider.records,
            stack=environment,
            project=settings.project,
            account=account,
            region=region,
            mocked_packages=packages.used,
            folder=engine.folder,
        )


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
