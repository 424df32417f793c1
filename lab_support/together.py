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

import asyncio
import contextvars
import copy
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from inspect import isawaitable
from typing import Any, Final

import pulumi
from google.protobuf import struct_pb2
from pulumi import automation as auto
from pulumi.runtime import settings as sdk_settings
from pulumi.runtime.config import CONFIG
from pulumi.runtime.rpc_manager import RPCManager
from pulumi.runtime.stack import Stack, wait_for_rpcs

from lab_support import outcome, switchboard
from lab_support.concurrency import is_called_back_by_engine, names_around
from lab_support.engine_run import engine_run
from lab_support.faults import Interrupted
from lab_support.inline import InlineProgram, Program
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.provider import MockAws
from lab_support.mock_packages.provider import MockPackages
from lab_support.plan import Plan
from lab_support.reporting import to_nobody
from lab_support.workspace import Runs

# Seconds that the program may keep the event loop to itself. All of it takes half of one; a program that takes longer
# is previewed alone in each environment, where it has its time limit to itself.
PATIENCE: Final = 5.0

_STACK: Final = "every-environment"
_TYPE: Final = "lab:environment:"
_ROOT_TYPE: Final = "pulumi:pulumi:Stack"
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
) -> dict[str, Plan] | None:
    """A plan for each environment, from one run of the engine; None where that did not go smoothly.

    Raises LabFault where there is no CLI, Interrupted.
    """
    accounts = {name: account.copy() if account is not None else Account() for name in environments}
    config = {"aws:region": next(iter(accounts.values())).region, **config}
    region = str(config["aws:region"])
    urns = _Urns(project, environments)
    aws = {name: MockAws(accounts[name]) for name in environments}
    packages = {name: MockPackages(accounts[name], region, aws[name].records) for name in environments}
    everything = _Everything(program, environments, urns)
    inline, runs = InlineProgram(everything.run, _STACK), Runs()
    with ExitStack() as stack:
        engine = stack.enter_context(
            engine_run(
                inline,
                stack=_STACK,
                project=project,
                config=config,
                aws_port=stack.enter_context(switchboard.serve(aws, urns.own)),
                packages_port=stack.enter_context(switchboard.serve(packages, urns.own)),
                time_limit=time_limit,
                runs=runs,
                say=to_nobody,
            )
        )
        stack.enter_context(everything.watched(min(time_limit, PATIENCE), inline.abandon, runs.stop))
        try:
            printed = engine.run("preview", to_nobody, parallel=16 * len(environments))
        except auto.errors.CommandError:
            return None
        except KeyboardInterrupt:
            raise Interrupted from None
        if inline.error is not None:
            return None
        events = urns.sorted(engine.events)
        if events is None:
            return None
        states = outcome.states_in_preview(urns.translated(printed))
        plans = {}
        for name in environments:
            plan = outcome.plan_of(
                urns.states_of(name, states),
                events[name],
                aws[name].records,
                stack=name,
                project=project,
                account=accounts[name],
                folder=engine.folder,
            )
            plans[name] = replace(plan, region=region, mocked_packages=tuple(sorted(packages[name].used)))
        return plans


class _Urns:
    """What URNs are in the one stack, and what they would be in a stack of their own."""

    def __init__(self, project: str, environments: Sequence[str]) -> None:
        self.project, self.environments = project, environments
        self.prefix = f"urn:pulumi:{_STACK}::{project}::"
        self.pattern = re.compile(rf"{re.escape(self.prefix + _TYPE)}([\w.-]+)(\$|::)")

    def root(self, environment: str) -> str:
        """The component that stands for an environment's stack."""
        return f"{self.prefix}{_TYPE}{environment}::{self.project}-{environment}"

    def own(self, urn: str) -> tuple[str, str] | None:
        """The environment of a URN, and what it is there; None for what is of no single environment."""
        found = self.pattern.match(urn)
        return (found[1], self.translated(urn)) if found else None

    def translated(self, text: str) -> str:
        """A text with each URN of an environment as it is in a stack of its own."""
        return self.pattern.sub(self._own_prefix, text)

    def _own_prefix(self, found: re.Match[str]) -> str:
        kind = "" if found[2] == "$" else f"{_ROOT_TYPE}::"
        return f"urn:pulumi:{found[1]}::{self.project}::{kind}"

    def states_of(self, environment: str, states: Sequence[outcome.State]) -> list[outcome.State]:
        """The states (translated) of one environment; the default providers are everybody's."""
        own, shared = f"urn:pulumi:{environment}::", f"urn:pulumi:{environment}::{self.project}::"
        return [
            {**state, "provider": str(state.get("provider") or "").replace(self.prefix, shared)}
            for state in states
            if state["urn"].startswith(own) and not state["type"].startswith(_TYPE)
        ]

    def sorted(self, events: Sequence[Any]) -> dict[str, list[Any]] | None:
        """The events by environment, about the URNs that are its own; None where one is of nobody's."""
        found: dict[str, list[Any]] = {name: [] for name in self.environments}
        for event in events:
            said, done = event.diagnostic_event, event.res_outputs_event or event.resource_pre_event
            if said is not None and said.severity != "debug":
                if said.severity == "error" or self.own(said.urn or "") is None:
                    return None
                environment, urn = self.own(said.urn) or ("", "")
                own = "" if said.urn == self.root(environment) else urn
                found[environment].append(_with(event, "diagnostic_event", _with(said, "urn", own)))
            elif done is not None and self.own(done.metadata.urn) is not None:
                environment, urn = self.own(done.metadata.urn) or ("", "")
                metadata = _with(done.metadata, "urn", urn)
                if metadata.type.startswith(_TYPE):
                    metadata.type = _ROOT_TYPE
                which = "res_outputs_event" if event.res_outputs_event else "resource_pre_event"
                found[environment].append(_with(event, which, _with(done, "metadata", metadata)))
        return found


def _with(thing: Any, name: str, value: Any) -> Any:
    """A copy of a part of an event in which one thing is different."""
    changed = copy.copy(thing)
    setattr(changed, name, value)
    return changed


class _Root(Stack):
    """The component that stands for an environment's stack: what the program exports is its output."""

    def __init__(self, environment: str, project: str) -> None:
        pulumi.ComponentResource.__init__(self, f"{_TYPE}{environment}", f"{project}-{environment}")
        self.outputs = {}
        self._async_program = None
        self._async_program_registration_closed = False
        self._outputs_registered = False
        sdk_settings.set_root_resource(self)


class _Everything:
    """The program in each environment, one after the other, each in a context of its own."""

    def __init__(self, program: Program, environments: Sequence[str], urns: _Urns) -> None:
        self.program, self.environments, self.urns = program, environments, urns
        self._heard = float("inf")  # when the event loop was last seen to turn

    @contextmanager
    def watched(self, patience: float, *when_stuck: Callable[[], None]) -> Iterator[None]:
        """Calls each of `when_stuck` once if the event loop does not turn for so many seconds."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(patience / 10):
                if time.monotonic() - self._heard > patience:
                    for each in when_stuck:
                        each()
                    return

        watcher = threading.Thread(target=watch, daemon=True, name="patience")
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    async def run(self, _: str) -> None:
        loop = asyncio.get_running_loop()
        pulse = loop.create_task(self._pulse())
        contexts = {name: contextvars.copy_context() for name in self.environments}
        roots = {}
        for name, context in contexts.items():
            roots[name] = await loop.create_task(self._begin(name), context=context)
        ends = [loop.create_task(_end(roots[name]), context=context) for name, context in contexts.items()]
        await asyncio.gather(*ends)
        pulse.cancel()
        self._heard = float("inf")

    async def _pulse(self) -> None:
        while True:
            self._heard = time.monotonic()
            await asyncio.sleep(0.2)

    async def _begin(self, environment: str) -> _Root:
        """Runs the program, as the SDK's `run_in_stack` does it; what it leaves to be done later goes on."""
        self._configure(environment)
        root = _Root(environment, self.urns.project)
        result = self.program(environment)
        if isawaitable(result):
            await result
        later = root._take_async_program()
        if later is not None:
            root._add_program_outputs(await later())
        return root

    def _configure(self, environment: str) -> None:
        """Gives this context settings of its own: nothing that the SDK notes is shared with another environment."""
        mine = sdk_settings.SETTINGS
        mine.stack = environment
        mine.rpc_manager = RPCManager()  # type: ignore[no-untyped-call]
        mine.outputs = set()
        mine.package_refs = {}
        monitor, engine = copy.copy(mine.monitor), copy.copy(mine.engine)
        monitor.Invoke = _naming(environment, monitor.Invoke)
        engine.Log = _about(self.urns.root(environment), engine.Log)
        mine.monitor, mine.engine = monitor, engine
        CONFIG.set(dict(CONFIG.get()))


async def _end(root: _Root) -> None:
    """Waits for what the program has left to be done, then sends its outputs and waits for that."""
    await wait_for_rpcs()
    # The SDK waits for the outputs only if something is still pending.
    pending: Any = asyncio.sleep(0)
    pulumi.Output.from_input(pending)
    root._finish()
    await wait_for_rpcs()


def _naming(environment: str, invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Calls a function of a provider with the argument by which the switchboard knows whose call it is."""

    def call(request: Any, *options: Any, **more: Any) -> Any:
        if not request.tok.startswith("pulumi:"):  # those the engine answers itself
            value = struct_pb2.Value(string_value=environment)
            request.args.fields[switchboard.ENVIRONMENT_ARGUMENT].CopyFrom(value)
        return invoke(request, *options, **more)

    return call


def _about(root: str, log: Callable[..., Any]) -> Callable[..., Any]:
    """Logs what is about nothing in particular as about the environment."""

    def call(request: Any, *options: Any, **more: Any) -> Any:
        request.urn = request.urn or root
        return log(request, *options, **more)

    return call


__all__ = ["can_go_together", "preview_together"]
