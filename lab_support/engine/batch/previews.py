"""One run of the engine for all environments of a program.

Most of what a small preview takes is the CLI's start. So a check, which wants a preview for each of seven
environments, runs the program seven times in one run of the engine: in one stack, where each environment is a component
that its resources hang from. A URN names the types of a resource's parents, so the component's type keeps apart what
has the same name; each environment has an account of its own, and settings and outputs of its own in the SDK.

What comes out is sorted by environment, and the URNs are those of a stack of its own: the plans are equal to those of
single previews. Where that cannot be promised (`can_go_together`), or where anything at all is not smooth, there is no
answer, and the previews are made one by one: they find the right words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from pulumi import automation as auto

from lab_support.engine import results
from lab_support.engine.batch import switchboard
from lab_support.engine.batch.programs import Programs
from lab_support.engine.batch.urns import STACK, Urns
from lab_support.engine.cli_run import engine_run
from lab_support.engine.inline_program import InlineProgram, Program
from lab_support.engine.look_ahead import look_ahead
from lab_support.engine.workspace import Runs
from lab_support.errors import Interrupted, PreviewFailed
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import MockAws
from lab_support.mock_packages.provider import MockPackages
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan
from lab_support.program_code import is_called_back_by_engine, names_around
from lab_support.reporting import null_reporter

# Seconds that the program may keep the event loop to itself. All of it takes half of one; a program that takes longer
# is previewed alone in each environment, where it has its time limit to itself.
PATIENCE: Final = 5.0

# Programs that speak of these may look at what is different here: the text of a URN, the one stack, its state.
_LOOKS_BEHIND: Final = frozenset(
    {"urn", "create_urn", "runtime", "automation", "StackReference", "get_root_resource"}
)


def can_go_together(program: Program, account: Account | None, config: Mapping[str, Any]) -> bool:
    """Whether previews of this program in one run are certain to be what they are in runs of their own."""
    naming = config.get("pulumi:autonaming")
    named_alike = naming is None or (isinstance(naming, Mapping) and {*naming} <= {"mode"})
    is_new = account is None or not account.stacks
    return (
        named_alike
        and is_new
        and not is_called_back_by_engine(program)
        and _LOOKS_BEHIND.isdisjoint(names_around(program))
    )


def preview_together(
    program: Program,
    environments: Sequence[str],
    *,
    account: Account | None,
    project: str,
    config: Mapping[str, Any],
    time_limit: float,
) -> dict[str, Plan | PreviewFailed] | None:
    """A plan for each environment, from one run of the engine, or what the account refuses there. None where it did
    not go smoothly.

    Raises InternalError where there is no CLI, Interrupted.
    """
    accounts = {name: account.copy() if account is not None else Account() for name in environments}
    config = {"aws:region": next(iter(accounts.values())).region, **config}
    region = str(config["aws:region"])
    urns = Urns(project, environments)
    aws = {name: MockAws(accounts[name]) for name in environments}
    packages = {name: MockPackages(accounts[name], region, aws[name].records) for name in environments}
    programs = Programs(program, environments, urns, config)
    inline, runs = InlineProgram(programs.run, STACK), Runs()
    with ExitStack() as stack:
        account_of_each, aws_port = stack.enter_context(switchboard.serve(aws, urns.own))
        _, packages_port = stack.enter_context(switchboard.serve(packages, urns.own))
        engine = stack.enter_context(
            engine_run(
                inline,
                stack=STACK,
                project=project,
                config=config,
                aws_port=aws_port,
                packages_port=packages_port,
                time_limit=time_limit,
                runs=runs,
                report=null_reporter,
                meanwhile=partial(look_ahead, program),
            )
        )
        stack.enter_context(programs.began(min(time_limit, PATIENCE), runs.stop))
        try:
            printed = engine.run("preview", null_reporter, parallel=16 * len(environments))
        except auto.errors.CommandError:
            return None
        except KeyboardInterrupt:
            raise Interrupted from None
        if inline.error is not None:
            return None
        events = urns.sorted(engine.events)
        if events is None:
            return None
        states = results.states_in_preview(urns.translated(printed))
        found: dict[str, Plan | PreviewFailed] = {}
        for name in environments:
            if name in account_of_each.refused:
                urn, words = account_of_each.refused[name]
                said = Diagnostic("error", results.plain_words(words), urn)
                found[name] = PreviewFailed([said], name)
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
                folder=engine.folder,
            )
        return found


__all__ = ["can_go_together", "preview_together"]
