"""One run of the engine for several environments gives the plans of separate runs."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import VERBATIM
from lab_support.engine import operations
from lab_support.engine.batch.previews import can_batch
from lab_support.engine.operations import Settings, deploy, preview, preview_all
from lab_support.engine.workspace import Cli
from lab_support.errors import PreviewFailed, ProgramError
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan
from lab_support.program_code import is_called_back_by_engine
from tests.engine.batch import batch_programs as programs
from tests.engine.batch.batch_programs import entry_point, rich, waiting
from tests.plans import without_chance
from tests.programs import Program

ENVIRONMENTS = ("dev", "prod", "pr-1234")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines with which the CLI is run."""
    seen: list[list[str]] = []
    run = Cli.run

    def counted(self: Cli, args: list[str], *others: Any, **more: Any) -> Any:
        seen.append(args)
        return run(self, args, *others, **more)

    monkeypatch.setattr(Cli, "run", counted)
    return seen


def one_by_one(program: Program, **options: Any) -> dict[str, Plan]:
    return {name: preview(program, name, **options) for name in ENVIRONMENTS}


@pytest.mark.parametrize("program", [rich, waiting, entry_point], ids=lambda program: program.__name__)
@pytest.mark.parametrize("config", [None, VERBATIM], ids=["made-up names", "verbatim"])
def test_the_plans_are_those_of_single_runs(program: Program, config: Any, runs: list[list[str]]) -> None:
    found = preview_all(program, ENVIRONMENTS, config=config)
    assert len(runs) == 1
    assert not any(argument.startswith("tcp:") for argument in runs[0])  # events come in a file
    assert list(found) == list(ENVIRONMENTS)
    for name, plan in one_by_one(program, config=config).items():
        together = found[name]
        assert isinstance(together, Plan)
        assert without_chance(together) == without_chance(plan)
        assert together.printed == plan.printed
    if program is rich:
        assert found["prod"].printed == "in prod\nsecret of prod\n"  # type: ignore[union-attr]


def test_a_resource_of_one_environment_is_in_no_other_plan() -> None:
    found = preview_all(rich, ENVIRONMENTS)
    streams = {name: len(plan.of_type(aws.kinesis.Stream)) for name, plan in found.items()}  # type: ignore[union-attr]
    assert streams == {"dev": 1, "prod": 2, "pr-1234": 1}


def test_no_environment_sees_the_resources_of_another(runs: list[list[str]]) -> None:
    account = Account()
    found = preview_all(programs.one_name, ENVIRONMENTS, account=account)
    assert len(runs) == 1
    assert [plan.named("queue").outputs["name"] for plan in found.values()] == ["one-for-all"] * 3  # type: ignore[union-attr]
    assert account.resources == {}


def test_a_refusal_in_one_environment_leaves_the_others_their_plans(runs: list[list[str]]) -> None:
    found = preview_all(programs.refused_in_prod, ENVIRONMENTS)
    assert len(runs) == 1
    assert isinstance(found["dev"], Plan)
    assert isinstance(found["pr-1234"], Plan)
    together = found["prod"]
    assert isinstance(together, PreviewFailed)
    with pytest.raises(PreviewFailed) as alone:
        preview(programs.refused_in_prod, "prod")
    assert together.diagnostics == alone.value.diagnostics
    assert together.environment == alone.value.environment


def test_of_several_refusals_the_same_one_is_shown_each_time(runs: list[list[str]]) -> None:
    found = preview_all(programs.refused_three_times, ENVIRONMENTS)
    assert len(runs) == 1
    assert [[shown.resource for shown in plan.diagnostics] for plan in found.values()] == [["alpha"]] * 3  # type: ignore[union-attr]


def test_inputs_that_the_provider_rejects_are_previewed_one_by_one(runs: list[list[str]]) -> None:
    found = preview_all(programs.not_taken_in_prod, ENVIRONMENTS)
    assert len(runs) == 1 + len(ENVIRONMENTS)
    assert isinstance(found["prod"], PreviewFailed)
    assert isinstance(found["dev"], Plan)


class TestOneByOne:
    """Where something goes wrong in the batch, the result is that of separate runs."""

    def test_an_error_of_the_program_is_reported_for_its_environment(self) -> None:
        found = preview_all(programs.broken_in_prod, ENVIRONMENTS)
        assert isinstance(found["prod"], ProgramError)
        assert "not in prod" in found["prod"].message
        assert found["prod"].environment == "prod"
        assert isinstance(found["dev"], Plan)

    @pytest.mark.parametrize("program", [programs.endless, programs.sleepy, programs.waits_forever])
    def test_a_program_that_never_ends_reaches_its_time_limit_in_its_environment_only(
        self, program: Program, runs: list[list[str]]
    ) -> None:
        # Half of it is for the batch, half for the single runs.
        found = preview_all(program, ENVIRONMENTS, settings=Settings(time_limit=16))
        assert len(runs) == 1 + len(ENVIRONMENTS)
        assert isinstance(found["prod"], ProgramError)
        assert "time limit" in found["prod"].message
        assert isinstance(found["dev"], Plan)

    def test_a_batch_after_a_failed_one_is_undisturbed(self) -> None:
        preview_all(programs.broken_in_prod, ENVIRONMENTS)
        found = preview_all(rich, ENVIRONMENTS)
        alone = preview(rich, "dev")
        assert isinstance(found["dev"], Plan)
        assert without_chance(found["dev"]) == without_chance(alone)


def looks_at_its_urn(environment_suffix: str) -> None:
    queue = aws.sqs.Queue("queue")
    aws.sns.Topic("topic", display_name=queue.urn)


def transforms(environment_suffix: str) -> None:
    aws.sqs.Queue("queue", opts=pulumi.ResourceOptions(transforms=[lambda args: None]))


class TestNotBatched:
    def test_a_program_that_reads_urns_is_not_batched(self, runs: list[list[str]]) -> None:
        assert not can_batch(looks_at_its_urn, None, {})
        found = preview_all(looks_at_its_urn, ENVIRONMENTS)
        assert len(runs) == len(ENVIRONMENTS)
        for name, plan in found.items():
            assert isinstance(plan, Plan)
            assert f"urn:pulumi:{name}::" in json.dumps(plan.named("topic").inputs["display_name"])

    def test_a_program_that_the_engine_calls_back_is_not_batched(self) -> None:
        assert is_called_back_by_engine(transforms)
        assert not can_batch(transforms, None, {})

    @pytest.mark.parametrize(
        "naming", [{"pattern": "${stack}-${name}"}, {"mode": "verbatim", "providers": {}}], ids=str
    )
    def test_names_that_depend_on_the_stack_are_not_batched(self, naming: Any) -> None:
        assert not can_batch(rich, None, {"pulumi:autonaming": naming})
        assert can_batch(rich, None, VERBATIM)

    def test_an_account_with_a_deployment_is_not_batched(self) -> None:
        account = Account()
        deploy(entry_point, "dev", account=account)
        assert not can_batch(rich, account, {})
        found = preview_all(entry_point, ENVIRONMENTS, account=account)
        assert [resource.op for resource in found["dev"]] == ["same"]  # type: ignore[union-attr]
        assert [resource.op for resource in found["prod"]] == ["create"]  # type: ignore[union-attr]

    def test_a_single_environment_is_not_batched(
        self, runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(operations, "preview_batch")
        assert isinstance(preview_all(rich, ["dev"])["dev"], Plan)
