"""A verdict follows a changed program at once, and no run affects the next one.

The expected plans come from processes that have run nothing else; every other plan must equal them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.checking.run_check import check_program
from lab_support.course import cells
from lab_support.course.exercises import Exercise
from lab_support.engine.operations import Program, Settings, deploy, preview, preview_all
from lab_support.errors import PreviewFailed, ProgramError
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan
from tests.plans import without_chance
from tests.processes import python
from tests.programs import changed, database, shipped

ENVIRONMENTS = ("dev", "prod", "pr-1234", "pr-1235")


class Site(pulumi.ComponentResource):
    """A stream and its readers, as a component."""

    def __init__(self, name: str) -> None:
        super().__init__("lab:index:Site", name)
        self.stream = aws.kinesis.Stream(
            f"{name}-stream", shard_count=1, opts=pulumi.ResourceOptions(parent=self)
        )
        self.register_outputs({"arn": self.stream.arn})


def probe(environment_suffix: str) -> None:
    """A program that touches what could be kept by mistake: names, configuration, lookups, providers, secrets."""
    account = aws.get_caller_identity().account_id
    elsewhere = aws.Provider(f"elsewhere-{environment_suffix}", region="eu-west-1")
    topic = aws.sns.Topic("alerts")  # the same logical name in every environment
    aws.sns.Topic(f"far-{environment_suffix}", opts=pulumi.ResourceOptions(provider=elsewhere))
    site = Site(f"site-{environment_suffix}")
    aws.ssm.Parameter(
        f"where-{environment_suffix}",
        type="SecureString",
        value=pulumi.Output.secret(site.stream.arn),
        description=f"{pulumi.get_project()}/{pulumi.get_stack()} of {account}",
        opts=pulumi.ResourceOptions(depends_on=[topic]),
    )
    pulumi.export("topic", topic.arn)
    pulumi.export("region", aws.config.region)
    pulumi.export("asked_for", pulumi.Config().get("asked_for"))


def facts(plan: Plan) -> dict[str, Any]:
    """A plan as plain values, without what differs from run to run."""
    told = without_chance(plan).to_json()
    told["diagnostics"].sort(key=lambda said: (said["urn"], said["text"]))
    return told


@pytest.fixture(scope="module")
def alone() -> dict[str, Any]:
    """The plan of the probe for each environment, each in a fresh process."""
    code = """
        import json, sys
        from lab_support import preview
        from tests.engine.test_no_leaks import facts, probe
        print(json.dumps(facts(preview(probe, sys.stdin.readline().strip()))))
    """
    told = {}
    for environment in ENVIRONMENTS:
        with python(code) as process:
            out, errors = process.communicate(f"{environment}\n")
        assert process.returncode == 0, errors
        told[environment] = json.loads(out)
    return told


class TestVerdictFollowsProgram:
    def judged(self, exercise: Exercise, text: str) -> list[str]:
        program = cells.program_of(exercise, [text])
        return sorted({finding.id for finding in check_program(exercise, program).findings})

    def test_a_changed_literal_changes_the_verdict_and_back(self, exercise: Exercise) -> None:
        flawed = shipped()
        sound = changed(flawed, "multi_az=False", "multi_az=True")
        exposed = changed(sound, "publicly_accessible=False", "publicly_accessible=True")
        verdicts = [self.judged(exercise, text) for text in (flawed, sound, exposed, sound, flawed)]
        assert verdicts == [["SINGLE-ZONE"], [], ["REGRESSION"], [], ["SINGLE-ZONE"]]

    def test_a_changed_global_changes_the_verdict(self, exercise: Exercise) -> None:
        text = changed(shipped(), "multi_az=False", "multi_az=zones['several']")
        program = cells.program_of(exercise, [f"zones = {{'several': False}}\n{text}"])
        zones = program.__globals__["zones"]
        verdicts = []
        for several in (False, True, False):
            zones["several"] = several
            verdicts.append(check_program(exercise, program).passed)
        assert verdicts == [False, True, False]

    def test_a_plan_follows_a_closure_the_configuration_and_the_account(self) -> None:
        days = [30]

        def program(environment_suffix: str) -> None:
            retention = pulumi.Config().get_int("hours") or days[0]
            aws.kinesis.Stream("alerts", name="alerts", shard_count=1, retention_period=retention)

        def retention(**options: Any) -> Any:
            return preview(program, **options).named("alerts")["retention_period"]

        assert retention() == 30
        days[0] = 31
        assert retention() == 31
        assert retention(config={"emergency-alert:hours": 48}) == 48
        assert retention() == 31
        account = Account()
        deploy(program, "prod", account=account)
        with pytest.raises(PreviewFailed, match="ResourceInUseException"):
            preview(program, account=account)
        assert retention() == 31


# What is run before the probe. Each gets the chance to leave something behind.
def deploys(environment_suffix: str) -> None:
    probe(environment_suffix)
    database()(environment_suffix)


def raises(environment_suffix: str) -> None:
    probe(environment_suffix)
    raise ValueError("half-way")


def raises_in_apply(environment_suffix: str) -> None:
    topic = aws.sns.Topic("alerts")
    topic.arn.apply(lambda arn: arn / 0)
    pulumi.export("topic", "left behind")


def leaves(environment_suffix: str) -> None:
    aws.sns.Topic("alerts", name="left-behind")
    sys.exit(3)


def is_refused(environment_suffix: str) -> None:
    aws.kinesis.Stream("one", name="same", shard_count=1)
    aws.kinesis.Stream("two", name="same", shard_count=1)


def registers_a_transformation(environment_suffix: str) -> None:
    def tagged(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "tags": {"left": "behind"}}, args.opts)

    pulumi.runtime.register_stack_transformation(tagged)
    aws.sns.Topic("alerts")


def registers_a_transform(environment_suffix: str) -> None:
    def tagged(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult({**args.props, "tags": {"left": "behind"}}, args.opts)

    pulumi.runtime.register_resource_transform(tagged)
    aws.sns.Topic("alerts")


def sets_configuration(environment_suffix: str) -> None:
    pulumi.runtime.set_config("emergency-alert:asked_for", "left behind")
    pulumi.runtime.set_config("aws:region", "eu-north-1")
    assert pulumi.Config().get("asked_for") == "left behind"


async def leaves_work_undone(environment_suffix: str) -> None:
    async def later() -> None:
        await asyncio.sleep(0.3)
        aws.sns.Topic("late")

    TASKS.append(asyncio.ensure_future(later()))
    aws.sns.Topic("alerts")


TASKS: list[Any] = []  # or the garbage collector would end them


class TestNothingIsLeft:
    def test_a_second_preview_equals_one_in_a_fresh_process(self, alone: dict[str, Any]) -> None:
        assert facts(preview(probe, "dev")) == facts(preview(probe, "dev")) == alone["dev"]

    @pytest.mark.parametrize(
        ("before", "end"),
        [
            (deploys, None),
            (raises, ProgramError),
            (raises_in_apply, ProgramError),
            (leaves, ProgramError),
            (is_refused, PreviewFailed),
            (registers_a_transformation, None),
            (registers_a_transform, None),
            (sets_configuration, None),
            (leaves_work_undone, None),
        ],
        ids=lambda value: getattr(value, "__name__", ""),
    )
    def test_a_program_leaves_nothing_for_the_next_one(
        self, before: Program, end: type[Exception] | None, alone: dict[str, Any]
    ) -> None:
        for run in (preview, partial(deploy, account=Account())):
            if end is None:
                run(before, "dev")
            else:
                with pytest.raises(end):
                    run(before, "dev")
            assert facts(preview(probe, "dev")) == alone["dev"]

    def test_other_settings_leave_nothing_for_the_next_run(self, alone: dict[str, Any]) -> None:
        config = {
            "aws:region": "eu-north-1",
            "emergency-alert:asked_for": "x",
            "pulumi:autonaming": {"mode": "verbatim"},
        }
        other = preview(probe, "dev", settings=Settings(project="another", config=config))
        assert other.outputs["region"] == "eu-north-1"
        assert facts(preview(probe, "dev")) == alone["dev"]

    def test_a_program_that_runs_past_its_limit_leaves_nothing_for_the_next_one(
        self, alone: dict[str, Any]
    ) -> None:
        time_is_over, end = threading.Event(), threading.Event()

        def ignores_its_end(environment_suffix: str) -> None:
            aws.sns.Topic("early")
            try:
                with suppress(BaseException):  # it will not be ended
                    time_is_over.wait(60)
                aws.sns.Topic(f"late-{environment_suffix}")
                pulumi.export("late", True)
            finally:
                end.set()

        def next_program(environment_suffix: str) -> None:
            time_is_over.set()
            assert end.wait(60)
            probe(environment_suffix)

        with pytest.raises(ProgramError, match="time limit"):
            preview(ignores_its_end, "dev", settings=Settings(time_limit=4.0))
        told = facts(preview(next_program, "dev"))
        assert told["outputs"] == alone["dev"]["outputs"]
        assert [resource["urn"] for resource in told["resources"]] == [
            resource["urn"] for resource in alone["dev"]["resources"]
        ]
        assert facts(preview(probe, "dev")) == alone["dev"]


class TestSideBySide:
    """Previews of several environments at once are those that each has alone."""

    def test_each_environment_has_the_plan_it_has_alone(self, alone: dict[str, Any]) -> None:
        found = preview_all(probe, ENVIRONMENTS)
        assert {environment: facts(plan) for environment, plan in plans_in(found)} == alone

    @pytest.mark.parametrize(
        ("ends", "kind"),
        [(raises, ProgramError), (leaves, ProgramError), (is_refused, PreviewFailed)],
        ids=["raises", "leaves", "is refused"],
    )
    def test_a_failure_in_one_environment_changes_no_other_plan(
        self, ends: Program, kind: type[Exception], alone: dict[str, Any]
    ) -> None:
        def program(environment_suffix: str) -> None:
            (ends if environment_suffix == "prod" else probe)(environment_suffix)

        found = preview_all(program, ENVIRONMENTS)
        assert isinstance(found.pop("prod"), kind)
        told = {environment: facts(plan) for environment, plan in plans_in(found)}
        assert told == {environment: alone[environment] for environment in found}

    def test_a_transformation_in_one_environment_changes_no_other_plan(self, alone: dict[str, Any]) -> None:
        def program(environment_suffix: str) -> None:
            if environment_suffix == "dev":
                registers_a_transformation(environment_suffix)
            else:
                probe(environment_suffix)

        found = dict(plans_in(preview_all(program, ENVIRONMENTS)))
        assert found.pop("dev").named("alerts")["tags"] == {"left": "behind"}
        told = {environment: facts(plan) for environment, plan in found.items()}
        assert told == {environment: alone[environment] for environment in found}

    def test_each_environment_has_its_own_account(self) -> None:
        def program(environment_suffix: str) -> None:
            aws.kinesis.Stream("alerts", name="alerts", shard_count=1)

        found = preview_all(program, ENVIRONMENTS)
        assert [plan.named("alerts")["name"] for _, plan in plans_in(found)] == ["alerts"] * len(ENVIRONMENTS)


def plans_in(found: dict[str, Any]) -> Iterator[tuple[str, Plan]]:
    """The plans by environment. Raises what stands in the place of one."""
    for environment, outcome in found.items():
        if isinstance(outcome, Exception):
            raise outcome
        yield environment, outcome
