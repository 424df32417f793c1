"""Programs on the real engine: the plans that come out, whose fault it is when none does, and what stays behind."""

from __future__ import annotations

import asyncio
import functools
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.display.show import show
from lab_support.engine import cli_run, operations
from lab_support.engine.operations import VERBATIM, Program, Settings, deploy, destroy, preview, preview_all
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.mock_aws import data_sources, provider
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain import ToolchainError
from tests.processes import python
from tests.programs import ROOT, database, stream, two_streams

HERE = __file__


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of a database in its network."""
    return preview(database(), "dev")


def here(error: ProgramError) -> tuple[str, str]:
    """The file and the code that an error points to."""
    assert error.location is not None
    return error.location.file, error.location.code.strip()


class TestPlan:
    def test_it_holds_what_the_program_creates_and_nothing_of_the_engine(self, plan: Plan) -> None:
        assert sorted(resource.name for resource in plan) == [
            "db-dev",
            "group-dev",
            "subnet-a-dev",
            "subnet-b-dev",
            "subnet-c-dev",
            "vpc-dev",
        ]
        assert {resource.op for resource in plan} == {"create"}

    def test_it_says_where_it_would_exist(self, plan: Plan) -> None:
        assert (plan.stack, plan.project) == ("dev", "emergency-alert")
        assert (plan.account, plan.region) == ("123456789012", "ap-southeast-1")
        assert plan.named("db-dev").urn == (
            "urn:pulumi:dev::emergency-alert::aws:rds/instance:Instance::db-dev"
        )

    def test_the_account_answers_in_preview_what_aws_would_after_creation(self, plan: Plan) -> None:
        found = plan.named("db-dev")
        assert found["arn"] == "arn:aws:rds:ap-southeast-1:123456789012:db:db-dev"
        assert found["multi_az"] is False
        assert "multi_az" not in found.inputs

    def test_outputs_built_in_apply_are_visible(self, plan: Plan) -> None:
        assert plan.outputs["endpoint"] == plan.named("db-dev")["endpoint"]
        assert str(plan.outputs["endpoint"]).endswith(".ap-southeast-1.rds.amazonaws.com:5432")

    def test_references_between_resources_are_known(self, plan: Plan) -> None:
        (group,) = plan.referenced(plan.named("db-dev"), "db_subnet_group_name", aws.rds.SubnetGroup)
        assert [each.name for each in plan.referenced(group, "subnet_ids")] == [
            "subnet-a-dev",
            "subnet-b-dev",
            "subnet-c-dev",
        ]
        assert plan.named("db-dev").properties_from["db_subnet_group_name"] == (group.urn,)
        assert group.urn in plan.named("db-dev").depends_on

    def test_two_previews_agree(self, plan: Plan) -> None:
        again = preview(database(), "dev")
        assert {each.urn: (each.id, each.shown()) for each in again} == {
            each.urn: (each.id, each.shown()) for each in plan
        }
        assert again.outputs == plan.outputs

    @pytest.mark.parametrize("value", [4, "four", {"list": [4]}])
    def test_an_output_that_needs_no_waiting_is_there(self, value: Any) -> None:
        assert preview(lambda suffix: pulumi.export("size", value)).outputs == {"size": value}

    def test_environments_differ_in_what_aws_makes_unique(self, plan: Plan) -> None:
        other = preview(database(), "prod")
        assert other.named("vpc-prod").id != plan.named("vpc-dev").id

    def test_it_survives_json(self, plan: Plan) -> None:
        assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan

    def test_an_empty_program_has_an_empty_plan(self) -> None:
        assert len(preview(lambda suffix: None)) == 0

    def test_a_component_is_the_parent_of_what_it_holds(self) -> None:
        class Network(pulumi.ComponentResource):
            def __init__(self, name: str) -> None:
                super().__init__("lab:tests:Network", name)
                aws.sqs.Queue("inside", opts=pulumi.ResourceOptions(parent=self))

        found = preview(lambda suffix: Network(f"network-{suffix}"))
        component = found.named("network-dev")
        assert not component.is_custom
        assert found.named("inside").parent == component.urn

    def test_progress_hears_the_names_of_the_resources(self) -> None:
        heard: list[str] = []
        preview(two_streams, progress=heard.append)
        named = [line.rpartition(": ")[2] for line in heard]
        assert {"alerts-dev", "audit-dev"} <= set(named)

    @pytest.mark.parametrize("run", [lambda p, a: preview(p, account=a), lambda p, a: deploy(p, account=a)])
    def test_what_the_program_logs_is_among_the_diagnostics(self, run: Callable[..., Plan]) -> None:
        found = run(lambda suffix: pulumi.log.warn("look out"), Account())
        assert [(each.severity, each.text) for each in found.diagnostics] == [("warning", "look out")]


class TestConfiguration:
    def test_the_project_and_its_configuration(self) -> None:
        def program(suffix: str) -> None:
            seen["size"] = pulumi.Config().require_int("size")
            seen["project"] = pulumi.get_project()
            seen["stack"] = pulumi.get_stack()
            seen["region"] = aws.get_region().region

        seen: dict[str, Any] = {}
        found = preview(program, "pr-7", settings=Settings(project="shop", config={"shop:size": 4}))
        assert seen == {"size": 4, "project": "shop", "stack": "pr-7", "region": "ap-southeast-1"}
        assert found.project == "shop"

    def test_verbatim_names_are_the_logical_ones(self) -> None:
        found = preview(two_streams, config=VERBATIM)
        assert {each["name"] for each in found} == {"alerts-dev", "audit-dev"}
        settings = Settings(config={"pulumi:autonaming": {"mode": "verbatim"}})
        assert preview(two_streams, settings=settings).named("audit-dev")["name"] == "audit-dev"

    def test_by_default_seven_digits_are_added(self) -> None:
        for each in preview(two_streams):
            prefix, _, digits = each["name"].rpartition("-")
            assert prefix == each.name
            assert len(digits) == 7
            int(digits, 16)

    def test_a_pattern_of_autonaming(self) -> None:
        settings = Settings(config={"pulumi:autonaming": {"pattern": "${name}-of-${stack}"}})
        assert preview(two_streams, settings=settings).named("audit-dev")["name"] == "audit-dev-of-dev"

    def test_without_autonaming_a_name_must_be_given(self) -> None:
        with pytest.raises(PreviewFailed, match="name"):
            preview(two_streams, config={"pulumi:autonaming": {"mode": "disabled"}})

    def test_the_plan_is_of_the_region_that_is_configured(self) -> None:
        found = preview(two_streams, settings=Settings(config={"aws:region": "eu-west-1"}))
        assert found.named("audit-dev")["arn"].startswith("arn:aws:kinesis:eu-west-1:")
        assert found.region == "eu-west-1"
        assert found.zones == ("eu-west-1a", "eu-west-1b", "eu-west-1c")

    def test_an_explicit_provider_has_a_region_and_tags_of_its_own(self) -> None:
        def program(suffix: str) -> None:
            europe = aws.Provider(
                "europe",
                region="eu-west-1",
                default_tags=aws.ProviderDefaultTagsArgs(tags={"Team": "alerts", "Stage": "default"}),
            )
            options = pulumi.ResourceOptions(provider=europe)
            aws.sqs.Queue("there", tags={"Stage": suffix}, opts=options)
            aws.sqs.Queue("here", tags={"Stage": suffix})
            aws.sqs.Queue("elsewhere", region="us-east-1")

        found = preview(program)
        regions = {each.name: each["arn"].split(":")[3] for each in found.of_type("sqs.Queue")}
        assert regions == {"there": "eu-west-1", "here": "ap-southeast-1", "elsewhere": "us-east-1"}
        assert found.named("there")["tags_all"] == {"Team": "alerts", "Stage": "dev"}
        assert found.named("here")["tags_all"] == {"Stage": "dev"}

    def test_default_tags_of_the_stack(self) -> None:
        tags = {"aws:defaultTags": {"tags": {"Team": "alerts"}}}
        found = preview(stream("s-{}", tags={"Stage": "dev"}), config=tags)
        assert found.named("s-{}")["tags_all"] == {"Team": "alerts", "Stage": "dev"}


class TestUnknown:
    def test_a_lookup_with_something_unknown_in_a_list_is_unknown(self) -> None:
        def program(suffix: str) -> None:
            queue = aws.sqs.Queue("q")
            unknown = pulumi.Output.all(queue.arn, pulumi.UNKNOWN).apply(lambda both: both[0])
            document = aws.iam.get_policy_document_output(
                statements=[{"actions": ["sqs:SendMessage"], "resources": [unknown]}]
            )
            pulumi.export("policy", document.json)

        assert preview(program).outputs == {"policy": UNKNOWN}

    def test_a_fault_of_the_account_in_a_lookup_is_none_of_the_program(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: Any) -> Any:
            raise ZeroDivisionError("the account broke")

        monkeypatch.setattr(data_sources, "look_up", broken)
        with pytest.raises(InternalError, match="the account broke"):
            preview(lambda suffix: aws.get_caller_identity())


class TestFiles:
    def test_relative_paths_begin_where_the_program_runs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "app").mkdir()
        (tmp_path / "app" / "handler.py").write_text("def handle(event, context): ...", encoding="utf-8")
        monkeypatch.chdir(tmp_path)

        def program(suffix: str) -> None:
            bucket = aws.s3.Bucket("code")
            source = pulumi.FileAsset("app/handler.py")
            aws.s3.BucketObject("handler", bucket=bucket.id, source=source)
            code = pulumi.AssetArchive({"app": pulumi.FileArchive("./app")})
            aws.s3.BucketObject("archive", bucket=bucket.id, source=code)

        assert len(preview(program)) == 3

    def test_one_that_is_missing_is_told_with_its_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)

        def program(suffix: str) -> None:
            bucket = aws.s3.Bucket("code")
            aws.s3.BucketObject("handler", bucket=bucket.id, source=pulumi.FileAsset("app/nothing.py"))

        with pytest.raises((ProgramError, PreviewFailed), match=r"app/nothing\.py"):
            preview(program)


class TestSecrets:
    SECRET = "correct horse battery"

    @pytest.fixture(scope="class")
    @classmethod
    def plan(cls) -> Plan:
        def program(suffix: str) -> None:
            hidden = pulumi.Output.secret(cls.SECRET)
            given = {"engine": "postgres", "instance_class": "db.t3.medium", "allocated_storage": 20}
            aws.rds.Instance("plain", username="u", password=cls.SECRET, **given)
            made = aws.rds.Instance("wrapped", username="u", password=hidden, **given)
            aws.sqs.Queue("nested", policy=hidden.apply(lambda text: json.dumps({"Sid": text})))
            pulumi.export("password", made.password)
            pulumi.export("deep", {"list": [hidden]})
            pulumi.export("open", "to everybody")

        return preview(program)

    def test_they_are_in_no_rendering(self, plan: Plan) -> None:
        view = show(plan)
        rendered = [json.dumps(plan.to_json()), repr(plan), repr(plan.resources), str(view), view.html]
        assert [text for text in rendered if self.SECRET in text] == []

    def test_they_are_marked(self, plan: Plan) -> None:
        for name in ("plain", "wrapped"):
            assert "password" in plan.named(name).secrets
            assert plan.named(name).shown()[0]["password"] == "[secret]"
        assert plan.to_json()["outputs"] == {
            "password": "[secret]",
            "deep": {"list": ["[secret]"]},
            "open": "to everybody",
        }

    def test_a_drill_can_still_read_them(self, plan: Plan) -> None:
        assert plan.named("wrapped")["password"] == self.SECRET

    def test_a_secret_tag_does_not_come_back_in_all_tags(self) -> None:
        def program(suffix: str) -> None:
            aws.sqs.Queue("q", tags={"token": pulumi.Output.secret(self.SECRET)})

        assert self.SECRET not in json.dumps(preview(program).to_json())


class TestTrouble:
    def test_an_error_of_the_program_is_theirs(self) -> None:
        def program(suffix: str) -> None:
            {}["no such key"]

        with pytest.raises(ProgramError) as caught:
            preview(program, "pr-1")
        assert caught.value.message == "KeyError: 'no such key'"
        assert here(caught.value) == (HERE, '{}["no such key"]')
        assert caught.value.environment == "pr-1"

    def test_so_is_one_in_apply(self) -> None:
        def program(suffix: str) -> None:
            queue = aws.sqs.Queue("q")
            queue.arn.apply(lambda arn: arn.no_such_method())

        with pytest.raises(ProgramError) as caught:
            preview(program)
        assert "no_such_method" in caught.value.message
        assert here(caught.value) == (HERE, "queue.arn.apply(lambda arn: arn.no_such_method())")

    def test_so_is_one_deep_inside_the_sdk(self) -> None:
        with pytest.raises(ProgramError) as caught:
            preview(lambda suffix: aws.sqs.Queue("q", no_such_argument=1))
        assert "no_such_argument" in caught.value.message
        assert here(caught.value)[0] == HERE

    def test_so_are_leaving_and_interrupting(self) -> None:
        def leaves(suffix: str) -> None:
            raise SystemExit(0)

        with pytest.raises(ProgramError, match=r"called sys\.exit\(\)") as caught:
            preview(leaves)
        assert here(caught.value) == (HERE, "raise SystemExit(0)")

    def test_so_is_missing_configuration(self) -> None:
        with pytest.raises(ProgramError, match="Missing required configuration variable"):
            preview(lambda suffix: pulumi.Config().require("size"))

    def test_so_is_pulumis_own_way_to_give_up(self) -> None:
        def program(suffix: str) -> None:
            raise pulumi.RunError("size must be even")

        with pytest.raises(ProgramError, match=r"size must be even"):
            preview(program)

    def test_so_is_an_exception_that_cannot_say_what_it_is(self) -> None:
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
    def test_what_is_no_program_is_said_before_anything_runs(self, program: Any, words: str) -> None:
        with pytest.raises(ProgramError, match=words):
            preview(program)

    @pytest.mark.parametrize("shape", ["partial", "method", "callable", "default", "async"])
    def test_a_program_may_be_any_callable_of_one_argument(self, shape: str) -> None:
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
        assert [each.name for each in preview(programs[shape])] == ["q-dev"]

    def test_a_refusal_carries_the_urn_and_aws_words(self) -> None:
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

    def test_an_input_of_the_wrong_type_is_refused_by_the_provider(self) -> None:
        with pytest.raises(PreviewFailed) as caught:
            preview(database(multi_az="perhaps"))
        assert "expected true or false, got 'perhaps'" in str(caught.value)
        assert "db-dev" in str(caught.value)

    def test_one_name_for_two_things_is_refused_by_the_engine(self) -> None:
        def program(suffix: str) -> None:
            aws.sqs.Queue("twin")
            aws.sqs.Queue("twin")

        with pytest.raises(PreviewFailed) as caught:
            preview(program)
        (refusal,) = caught.value.diagnostics
        assert refusal.resource == "twin"
        assert "Duplicate resource URN" in refusal.text

    def test_a_data_source_that_finds_nothing_is_told_with_the_line(self) -> None:
        with pytest.raises(ProgramError) as caught:
            preview(lambda suffix: aws.kms.get_key(key_id="alias/nowhere"))
        assert "reading KMS Key (alias/nowhere): couldn't find resource" in caught.value.message
        assert here(caught.value)[0] == HERE

    def test_a_missing_cli_is_the_labs_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nothing(report: Any) -> None:
            raise ToolchainError("four ways, none worked")

        monkeypatch.setattr(cli_run, "obtain_pulumi", nothing)
        with pytest.raises(InternalError, match="your program is not to blame") as caught:
            preview(two_streams)
        assert "four ways, none worked" in str(caught.value)

    def test_an_output_made_outside_of_the_program_is_their_mistake(self) -> None:
        outside = pulumi.Output.secret("a topic")

        with pytest.raises(ProgramError, match="got Future"):
            preview(lambda suffix: aws.sqs.Queue("q", tags={"topic": outside}))

    def test_an_error_of_the_mock_account_is_the_labs_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(*arguments: Any) -> Any:
            raise RuntimeError("a bug of ours")

        monkeypatch.setattr(provider, "answer", breaks)
        with pytest.raises(InternalError, match="a bug of ours"):
            preview(two_streams)

    def test_after_trouble_the_next_preview_is_undisturbed(self) -> None:
        with pytest.raises(PreviewFailed):
            preview(database(backup_retention_period=36))
        with pytest.raises(ProgramError):
            preview(lambda suffix: 1 / 0)
        assert len(preview(two_streams)) == 2

    @pytest.mark.parametrize("kind", [ProgramError, PreviewFailed])
    def test_errors_print_no_traceback(self, kind: type[Exception]) -> None:
        bad = (lambda suffix: 1 / 0) if kind is ProgramError else database(backup_retention_period=36)
        with pytest.raises(kind) as caught:
            preview(bad)
        for text in (str(caught.value), "\n".join(caught.value._render_traceback_())):  # type: ignore[attr-defined]
            assert "Traceback" not in text
            assert "lab_support" not in text
            assert 1 < len(text.splitlines()) < 12


class TestManyAtOnce:
    def test_inside_a_running_event_loop(self) -> None:
        async def cell() -> Plan:
            return preview(two_streams)

        assert len(asyncio.run(cell())) == 2

    @pytest.mark.parametrize("count", [2, 8])
    def test_threads_do_not_mix(self, count: int) -> None:
        start = threading.Barrier(count)

        def one(number: int) -> Plan:
            def program(suffix: str) -> None:
                queues = [aws.sqs.Queue(f"q-{number}-{n}-{suffix}") for n in range(number + 1)]
                pulumi.export("number", queues[-1].arn.apply(lambda arn: number))

            start.wait(30)
            return preview(program, f"env{number}")

        with ThreadPoolExecutor(count) as threads:
            plans = list(threads.map(one, range(count)))
        for number, found in enumerate(plans):
            assert {each.name for each in found} == {f"q-{number}-{n}-env{number}" for n in range(number + 1)}
            assert found.outputs == {"number": number}

    def test_an_error_of_one_is_not_the_others(self) -> None:
        def program(suffix: str) -> None:
            aws.sqs.Queue(f"q-{suffix}")
            if suffix == "two":
                raise ValueError(suffix)
            if suffix == "three":
                aws.kinesis.Stream("s", shard_count=1, retention_period=1)

        found = preview_all(program, ("one", "two", "three", "four"))
        assert list(found) == ["one", "two", "three", "four"]
        kinds = [type(each) for each in found.values()]
        assert kinds == [Plan, ProgramError, PreviewFailed, Plan]

    def test_all_environments_get_the_same_settings(self) -> None:
        found = preview_all(two_streams, ["dev", "prod"], config=VERBATIM)
        names = {
            name: each.named(f"audit-{name}")["name"]
            for name, each in found.items()
            if isinstance(each, Plan)
        }
        assert names == {"dev": "audit-dev", "prod": "audit-prod"}

    def test_services_that_nobody_has_touched_yet_are_loaded_once(self) -> None:
        # The SDK loads a service when it is first used, and half-loaded ones must not be seen by other threads.
        code = """
            import pulumi
            import pulumi_aws as aws
            from lab_support import Plan, preview_all

            class Files(pulumi.ComponentResource):
                def __init__(self, name):
                    super().__init__("lab:tests:Files", name)
                    aws.efs.FileSystem(name, opts=pulumi.ResourceOptions(parent=self))

            def program(suffix):
                aws.ec2.Vpc(f"vpc-{suffix}", cidr_block="10.0.0.0/16")
                Files(f"files-{suffix}")

            found = preview_all(program, [f"env{n}" for n in range(6)])
            print(*(len(each) if isinstance(each, Plan) else each for each in found.values()))
        """
        with python(code) as process:
            out, errors = process.communicate(timeout=120)
        assert out == "3 3 3 3 3 3\n", errors

    @pytest.mark.xfail(strict=True, reason="a pool of no threads is an error")
    def test_no_environment_has_no_plan(self) -> None:
        assert preview_all(two_streams, []) == {}


class TestAccount:
    def test_a_preview_leaves_the_account_as_it_is(self) -> None:
        account = Account()
        deploy(stream("alerts", tags={"v": "1"}), account=account)
        before = (dict(account.resources), dict(account.stacks))
        preview(stream("alerts", tags={"v": "2"}), account=account)
        preview(stream("others"), account=account)
        assert (account.resources, account.stacks) == before

    def test_a_deployment_is_remembered(self) -> None:
        account = Account()
        done = deploy(two_streams, account=account)
        assert {each.op for each in done} == {"create"}
        assert {each.logical_name for each in account.resources.values()} == {"alerts-dev", "audit-dev"}
        assert {each.op for each in deploy(two_streams, account=account)} == {"same"}

    def test_a_preview_holds_what_stays_as_it_is(self) -> None:
        account = Account()
        deploy(two_streams, account=account)
        assert {each.name: each.op for each in preview(two_streams, account=account)} == {
            "alerts-dev": "same",
            "audit-dev": "same",
        }

    def test_a_deployment_says_what_a_preview_promised(self) -> None:
        account = Account()
        promised = preview(two_streams, account=account)
        done = deploy(two_streams, account=account)
        assert {each.urn: (each.id, each.outputs) for each in done} == {
            each.urn: (each.id, each.outputs) for each in promised
        }

    def test_a_change_is_an_update(self) -> None:
        account = Account()
        deploy(stream("alerts", retention_period=24), account=account)
        changed = stream("alerts", retention_period=48)
        assert [each.op for each in preview(changed, account=account)] == ["update"]
        deploy(changed, account=account)
        (thing,) = account.resources.values()
        assert thing.values["retentionPeriod"] == 48

    def test_what_the_program_no_longer_has_is_deleted(self) -> None:
        account = Account()
        deploy(two_streams, account=account)
        deploy(lambda suffix: None, account=account)
        assert account.resources == {}

    def test_physical_names_stay_when_the_program_is_deployed_again(self) -> None:
        account = Account()
        names = {each.name: each["name"] for each in deploy(two_streams, account=account)}
        again = deploy(two_streams, account=account)
        assert {each.name: each["name"] for each in again} == names

    def test_a_second_environment_of_the_same_name_is_refused(self) -> None:
        account = Account()
        shared = database(identifier="shared-db")
        deploy(shared, "dev", account=account)
        for run in (preview, deploy):
            with pytest.raises(PreviewFailed) as caught:
                run(shared, "prod", account=account)
            (refusal,) = caught.value.diagnostics
            assert "DBInstanceAlreadyExists: DB instance already exists" in refusal.text
            assert refusal.resource == "db-prod"
        deploy(database(), "pr-1", account=account)

    def test_a_deployment_that_fails_half_way_leaves_what_was_created(self) -> None:
        account = Account()
        with pytest.raises(PreviewFailed):
            deploy(database(backup_retention_period=36), account=account)
        left = {each.logical_name for each in account.resources.values()}
        assert left == {"vpc-dev", "subnet-a-dev", "subnet-b-dev", "subnet-c-dev", "group-dev"}
        repaired = {each.name: each.op for each in deploy(database(), account=account)}
        assert repaired == {**dict.fromkeys(left, "same"), "db-dev": "create"}

    def test_a_thing_that_was_replaced_exists_under_its_new_name(self) -> None:
        account = Account()
        deploy(_named_stream("old-name"), account=account)
        deploy(_named_stream("new-name"), account=account)
        assert [each.values["name"] for each in account.resources.values()] == ["new-name"]

    def test_a_replacement_is_called_one(self) -> None:
        account = Account()
        deploy(_named_stream("old-name"), account=account)
        assert [each.op for each in preview(_named_stream("new-name"), account=account)] == ["replace"]

    def test_what_takes_its_place_has_an_id_of_its_own(self) -> None:
        def network(cidr: str) -> Program:
            return lambda suffix: aws.ec2.Vpc("vpc", cidr_block=cidr)

        account = Account()
        old = deploy(network("10.0.0.0/16"), account=account).named("vpc")
        planned = preview(network("10.1.0.0/16"), account=account).named("vpc")
        new = deploy(network("10.1.0.0/16"), account=account).named("vpc")
        assert new.id != old.id
        assert (planned.id, planned.op) == (new.id, "replace")
        assert [each.id for each in account.resources.values()] == [new.id]

    def test_destroying_it_leaves_nothing(self) -> None:
        account = Account()
        deploy(two_streams, "dev", account=account)
        deploy(two_streams, "prod", account=account)
        gone = destroy(two_streams, "dev", account=account)
        assert {(each.name, each.op) for each in gone} == {("alerts-dev", "delete"), ("audit-dev", "delete")}
        assert {each.logical_name for each in account.resources.values()} == {"alerts-prod", "audit-prod"}
        assert list(destroy(two_streams, "dev", account=account)) == []
        assert {each.op for each in deploy(two_streams, "dev", account=account)} == {"create"}

    def test_what_exists_already_can_be_looked_up(self) -> None:
        account = Account()
        made = deploy(stream("alerts"), "dev", account=account).named("alerts")

        def program(suffix: str) -> None:
            found = aws.kinesis.Stream.get("found", made.id)
            pulumi.export("arn", found.arn)

        assert preview(program, "prod", account=account).outputs == {"arn": made["arn"]}


def _named_stream(name: str) -> Callable[[str], Any]:
    return lambda suffix: aws.kinesis.Stream("alerts", name=name, shard_count=1)


def test_junk_in_the_environment_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "junk",
        "AWS_PROFILE": "no-such-profile",
        "AWS_REGION": "mars-north-1",
        "AWS_DEFAULT_REGION": "mars-north-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "PULUMI_ACCESS_TOKEN": "pul-junk",
        "PULUMI_BACKEND_URL": "https://pulumi.invalid",
        "PULUMI_CONFIG_PASSPHRASE": "somebody else's",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "/nowhere",
        "PULUMI_DEBUG_PROVIDERS": "aws:9",
        "PULUMI_HOME": "/nowhere",
        "PULUMI_STACK": "another",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    found = preview(stream("alerts-{}"), "dev")
    assert found.named("alerts-{}")["arn"] == "arn:aws:kinesis:ap-southeast-1:123456789012:stream/alerts-dev"


def test_it_is_the_file_that_was_asked_for() -> None:
    """These tests must not judge a copy of the lab that is installed elsewhere."""
    assert operations.__file__ == str(ROOT / "lab_support" / "engine" / "operations.py")
