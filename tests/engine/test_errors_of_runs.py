"""Whose error it is when a run gives no plan: the program's, the account's or the lab's; and what it says."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine import cli_run
from lab_support.engine.operations import preview
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.mock_aws import provider
from lab_support.toolchain import ToolchainError
from tests.programs import database, two_streams

HERE = __file__


def here(error: ProgramError) -> tuple[str, str]:
    """The file and the code that an error points to."""
    assert error.location is not None
    return error.location.file, error.location.code.strip()


def test_an_exception_of_the_program_is_a_program_error_with_its_line() -> None:
    def program(suffix: str) -> None:
        {}["no such key"]

    with pytest.raises(ProgramError) as caught:
        preview(program, "pr-1")
    assert caught.value.message == "KeyError: 'no such key'"
    assert here(caught.value) == (HERE, '{}["no such key"]')
    assert caught.value.environment == "pr-1"


def test_an_exception_in_apply_is_a_program_error_with_its_line() -> None:
    def program(suffix: str) -> None:
        queue = aws.sqs.Queue("q")
        queue.arn.apply(lambda arn: arn.no_such_method())

    with pytest.raises(ProgramError) as caught:
        preview(program)
    assert "no_such_method" in caught.value.message
    assert here(caught.value) == (HERE, "queue.arn.apply(lambda arn: arn.no_such_method())")


def test_an_exception_raised_inside_the_sdk_points_to_the_program() -> None:
    with pytest.raises(ProgramError) as caught:
        preview(lambda suffix: aws.sqs.Queue("q", no_such_argument=1))
    assert "no_such_argument" in caught.value.message
    assert here(caught.value)[0] == HERE


def test_a_call_of_sys_exit_is_a_program_error() -> None:
    def leaves(suffix: str) -> None:
        raise SystemExit(0)

    with pytest.raises(ProgramError, match=r"called sys\.exit\(\)") as caught:
        preview(leaves)
    assert here(caught.value) == (HERE, "raise SystemExit(0)")


def test_missing_configuration_is_a_program_error() -> None:
    with pytest.raises(ProgramError, match="Missing required configuration variable"):
        preview(lambda suffix: pulumi.Config().require("size"))


def test_a_run_error_of_pulumi_is_a_program_error() -> None:
    def program(suffix: str) -> None:
        raise pulumi.RunError("size must be even")

    with pytest.raises(ProgramError, match=r"size must be even"):
        preview(program)


def test_an_exception_whose_text_cannot_be_made_is_a_program_error() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise ValueError("no words")

    def program(suffix: str) -> None:
        raise Mute

    with pytest.raises(ProgramError, match="Mute"):
        preview(program)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (5, "must be a function, but it is int"),
        (None, "must be a function, but it is NoneType"),
        (lambda: None, "must take one argument"),
        (lambda one, two: None, "must take one argument"),
        (lambda *, suffix: None, "must take one argument"),
    ],
)
def test_something_that_is_no_program_is_refused_before_anything_runs(program: Any, words: str) -> None:
    with pytest.raises(ProgramError, match=words):
        preview(program)


@pytest.mark.parametrize("shape", ["partial", "method", "callable", "default", "async"])
def test_a_program_may_be_any_callable_of_one_argument(shape: str) -> None:
    class Holder:
        def method(self, suffix: str) -> None:
            aws.sqs.Queue(f"q-{suffix}")

        __call__ = method

    def more(kind: str, suffix: str) -> None:
        aws.sqs.Queue(f"q-{suffix}")

    async def waits(suffix: str) -> None:
        await asyncio.sleep(0)
        aws.sqs.Queue(f"q-{suffix}")

    programs: dict[str, Any] = {
        "partial": functools.partial(more, "kind"),
        "method": Holder().method,
        "callable": Holder(),
        "default": lambda suffix, extra=None: more("kind", suffix),
        "async": waits,
    }
    assert [resource.name for resource in preview(programs[shape])] == ["q-dev"]


def test_a_refusal_has_the_urn_and_the_text_of_aws() -> None:
    with pytest.raises(PreviewFailed) as caught:
        preview(database(backup_retention_period=36), "demo")
    (refusal,) = caught.value.diagnostics
    assert refusal.resource == "db-demo"
    assert refusal.urn.endswith("::aws:rds/instance:Instance::db-demo")
    assert refusal.text == (
        "creating RDS DB Instance (db-demo): operation error RDS: CreateDBInstance, https response error "
        "StatusCode: 400, api error InvalidParameterValue: Invalid backup retention period: 36. Retention "
        "period must be between 0 and 35."
    )
    assert caught.value.environment == "demo"


def test_an_input_of_the_wrong_type_is_refused_by_the_provider() -> None:
    with pytest.raises(PreviewFailed) as caught:
        preview(database(multi_az="perhaps"))
    assert "expected true or false, got 'perhaps'" in str(caught.value)
    assert "db-dev" in str(caught.value)


def test_two_resources_of_one_name_are_refused_by_the_engine() -> None:
    def program(suffix: str) -> None:
        aws.sqs.Queue("twin")
        aws.sqs.Queue("twin")

    with pytest.raises(PreviewFailed) as caught:
        preview(program)
    (refusal,) = caught.value.diagnostics
    assert refusal.resource == "twin"
    assert "Duplicate resource URN" in refusal.text


def test_a_data_source_that_finds_nothing_points_to_its_line() -> None:
    with pytest.raises(ProgramError) as caught:
        preview(lambda suffix: aws.kms.get_key(key_id="alias/nowhere"))
    assert "reading KMS Key (alias/nowhere): couldn't find resource" in caught.value.message
    assert here(caught.value)[0] == HERE


def test_a_missing_cli_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(report: Any) -> None:
        raise ToolchainError("four ways, none worked")

    monkeypatch.setattr(cli_run, "obtain_pulumi", nothing)
    with pytest.raises(InternalError, match="your program is not to blame") as caught:
        preview(two_streams)
    assert "four ways, none worked" in str(caught.value)


@pytest.fixture
def event_loop() -> Iterator[None]:
    """An event loop for this thread, which an Output needs; an earlier `asyncio.run` leaves none behind."""
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        asyncio.set_event_loop(loop)
        yield
        asyncio.set_event_loop(None)


@pytest.mark.usefixtures("event_loop")
def test_an_output_made_outside_the_program_is_a_program_error() -> None:
    outside = pulumi.Output.secret("a topic")

    with pytest.raises(ProgramError, match="got Future"):
        preview(lambda suffix: aws.sqs.Queue("q", tags={"topic": outside}))


def test_a_defect_of_the_mock_account_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*arguments: Any) -> Any:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(provider, "answer", breaks)
    with pytest.raises(InternalError, match="a bug of ours"):
        preview(two_streams)


def test_a_preview_after_a_failed_one_is_undisturbed() -> None:
    with pytest.raises(PreviewFailed):
        preview(database(backup_retention_period=36))
    with pytest.raises(ProgramError):
        preview(lambda suffix: 1 / 0)
    assert len(preview(two_streams)) == 2


@pytest.mark.parametrize("kind", [ProgramError, PreviewFailed])
def test_an_error_prints_no_traceback(kind: type[Exception]) -> None:
    bad = (lambda suffix: 1 / 0) if kind is ProgramError else database(backup_retention_period=36)
    with pytest.raises(kind) as caught:
        preview(bad)
    for text in (str(caught.value), "\n".join(caught.value._render_traceback_())):  # type: ignore[attr-defined]
        assert "Traceback" not in text
        assert "lab_support" not in text
        assert 1 < len(text.splitlines()) < 12
