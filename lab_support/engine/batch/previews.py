"""Previews a program in several environments with a single run of the engine.

Most of what a small preview takes is the CLI's start. So a check, which needs previews of seven environments, runs the
program seven times within one run of the engine: in one stack, where each environment is a component and the parent of
its resources. A URN contains the types of a resource's parents, so the component's type keeps apart what has the same
name. Each environment has its own account, and its own settings and outputs in the SDK.

The results are then sorted by environment and given the URNs of separate stacks, so the plans equal those of single
previews. Where that is not certain (`can_batch`), or something goes wrong, there is no result; single previews then
report what is wrong in their own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final

from pulumi import automation as auto

from lab_support.engine import messages, results
from lab_support.engine.batch import switchboard
from lab_support.engine.batch.program import BatchProgram
from lab_support.engine.batch.urns import STACK, Urns
from lab_support.engine.cli_run import engine_run
from lab_support.engine.inline_program import InlineProgram, Program
from lab_support.engine.workspace import Runs
from lab_support.errors import Interrupted, PreviewFailed
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.exercise_account import exercise_account
from lab_support.mock_aws.provider import MockAws
from lab_support.mock_packages.provider import MockPackages
from lab_support.plan.dependencies import needed_by
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan
from lab_support.program_code import is_called_back_by_engine, names_around
from lab_support.reporting import null_reporter

# Seconds for which the program may block the event loop. A whole batch takes half a second; a program that takes longer
# is previewed in one environment at a time, each with a time limit of its own.
PATIENCE: Final = 5.0

# A program that uses these names may see what is different here: the text of a URN, the one stack, its state.
_REVEALING_NAMES: Final = frozenset(
    {"urn", "create_urn", "runtime", "automation", "StackReference", "get_root_resource"}
)


def can_batch(program: Program, account: Account | None, config: Mapping[str, Any]) -> bool:
    """Whether previews of this program in one run are certain to equal those in separate runs."""
    naming = config.get("pulumi:autonaming")
    has_same_names = naming is None or (isinstance(naming, Mapping) and {*naming} <= {"mode"})
    is_new = account is None or not (account.stacks or account.only_previewed)
    return (
        has_same_names
        and is_new
        and not is_called_back_by_engine(program)
        and _REVEALING_NAMES.isdisjoint(names_around(program))
    )


def preview_batch(
    program: Program,
    environments: Sequence[str],
    *,
    account: Account | None,
    project: str,
    config: Mapping[str, Any],
    time_limit: float,
    all_runs: Runs,
) -> dict[str, Plan | PreviewFailed] | None:
    """The plan of each environment, or what the account refuses there, from one run of the engine.

    None where something went wrong; `all_runs` then says where the program was.
    Raises InternalError without a CLI, and Interrupted.
    """
    accounts = {name: account.copy() if account is not None else exercise_account() for name in environments}
    config = {"aws:region": next(iter(accounts.values())).region, **config}
    region = str(config["aws:region"])
    urns = Urns(project, environments)
    aws = {name: MockAws(accounts[name], region) for name in environments}
    packages = {name: MockPackages(accounts[name], region, aws[name].records) for name in environments}
    batch = BatchProgram(program, environments, urns, config)
    inline, runs = InlineProgram(batch.run, STACK), Runs(time_limit)
    with ExitStack() as stack:
        switchboard_of_aws, aws_port = stack.enter_context(switchboard.serve(aws, urns.own))
        _, packages_port = stack.enter_context(switchboard.serve(packages, urns.own))
        engine = stack.enter_context(
            engine_run(
                inline,
                stack=STACK,
                project=project,
                config=config,
                aws_port=aws_port,
                packages_port=packages_port,
                runs=runs,
                report=null_reporter,
            )
        )
        stack.enter_context(batch.running(min(time_limit, PATIENCE), runs.stop))
        try:
            printed = engine.run("preview", null_reporter, parallel=16 * len(environments))
        except auto.errors.CommandError:
            all_runs.last_seen = batch.place()
            return None
        except KeyboardInterrupt:
            raise Interrupted from None
        if inline.error is not None:
            return None
        own = {place[1] for urn in batch.registered if (place := urns.own(urn)) is not None}
        if any(provider.records.keys() - own for provider in aws.values()):
            return None  # the separate runs will say what is wrong
        events = urns.sorted(engine.events)
        if events is None:
            return None
        states = results.states_in_preview(urns.translated(printed))
        found: dict[str, Plan | PreviewFailed] = {}
        for name in environments:
            if name in switchboard_of_aws.refused:
                urn, words = _cause(switchboard_of_aws.refused[name], urns.states_of(name, states))
                refusal = Diagnostic("error", messages.plain_words(words), urn)
                found[name] = PreviewFailed([refusal], name)
                continue
            found[name] = results.plan_of(
                urns.states_of(name, states),
                events[name],
                aws[name].records,
                stack=name,
                project=project,
                account=accounts[name],
                region=region,
                mocked_packages=packages[name].used,
                printed=batch.printed[name].text,
                folder=engine.folder,
            )
        return found


def _cause(refused: Mapping[str, str], states: Sequence[results.State]) -> tuple[str, str]:
    """Of several refusals by URN, the one to show: one that does not follow from another.

    The engine asks for several resources at once, so which of them is refused first is chance.
    """
    depends_on = {state["urn"]: state.get("dependencies") or () for state in states}
    independent = [urn for urn in refused if needed_by(urn, depends_on).isdisjoint(refused)]
    urn = min(independent or refused)
    return urn, refused[urn]


__all__ = ["can_batch", "preview_batch"]
