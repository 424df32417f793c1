"""The program in every environment, in one event loop, beginning before the engine is there to be asked.

The CLI takes as long to start as the program takes to say what it wants. So the program runs meanwhile, on a thread
of its own; what it asks of the engine waits until the engine calls. Each environment has a context of its own, in which
the SDK keeps its settings, its root resource and its outputs. What is assumed of the engine's call before it
comes (the configuration, the features) is compared with it when it has come.
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
from lab_support.engine.batch.urns import ROOT_TYPE, Urns
from lab_support.engine.inline_program import Program, close, leave_something_pending, raise_in
from lab_support.engine.sdk_patches.debug_messages import nobody_reads_debug_messages

# The engine and the SDK are of one version, so the engine can do whatever the SDK knows of.
_FEATURES: Final = frozenset(resource_pb2.ResourceMonitorFeature.values())


class NotAsExpected(Exception):
    """The engine calls with something else than was assumed."""


class Programs:
    """A program in several environments. `run` is what the engine calls; `began` starts the program before that."""

    def __init__(
        self, program: Program, environments: Sequence[str], urns: Urns, config: Mapping[str, Any]
    ) -> None:
        self.program, self.environments, self.urns = program, environments, urns
        self.config = {name: _as_text(value) for name, value in config.items()}
        self.engine = _Later()
        self.monitor = _Later()
        self.done: Future[None] = Future()
        self.thread: int | None = None
        self._heard = time.monotonic()  # when the event loop was last seen to turn

    @contextmanager
    def began(self, patience: float, give_up: Callable[[], None]) -> Iterator[None]:
        """The program runs as long as this lasts, and is stopped if it still runs at the end.

        `give_up` is called when the program fails, or keeps the event loop to itself for `patience` seconds.
        """
        over = threading.Event()
        runner = threading.Thread(target=contextvars.Context().run, args=(self._run, give_up), daemon=True)
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
            if not self.done.done() and self._is_stuck(patience):
                give_up()
                return

    def _is_stuck(self, seconds: float) -> bool:
        return time.monotonic() - self._heard > seconds

    def _stop(self, runner: threading.Thread, grace: float = 1.0) -> None:
        """Ends what still runs: what waits for the engine ends by itself, a loop of the program at its next step."""
        for each in (self.monitor, self.engine):
            each.is_there(None)
        if not self.done.done():
            runner.join(0 if self._is_stuck(grace) else grace)
            if runner.is_alive():
                raise_in(self.thread, _Stopped)
            _settle(self.done, pulumi.RunError("the program was stopped"))

    async def run(self, _: str) -> None:
        """Called in the engine's run: lets the engine have what the program asks, and waits until that is all."""
        settings = sdk_settings.SETTINGS
        came = (CONFIG.get(), _SECRET_KEYS.get(), settings.monitor_features)
        if came != (self.config, set(), _FEATURES):
            raise NotAsExpected(str(came))
        self.engine.is_there(settings.engine)
        self.monitor.is_there(settings.monitor)
        await asyncio.wrap_future(self.done)

    # -- on the thread of the program --------------------------------------------------------------------

    def _run(self, give_up: Callable[[], None]) -> None:
        self.thread = threading.get_ident()
        loop = asyncio.new_event_loop()
        # Each call to the engine holds a thread until it is answered.
        loop.set_default_executor(ThreadPoolExecutor(max_workers=64 * len(self.environments)))
        try:
            loop.run_until_complete(self._everything())
        except BaseException as error:
            _settle(self.done, error)
            give_up()
        else:
            _settle(self.done, None)
        finally:
            self.thread = None
            close(loop)

    async def _everything(self) -> None:
        loop = asyncio.get_running_loop()
        pulse = loop.create_task(self._pulse())
        contexts = {name: contextvars.copy_context() for name in self.environments}
        roots = {}
        for name, context in contexts.items():
            roots[name] = await loop.create_task(self._begin(name), context=context)
        ends = [loop.create_task(_end(roots[name]), context=context) for name, context in contexts.items()]
        await asyncio.gather(*ends)
        pulse.cancel()

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
        """Gives this context settings of its own, as the SDK's language server does it for a run."""
        reset_options(project=self.urns.project, stack=environment, preview=True, organization="organization")
        set_all_config(self.config)
        nobody_reads_debug_messages()
        settings = sdk_settings.SETTINGS
        settings.monitor_features = set(_FEATURES)
        settings.monitor = _Changing(self.monitor, Invoke=_naming(environment))
        settings.engine = _Changing(self.engine, Log=_about(self.urns.root(environment)))


class _Root(stack.Stack):
    """The component that stands for an environment's stack: what the program exports is its output."""

    def __init__(self, environment: str, project: str) -> None:
        pulumi.ComponentResource.__init__(self, f"{ROOT_TYPE}{environment}", f"{project}-{environment}")
        self.outputs = {}
        self._async_program = None
        self._async_program_registration_closed = False
        self._outputs_registered = False
        sdk_settings.set_root_resource(self)


async def _end(root: _Root) -> None:
    """Waits for what the program has left to be done, then sends its outputs and waits for that."""
    await stack.wait_for_rpcs()
    leave_something_pending()
    root._finish()
    await stack.wait_for_rpcs()


class _Stopped(BaseException):
    """Raised inside the program where it has to end."""


class _Later:
    """A gRPC stub that may come later: its calls wait for it."""

    def __init__(self) -> None:
        self._came = threading.Event()
        self._stub: Any = None

    def is_there(self, stub: Any) -> None:
        """This is it; None where it will never come, or has gone."""
        self._stub = stub
        self._came.set()

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self._came.wait()
            if self._stub is None:
                raise pulumi.RunError("the engine has gone")
            return getattr(self._stub, method)(*arguments, **options)

        return call


class _Changing:
    """A gRPC stub that changes the requests of some methods before they are sent."""

    def __init__(self, stub: Any, **changes: Callable[[Any], None]) -> None:
        self._stub, self._changes = stub, changes

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call: Callable[..., Any] = getattr(self._stub, method)
        change = self._changes.get(method)
        if change is None:
            return call

        def changed(request: Any, **options: Any) -> Any:
            change(request)
            return call(request, **options)

        return changed


def _naming(environment: str) -> Callable[[Any], None]:
    """Gives a call of a provider's function the argument by which the switchboard knows whose call it is."""

    def change(request: Any) -> None:
        if not request.tok.startswith("pulumi:"):  # those the engine answers itself
            value = struct_pb2.Value(string_value=environment)
            request.args.fields[ENVIRONMENT_ARGUMENT].CopyFrom(value)

    return change


def _about(root: str) -> Callable[[Any], None]:
    """Makes a message about nothing in particular one about the environment."""

    def change(request: Any) -> None:
        request.urn = request.urn or root

    return change


def _as_text(value: Any) -> str:
    """A value of the configuration as the engine hands it to the program: Go's way of writing JSON."""
    if isinstance(value, str):
        return value
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _settle(future: Future[None], error: BaseException | None) -> None:
    """The future's end, unless it has had one."""
    with suppress(InvalidStateError):
        future.set_exception(error) if error is not None else future.set_result(None)


__all__ = ["NotAsExpected", "Programs"]
