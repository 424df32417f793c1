"""Runs a program through the real Pulumi engine against a mock account: `preview`, `deploy` and `destroy`.

    plan = preview(program)                        # what would exist in environment "dev"
    account = Account()
    deploy(program, "dev", account=account)        # a real `pulumi up`; the account remembers
    preview(program, "prod", account=account)      # sees what is there and leaves it as it is
    destroy(program, "dev", account=account)       # a real `pulumi destroy`

The program runs in this process, on a thread of its own, so a debugger and a notebook's cells work as usual; the
engine is the pinned `pulumi` CLI. Runs may overlap, and may be started inside a running event loop.
"""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pulumi import automation as auto

from lab_support import reporting
from lab_support.engine import messages, results
from lab_support.engine.batch.previews import can_batch, preview_batch
from lab_support.engine.cli_run import Operation, cli_path, engine_run
from lab_support.engine.inline_program import InlineProgram, Program
from lab_support.engine.preload import start_preload
from lab_support.engine.workspace import Runs
from lab_support.errors import (
    EngineLost,
    InternalError,
    Interrupted,
    MachineError,
    PreviewFailed,
    ProgramError,
    TimedOut,
)
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.exercise_account import exercise_account
from lab_support.mock_aws.provider import serve
from lab_support.mock_packages.provider import serve as serve_packages
from lab_support.plan.plan import Plan
from lab_support.program_code import ProgramElsewhere, is_called_back_by_engine
from lab_support.reporting import Report, null_reporter
from lab_support.safeguards import guard
from lab_support.safeguards.shortage import shortage, shortage_of_memory, used_up
from lab_support.safeguards.tampering import Watch, watched

PROJECT: Final = "emergency-alert"
TIME_LIMIT: Final = 30.0  # seconds that a program may take; PULUMI_REVIEW_LAB_TIME_LIMIT sets another
_LAST_WORDS: Final = 2.0  # seconds past the limit in which a run still says where the program is

# gRPC would use a proxy even for this machine's own addresses.
os.environ.setdefault("no_grpc_proxy", "127.0.0.1,localhost")
# When a run is killed, the SDK warns that its stream of events has ended, which is no news.
warnings.filterwarnings("ignore", message="Error in event stream")


def _time_limit() -> float:
    return float(os.environ.get("PULUMI_REVIEW_LAB_TIME_LIMIT") or TIME_LIMIT)


@dataclass(frozen=True)
class Settings:
    """How a run is set up: the project, its configuration by full key (`aws:region`), and the time limit.

    The limit is that of a call: the runs that it takes share it.
    """

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

    The account is left as it is. `config` is the stack's configuration apart from the region. Raises ProgramError when
    the program fails or runs past the time limit, PreviewFailed when the engine or the account refuses it, and
    InternalError when the lab is at fault.
    """
    chosen = _settings(settings, config)
    with (
        reporting.progress(f"Preview of {environment_suffix}", progress) as report,
        _limited(chosen, report) as runs,
    ):
        return _preview(program, environment_suffix, account, chosen, report, runs)


def deploy(
    program: Program,
    environment_suffix: str = "dev",
    *,
    account: Account,
    config: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Report | None = None,
    refresh: bool = False,
) -> Plan:
    """Deploys `program(environment_suffix)` into the account and returns what was done.

    The account keeps the resources and the engine's state, so the next run for the same suffix is an update. With
    `refresh`, the engine first reads from the account what has become of the resources in its state. Raises
    what `preview` raises; a deployment that fails halfway leaves what it has created.
    """
    chosen = _settings(settings, config)
    with (
        reporting.progress(f"Deployment of {environment_suffix}", progress) as report,
        _limited(chosen, report) as runs,
    ):
        operation: Operation = "refresh and update" if refresh else "update"
        return _run(program, environment_suffix, account, chosen, report, runs, operation)


def destroy(
    program: Program,
    environment_suffix: str = "dev",
    *,
    account: Account,
    config: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Report | None = None,
) -> Plan:
    """Deletes from the account what `deploy` created for this suffix, and returns what was deleted.

    As with `pulumi destroy`, the program does not run: the engine deletes what is in its state. Raises PreviewFailed
    when the account refuses to delete something (deletion protection, a bucket that is not empty); everything that
    could be deleted first is gone.
    """
    chosen = _settings(settings, config)
    with (
        reporting.progress(f"Destruction of {environment_suffix}", progress) as report,
        _limited(chosen, report) as runs,
    ):
        return _run(program, environment_suffix, account, chosen, report, runs, "destroy")


@contextmanager
def _limited(settings: Settings, report: Report) -> Iterator[Runs]:
    """The runs of one call, whose time limit begins now: obtaining the CLI does not count. Raises InternalError."""
    if missing := shortage_of_memory():
        raise MachineError(missing)
    cli_path(report)
    with watched() as watch, guard.limited(settings.time_limit + _LAST_WORDS), _attributed(watch):
        yield Runs(settings.time_limit)


@contextmanager
def _attributed(watch: Watch) -> Iterator[None]:
    """An error of the lab in the block becomes the program's if that has changed the process, or this machine's."""
    try:
        yield
    except Exception as error:
        changed = watch.undo()  # in any case, so that what follows works
        if isinstance(error, ProgramError):
            if changed and (error.location is None or isinstance(error, TimedOut)):
                raise ProgramError(changed, error.location, error.environment) from None
        elif not isinstance(error, (PreviewFailed, MachineError)):
            if changed:
                raise ProgramError(changed) from error
            if missing := shortage():
                raise (ProgramError(used) if (used := used_up()) else MachineError(missing)) from error
        raise


def _preview(
    program: Program,
    environment: str,
    account: Account | None,
    settings: Settings,
    report: Report,
    runs: Runs,
) -> Plan:
    scratch = account.copy() if account is not None else exercise_account()
    if not scratch.only_previewed or scratch.as_pulumi:
        return _run(program, environment, scratch, settings, report, runs, "preview")
    return _tolerant_preview(program, environment, scratch, settings, report, runs)


def _tolerant_preview(
    program: Program, environment: str, account: Account, settings: Settings, report: Report, runs: Runs
) -> Plan:
    """A preview that does not fail because of values that `pulumi preview` does not know.

    The account's values show more than Pulumi's preview, but with them functions in `apply` run that Pulumi would not
    call, and resources may collide. Then a second run, with only what Pulumi knows, decides whether the program fails.
    """

    def as_pulumi() -> Plan:
        only_known = account.copy()
        only_known.as_pulumi = True
        return _run(program, environment, only_known, settings, report, runs, "preview")

    untouched = account.copy()
    try:
        plan = _run(program, environment, account, settings, report, runs, "preview", tolerant=True)
    except PreviewFailed as refused:
        if not any(messages.DUPLICATE in diagnostic.text for diagnostic in refused.diagnostics):
            raise
        account = untouched
        try:
            plan = as_pulumi()
        except ProgramError:
            raise refused from None
        except PreviewFailed as really:
            collides = any(messages.DUPLICATE in diagnostic.text for diagnostic in really.diagnostics)
            raise (refused if collides else really) from None
        return replace(plan, diagnostics=(*plan.diagnostics, results.previewed_as_pulumi(refused)))
    if any(diagnostic.text.startswith(results.UNKNOWN_RESULT) for diagnostic in plan.diagnostics):
        account = untouched
        with suppress(PreviewFailed):  # nothing was refused in the first run
            as_pulumi()  # raises what the program also raises in Pulumi
    return plan


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
) -> dict[str, Plan | ProgramError | PreviewFailed | InternalError]:
    """The plan of each environment, or the error of its preview.

    With `until_program_error`, the result ends with the first environment in which the program does not run.
    """
    wanted = tuple(environments)
    if not wanted:
        return {}
    chosen = _settings(settings, config)
    done = itertools.count(1)

    def one(environment: str) -> Plan | ProgramError | PreviewFailed | InternalError:
        def once() -> Plan:
            # Of concurrent previews only the number that is done is reported.
            with watched() as watch, _attributed(watch):
                return _preview(program, environment, account, chosen, null_reporter, runs)

        try:
            try:
                return once()
            except EngineLost:  # tried once more: a defect of the machine or of the lab would show again
                return once()
        except (ProgramError, PreviewFailed, InternalError) as error:
            return error
        finally:
            report(f"{next(done)} of {len(wanted)} environments")

    with reporting.progress("Previews", progress) as report, _limited(chosen, report) as runs:
        report(f"0 of {len(wanted)} environments")
        batch = _batch(program, wanted, account, chosen, runs)
        if batch is not None:
            report(f"{len(wanted)} of {len(wanted)} environments")
            return {**batch}
        in_turns = is_called_back_by_engine(program) and not isinstance(program, ProgramElsewhere)
        at_once = 1 if in_turns else min(len(wanted), (os.cpu_count() or 2) + 1)
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
            finally:  # the results of runs that are still going are no longer needed
                threads.shutdown(wait=False, cancel_futures=True)
                runs.stop()
        return found


def _batch(
    program: Program,
    environments: tuple[str, ...],
    account: Account | None,
    settings: Settings,
    runs: Runs,
) -> dict[str, Plan | PreviewFailed] | None:
    """The previews from a single run of the engine; None where that could give other results than separate runs.

    It may take three quarters of the time that is left. Separate runs, which cost far more, could not preview forty
    environments in the other half on a busy machine; a quarter is enough for them to say what is wrong.
    """
    config = settings.config or {}
    if len(environments) < 2 or not can_batch(program, account, config):
        return None
    return preview_batch(
        program,
        environments,
        account=account,
        project=settings.project,
        config=config,
        time_limit=runs.seconds_left * 0.75,
        all_runs=runs,
    )


def _run(
    program: Program,
    environment: str,
    account: Account,
    settings: Settings,
    report: Report,
    runs: Runs,
    operation: Operation,
    *,
    tolerant: bool = False,
) -> Plan:
    inline = InlineProgram(program, environment, tolerant=tolerant, locates=account.only_previewed)
    inline.late, inline.are_runs_starved = runs.last_seen, runs.are_starved
    start_preload(program)
    config = {"aws:region": account.region, **(settings.config or {})}
    region = str(config["aws:region"])
    with (
        serve(account, region) as (provider, port),
        serve_packages(account, region, provider.records) as (packages, packages_port),
        engine_run(
            inline,
            stack=environment,
            project=settings.project,
            config=config,
            aws_port=port,
            packages_port=packages_port,
            runs=runs,
            report=report,
            state=account.stacks.get(environment),
        ) as engine,
    ):
        checkpoint = engine.workspace.checkpoint
        states = results.states_in_checkpoint(checkpoint)
        try:
            printed = engine.run(operation, report)
        except auto.errors.CommandError as error:
            raise messages.with_refusals(inline.failure(engine.events, error), account) from None
        except KeyboardInterrupt:
            raise Interrupted from None
        finally:
            inline.stop()
            if operation != "preview":
                account.stacks[environment] = checkpoint.read_bytes()
        if inline.error is not None:
            raise messages.with_refusals(inline.failure(engine.events, inline.error), account)
        if operation != "destroy":
            results.refuse_strangers(provider.records.keys() - inline.urns)
        if operation == "preview":
            states = results.states_in_preview(printed)
        elif operation != "destroy":
            states = results.states_in_checkpoint(checkpoint)
        plan = results.plan_of(
            states,
            engine.events,
            provider.records,
            stack=environment,
            project=settings.project,
            account=account,
            region=region,
            mocked_packages=packages.used,
            folder=engine.folder,
            tolerated=inline.tolerated,
            printed=inline.printed.text,
        )
        if refused := messages.noted_refusals(account, plan):
            raise PreviewFailed(refused, environment)
        return plan


__all__ = [
    "PROJECT",
    "TIME_LIMIT",
    "Program",
    "Settings",
    "deploy",
    "destroy",
    "preview",
    "preview_all",
]
