"""Runs the program for every environment, in one event loop, from before the engine is ready.

The CLI takes as long to start as the program takes to register its resources. So the program starts at the same time,
on a thread of its own, and its calls to the engine wait until the engine calls back. Each environment has a context
of its own, in which the SDK keeps its settings, its root resource and its outputs. What is assumed about the engine's
call (the configuration, the features) is compared with the call when it comes.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from inspect import isawaitable
from typing import Any, Final

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import reset_options, set_all_config, stack
from pulumi.runtime import settings as sdk_settings
from pulumi.runtime.config import _SECRET_KEYS, CONFIG
from pulumi.runtime.proto import resource_pb2

from lab_support.engine.batch.switchboard import ENVIRONMENT_ARGUMENT
from lab_support.engine.batch.urns import ROOT_TYPE, STACK, Urns
from lab_support.engine.inline_program import Program, close, leave_something_pending, raise_in
from lab_support.engine.no_aws import refuse_calls_to_aws
from lab_support.engine.preload import preload
from lab_support.engine.printed import Printed, note_in_this_context
from lab_support.engine.stubs import DeferredStub, EditingStub, drop_debug_messages, record_resources
from lab_support.errors import location_of_thread
from lab_support.plan.diagnostic import Location

# The engine and the SDK have the same version, so the engine supports every feature that the SDK knows.
_FEATURES: Final = frozenset(resource_pb2.ResourceMonitorFeature.values())


_PATIENCE: Final = 1.0  # seconds in which a program that is stopped must end


class UnexpectedCall(Exception):
    """The engine calls with other settings than were assumed; the text has them."""


class BatchProgram:
    """A program in several environments. `run` is what the engine calls; `running` starts the program before that."""

    def __init__(
        self, program: Program, environments: Sequence[str], urns: Urns, config: Mapping[str, Any]
    ) -> None:
        self.program, self.environments, self.urns = program, environments, urns
        self.config = {name: _as_text(value) for name, value in config.items()}
        self.engine = DeferredStub()
        self.monitor = DeferredStub()
        self.registered: set[str] = set()  # the URNs of the resources that the program registers and reads
        record_resources(self.monitor, self.registered)
        self.printed = {name: Printed() for name in environments}
        self.done: Future[None] = Future()
        self.thread: int | None = None
        self._last_pulse: float | None = None  # when the event loop last took a step; None before it starts

    @contextmanager
    def running(self, patience: float, give_up: Callable[[], None]) -> Iterator[None]:
        """Runs the program for as long as the block lasts; one that is still running at its end is stopped.

        `give_up` is called when the program fails, or blocks the event loop for `patience` seconds.
        """
        over = threading.Event()
        context = contextvars.Context()
        # The SDK takes what is set where nothing was set before for the default of the whole process, and the engine's
        # own run asks that default for its connection. So ours are set here, before the engine starts, and not again.
        context.run(self._configure, STACK)
        runner = threading.Thread(target=context.run, args=(self._run, give_up), daemon=True)
        watcher = threading.Thread(target=self._watch, args=(over, patience, give_up), daemon=True)
        runner.start()
        watcher.start()
        try:
            yield
        finally:
            over.set()
            self._stop(runner)

    def _watch(self, over: threading.Event, patience: float, give_up: Callable[[], None]) -> None:
        while not over.wait(patience / 10):
            if not self.done.done() and self._is_blocked(patience):
                give_up()
                return

    def place(self) -> Location | None:
        """The line that the program is executing, if it is."""
        return location_of_thread(self.thread) if self.thread is not None else None

    def _is_blocked(self, seconds: float) -> bool:
        return self._last_pulse is not None and time.monotonic() - self._last_pulse > seconds

    def _stop(self, runner: threading.Thread, grace: float = 1.0) -> None:
        """Ends what is still running: what waits for the engine by itself, a loop of the program at its next step."""
        for stub in (self.monitor, self.engine):
            stub.resolve(None)
        if not self.done.done():
            runner.join(0 if self._is_blocked(grace) else grace)
            if runner.is_alive():
                raise_in(self.thread, _Stopped)
                runner.join(_PATIENCE)
            _settle(self.done, pulumi.RunError("the program was stopped"))

    async def run(self, _: str) -> None:
        """Called by the engine: passes the program's calls on to it, and waits until the program is done."""
        settings = sdk_settings.SETTINGS
        found = (CONFIG.get(), _SECRET_KEYS.get(), settings.monitor_features)
        if found != (self.config, set(), _FEATURES):
            raise UnexpectedCall(str(found))
        self.engine.resolve(settings.engine)
        self.monitor.resolve(settings.monitor)
        await asyncio.wrap_future(self.done)

    # -- on the thread of the program --------------------------------------------------------------------

    def _run(self, give_up: Callable[[], None]) -> None:
        preload(self.program)  # not part of what a program may take
        self.thread = threading.get_ident()
        loop = asyncio.new_event_loop()
        # Each call to the engine occupies a thread until it is answered.
        loop.set_default_executor(ThreadPoolExecutor(max_workers=64 * len(self.environments)))
        try:
            loop.run_until_complete(self._run_all())
        except BaseException as error:
            _settle(self.done, error)
            give_up()
        else:
            _settle(self.done, None)
        finally:
            self.thread = None
            close(loop)

    async def _run_all(self) -> None:
        loop = asyncio.get_running_loop()
        pulse = loop.create_task(self._pulse())
        contexts = {name: contextvars.copy_context() for name in self.environments}
        roots = {}
        for name, context in contexts.items():
            roots[name] = await loop.create_task(self._run_in(name), context=context)
        finished = [
            loop.create_task(_finish(roots[name]), context=context) for name, context in contexts.items()
        ]
        await asyncio.gather(*finished)
        pulse.cancel()

    async def _pulse(self) -> None:
        while True:
            self._last_pulse = time.monotonic()
            await asyncio.sleep(0.2)

    async def _run_in(self, environment: str) -> _Root:
        """Runs the program, as the SDK's `run_in_stack` does; its outputs and calls may still be pending afterwards."""
        self._configure(environment)
        note_in_this_context(self.printed[environment])
        root = _Root(environment, self.urns.project)
        result = self.program(environment)
        if isawaitable(result):
            await result
        main = root._take_async_program()
        if main is not None:
            root._add_program_outputs(await main())
        return root

    def _configure(self, environment: str) -> None:
        """Gives this context settings of its own, as the SDK's language server does for a run."""
        monitor: Any = EditingStub(self.monitor, Invoke=_name_environment(environment))
        engine: Any = EditingStub(self.engine, Log=_name_root(self.urns.root(environment)))
        reset_options(
            project=self.urns.project,
            stack=environment,
            preview=True,
            organization="organization",
            monitor_address=monitor,
            engine_address=engine,
        )
        set_all_config(self.config)
        sdk_settings.SETTINGS.monitor_features = set(_FEATURES)
        drop_debug_messages()
        refuse_calls_to_aws()


class _Root(stack.Stack):
    """The component that takes the place of an environment's stack: what the program exports is its output."""

    def __init__(self, environment: str, project: str) -> None:
        pulumi.ComponentResource.__init__(self, f"{ROOT_TYPE}{environment}", f"{project}-{environment}")
        self.outputs = {}
        self._async_program = None
        self._async_program_registration_closed = False
        self._outputs_registered = False
        sdk_settings.set_root_resource(self)


async def _finish(root: _Root) -> None:
    """Waits for what is still pending, then sends the outputs of the environment and waits for that."""
    await stack.wait_for_rpcs()
    leave_something_pending()
    root._finish()
    await stack.wait_for_rpcs()


class _Stopped(BaseException):
    """Raised inside a program to end it."""


def _name_environment(environment: str) -> Callable[[Any], None]:
    """Adds the argument that tells the switchboard which environment calls a provider's function."""

    def edit(request: Any) -> None:
        if not request.tok.startswith("pulumi:"):  # those the engine answers itself
            value = struct_pb2.Value(string_value=environment)
            request.args.fields[ENVIRONMENT_ARGUMENT].CopyFrom(value)

    return edit


def _name_root(root: str) -> Callable[[Any], None]:
    """Attaches a message that names no resource to the environment's root."""

    def edit(request: Any) -> None:
        request.urn = request.urn or root

    return edit


def _as_text(value: Any) -> str:
    """A value of the configuration as the engine passes it to the program: as JSON, written as Go does."""
    if isinstance(value, str):
        return value
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _settle(future: Future[None], error: BaseException | None) -> None:
    """Completes a future, unless that has happened."""
    with suppress(InvalidStateError):
        future.set_exception(error) if error is not None else future.set_result(None)


__all__ = ["BatchProgram", "UnexpectedCall"]
