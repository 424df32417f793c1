"""The SDK goes about its work in another way, and nothing else changes: neither plans nor errors nor who hears what."""

from __future__ import annotations

import asyncio
import contextvars
import importlib.util
import json
import subprocess
import sys
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings, stack

from lab_support.engine.operations import preview
from lab_support.engine.sdk_patches import apply, debug_messages, outputs, outstanding, positions, type_hints
from lab_support.engine.sdk_patches.apply import (
    AS_IS,
    KNOWN,
    REPLACEMENTS,
    Replacement,
    drop_debug_logs,
    speed_up,
)
from tests.processes import environment
from tests.programs import two_streams
from tests.rich_program import PROGRAMS


def as_is(module: str) -> ModuleType:
    """The SDK's own module, loaded a second time beside the one with replacements in it."""
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    spec = importlib.util.spec_from_file_location(f"{module}_as_is", found.origin)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def in_a_run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Runs a coroutine as the SDK runs a program: on a loop, with settings of its own."""

    def run() -> Any:
        settings.configure(settings.Settings("project", "stack"))
        return asyncio.run(asyncio.wait_for(work(), timeout=20))

    return contextvars.copy_context().run(run)


class TestGuard:
    def test_all_fit_the_sdk_that_the_lab_installs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(AS_IS, raising=False)
        assert speed_up() == REPLACEMENTS
        assert stack.wait_for_rpcs is outstanding.wait_for_rpcs

    @pytest.mark.parametrize("module", sorted(KNOWN))
    def test_another_file_of_the_sdk_stays_as_it_is(
        self, module: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(KNOWN, module, "0" * 64)
        left_alone = {each for each in REPLACEMENTS if module in (each.module, *each.needs)}
        assert left_alone
        assert set(speed_up()) == set(REPLACEMENTS) - left_alone

    def test_a_changed_file_is_noticed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "changed.py"
        path.write_bytes(Path(str(stack.__file__)).read_bytes() + b"\n")
        changed = ModuleType("changed")
        changed.__file__ = str(path)
        assert apply._digest(stack) == KNOWN["pulumi.runtime.stack"]
        assert apply._digest(changed) not in ("", KNOWN["pulumi.runtime.stack"])

    def test_what_is_unknown_is_not_replaced(self) -> None:
        assert speed_up([Replacement("speed", "pulumi.urn", "_parse_urn", print)]) == ()
        assert pulumi.urn._parse_urn is not print

    def test_a_variable_leaves_the_sdk_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(AS_IS, "1")
        assert speed_up() == ()


class Counted(asyncio.Future[Any]):
    """An output's future that counts how often somebody begins to watch it."""

    watched = 0

    def add_done_callback(self, *arguments: Any, **options: Any) -> None:
        self.watched += 1
        super().add_done_callback(*arguments, **options)


async def times_watched(wait_for_rpcs: Callable[[], Coroutine[Any, Any, None]], number: int) -> int:
    """How often the futures are watched until all of them have ended, one after the other."""
    futures = [Counted() for _ in range(number)]
    settings.SETTINGS.outputs.update(futures)

    async def end() -> None:
        for future in futures:
            await asyncio.sleep(0.001)
            future.set_result(None)

    ending = asyncio.create_task(end())
    await wait_for_rpcs()
    await ending
    assert all(future.done() for future in futures)
    return sum(future.watched for future in futures)


class TestWaiting:
    @pytest.mark.parametrize("number", [10, 100])
    def test_each_output_is_watched_once(self, number: int) -> None:
        assert in_a_run(lambda: times_watched(outstanding.wait_for_rpcs, number)) == number

    def test_the_sdk_watches_all_that_are_left_each_time(self) -> None:
        own = as_is("pulumi.runtime.stack").wait_for_rpcs
        assert in_a_run(lambda: times_watched(own, 100)) > 20 * 100

    def test_an_error_is_raised_while_others_go_on(self) -> None:
        async def work() -> None:
            pulumi.Output.from_input(asyncio.get_running_loop().create_future())  # never ends
            pulumi.Output.from_input(1).apply(lambda one: one / 0)
            await outstanding.wait_for_rpcs()

        with pytest.raises(ZeroDivisionError):
            in_a_run(work)

    def test_an_output_made_meanwhile_is_waited_for(self) -> None:
        seen = []

        async def slowly(value: int) -> int:
            await asyncio.sleep(0.01)
            seen.append(value)
            return value

        async def work() -> None:
            pulumi.Output.from_input(slowly(1)).apply(lambda one: pulumi.Output.from_input(slowly(one + 1)))
            await outstanding.wait_for_rpcs()
            assert not settings.SETTINGS.outputs

        in_a_run(work)
        assert seen == [1, 2]

    def test_what_the_engine_did_not_register_is_no_error(self) -> None:
        async def work() -> None:
            failed = asyncio.get_running_loop().create_future()
            settings.SETTINGS.outputs.add(failed)
            failed.set_exception(stack.ResourceRegistrationFailed("not this one"))
            await outstanding.wait_for_rpcs()

        in_a_run(work)

    def test_a_failed_call_is_raised_from_the_first_that_failed(self) -> None:
        async def fail(error: Exception) -> None:
            raise error

        first, second = ValueError("first"), KeyError("second")

        async def work() -> None:
            calls = settings._get_rpc_manager()
            for error in (first, second):
                await calls.do_rpc("a call", fail)(error)
            await outstanding.wait_for_rpcs()

        with pytest.raises(KeyError) as caught:
            in_a_run(work)
        assert caught.value is second
        assert caught.value.__cause__ is first

    def test_an_error_keeps_its_own_cause_and_its_place(self) -> None:
        async def fail() -> None:
            raise KeyError("told") from ValueError("the cause")

        async def work() -> None:
            await settings._get_rpc_manager().do_rpc("a call", fail)()
            with suppress(KeyError):
                await settings._get_rpc_manager().rpcs[0]  # whoever asks first takes the traceback along
            await outstanding.wait_for_rpcs()

        with pytest.raises(KeyError) as caught:
            in_a_run(work)
        assert isinstance(caught.value.__cause__, ValueError)
        assert "fail" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]

    def test_calls_alone_are_waited_for_where_that_is_wanted(self) -> None:
        async def work() -> None:
            pulumi.Output.from_input(asyncio.get_running_loop().create_future())  # never ends
            await outstanding.wait_for_rpcs(await_all_outstanding_tasks=False)

        in_a_run(work)


def both_stack_traces(depth: int) -> tuple[Any, Any]:
    """What the SDK and we say of the place where a resource of so many constructors is made."""
    own = as_is("pulumi.runtime.resource")
    seen: list[Any] = []

    class Innermost:
        def __init__(self) -> None:
            seen.extend((own._get_stack_trace(), positions.get_stack_trace()))

    made: type = Innermost
    for _ in range(depth):

        class Around:
            inside = made

            def __init__(self) -> None:
                self.inside()

        made = Around
    exec(compile("made()", "<a cell>", "exec"), {"made": made})
    return tuple(seen)


class TestPositions:
    @pytest.mark.parametrize("depth", range(5))
    def test_the_frames_are_those_of_the_sdk(self, depth: int) -> None:
        own, ours = both_stack_traces(depth)
        assert ours == own
        assert bool(ours.frames) == (depth >= 2)


class TestValues:
    @pytest.mark.parametrize(
        "parent", [None, "", "urn:pulumi:dev::p::a:b:C::parent", pulumi.Output.from_input]
    )
    @pytest.mark.parametrize("name", ["name", pulumi.Output.from_input])
    def test_a_urn_is_that_of_the_sdk(self, name: Any, parent: Any) -> None:
        """A function stands for an output, which belongs to a loop."""

        async def work() -> None:
            given = [each("urn:x::y") if callable(each) else each for each in (name, parent)]
            own = await outputs._create_urn(given[0], "x:y:Z", given[1]).future()
            assert await outputs.create_urn(given[0], "x:y:Z", given[1]).future() == own

        in_a_run(work)

    @pytest.mark.parametrize(
        "value",
        [1, "a", None, [], {"a": [1]}, pulumi.UNKNOWN, [pulumi.UNKNOWN], {"a": {"b": pulumi.UNKNOWN}}],
    )
    def test_what_is_unknown_is_noticed(self, value: Any) -> None:
        assert outputs.contains_unknowns(value) == ("Unknown" in repr(value))

    def test_a_property_is_resolved_once(self) -> None:
        async def work() -> None:
            resource = pulumi.resource.DependencyResource("urn:pulumi:dev::p::a:b:C::c")
            resolvers = outputs.transfer_properties(
                resource, {"a": 1, "b": 2, "urn": 3, "id": 4}, custom=True
            )
            assert list(resolvers) == ["a", "b"]
            other = pulumi.resource.DependencyResource("urn:pulumi:dev::p::a:b:C::d")
            resolvers["a"]("value", True, True, {other}, None)
            resolvers["b"](None, False, False, None, ValueError("not registered"))
            made: Any = resource
            assert await made.a.future() == "value"
            assert await made.a.is_secret()
            assert await made.a.resources() == {resource, other}
            with pytest.raises(ValueError, match="not registered"):
                await made.b.future()
            await asyncio.sleep(0)
            pending = settings.SETTINGS.outputs
            assert made.a._data not in pending
            assert made.b._data in pending  # it failed: somebody has to notice
            with pytest.raises(asyncio.InvalidStateError):
                resolvers["a"]("another", True, False, None, None)

        in_a_run(work)

    @pytest.mark.parametrize(
        "typ", [str, list[str], str | None, pulumi.Input[str], pulumi.Input[str] | None, pulumi.Output[int]]
    )
    def test_a_type_is_unwrapped_as_the_sdk_does(self, typ: Any) -> None:
        own = as_is("pulumi._types")
        for _ in range(2):
            assert type_hints.unwrap_type(typ) == own.unwrap_type(typ)
            assert type_hints.unwrap_optional_type(typ) == own.unwrap_optional_type(typ)

    def test_types_that_are_equal_are_told_apart(self) -> None:
        unions: list[Any] = [int | str, str | int]
        assert unions[0] == unions[1]
        assert [type_hints.unwrap_type(union).__args__[0] for union in unions] == [int, str]


def outcomes(**variables: str) -> dict[str, Any]:
    """What comes out of the programs in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rich_program"],
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return dict(json.loads(done.stdout))


class TestSameOutcome:
    @pytest.fixture(scope="class")
    @classmethod
    def quick(cls) -> dict[str, Any]:
        return outcomes(**{AS_IS: ""})

    @pytest.fixture(scope="class")
    @classmethod
    def own(cls) -> dict[str, Any]:
        return outcomes(**{AS_IS: "1"})

    @pytest.mark.parametrize("name", PROGRAMS)
    def test_the_engine_is_asked_the_same_and_the_plan_is_the_same(
        self, name: str, quick: dict[str, Any], own: dict[str, Any]
    ) -> None:
        assert quick[name] == own[name]

    def test_the_programs_do_what_they_are_there_for(self, own: dict[str, Any]) -> None:
        plans = {name for name, seen in own.items() if isinstance(seen, dict)}
        assert plans == {"rich", "transformed", "awaited", "waits_for_itself"}
        plan = own["rich"]["plan"]
        assert {each["name"] for each in plan["resources"]} >= {"made-in-apply", "existing", "europe"}
        assert {severity for severity, _, _ in plan["diagnostics"]} == {"info", "warning"}
        assert plan["outputs"]["password"] == "[secret]"
        assert all(each["inputs"].get("tags") for each in own["transformed"]["plan"]["resources"])


class Engine:
    """Takes messages as the engine does."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def Log(self, request: Any) -> None:
        self.heard.append(request.message)


async def speaking() -> None:
    """A program that says something at each level."""
    pulumi.log.debug("debug")
    pulumi.log.info("info")
    pulumi.log.warn("warning")


@drop_debug_logs
async def speaking_to_nobody() -> None:
    await speaking()


class TestMessages:
    @pytest.mark.parametrize(
        ("program", "heard"),
        [(speaking, ["debug", "info", "warning"]), (speaking_to_nobody, ["info", "warning"])],
        ids=["of others", "of the lab"],
    )
    def test_debug_messages_of_the_labs_runs_stay_here(
        self,
        program: Callable[[], Coroutine[Any, Any, None]],
        heard: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(debug_messages, "_run_in_stack", lambda program: program())
        engine = Engine()

        def run() -> None:
            settings.configure(settings.Settings("project", "stack", engine=engine))
            asyncio.run(debug_messages.run_in_stack(program))

        contextvars.copy_context().run(run)
        assert engine.heard == heard

    def test_a_preview_sends_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[str] = []
        monkeypatch.setattr(
            pulumi.log, "_log", lambda engine, severity, message, *others: sent.append(message)
        )
        preview(two_streams, "dev")
        assert sent == []
