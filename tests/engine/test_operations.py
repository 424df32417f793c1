"""A preview through the real engine: what its plan holds, and what of this machine has no effect on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine import operations
from lab_support.engine.operations import deploy, preview
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.mock_aws import data_sources
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan
from tests.programs import ROOT, database, stream, two_streams


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of a database in its network."""
    return preview(database(), "dev")


def test_a_plan_holds_what_the_program_creates_and_nothing_of_the_engine(plan: Plan) -> None:
    assert sorted(resource.name for resource in plan) == [
        "db-dev",
        "group-dev",
        "subnet-a-dev",
        "subnet-b-dev",
        "subnet-c-dev",
        "vpc-dev",
    ]
    assert {resource.op for resource in plan} == {"create"}


def test_a_plan_names_stack_project_account_and_region(plan: Plan) -> None:
    assert (plan.stack, plan.project) == ("dev", "emergency-alert")
    assert (plan.account, plan.region) == ("123456789012", "ap-southeast-1")
    assert plan.named("db-dev").urn == ("urn:pulumi:dev::emergency-alert::aws:rds/instance:Instance::db-dev")


def test_a_preview_has_the_values_that_aws_would_return_after_creation(plan: Plan) -> None:
    found = plan.named("db-dev")
    assert found["arn"] == "arn:aws:rds:ap-southeast-1:123456789012:db:db-dev"
    assert found["multi_az"] is False
    assert "multi_az" not in found.inputs


def test_an_output_built_with_apply_has_its_value(plan: Plan) -> None:
    assert plan.outputs["endpoint"] == plan.named("db-dev")["endpoint"]
    assert str(plan.outputs["endpoint"]).endswith(".ap-southeast-1.rds.amazonaws.com:5432")


def test_a_plan_knows_which_resource_a_property_refers_to(plan: Plan) -> None:
    (group,) = plan.referenced(plan.named("db-dev"), "db_subnet_group_name", aws.rds.SubnetGroup)
    assert [resource.name for resource in plan.referenced(group, "subnet_ids")] == [
        "subnet-a-dev",
        "subnet-b-dev",
        "subnet-c-dev",
    ]
    assert plan.named("db-dev").properties_from["db_subnet_group_name"] == (group.urn,)
    assert group.urn in plan.named("db-dev").depends_on


def test_a_second_preview_gives_the_same_plan(plan: Plan) -> None:
    again = preview(database(), "dev")
    assert {resource.urn: (resource.id, resource.shown()) for resource in again} == {
        resource.urn: (resource.id, resource.shown()) for resource in plan
    }
    assert again.outputs == plan.outputs


@pytest.mark.parametrize("value", [4, "four", {"list": [4]}])
def test_an_export_of_a_plain_value_is_in_the_plan(value: Any) -> None:
    assert preview(lambda suffix: pulumi.export("size", value)).outputs == {"size": value}


def test_two_environments_have_different_ids(plan: Plan) -> None:
    other = preview(database(), "prod")
    assert other.named("vpc-prod").id != plan.named("vpc-dev").id


def test_a_plan_survives_json(plan: Plan) -> None:
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_an_empty_program_has_an_empty_plan() -> None:
    assert len(preview(lambda suffix: None)) == 0


def test_a_component_is_the_parent_of_what_it_holds() -> None:
    class Network(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("lab:tests:Network", name)
            aws.sqs.Queue("inside", opts=pulumi.ResourceOptions(parent=self))

    found = preview(lambda suffix: Network(f"network-{suffix}"))
    component = found.named("network-dev")
    assert not component.is_custom
    assert found.named("inside").parent == component.urn


def test_progress_names_the_resources() -> None:
    heard: list[str] = []
    preview(two_streams, progress=heard.append)
    named = [line.rpartition(": ")[2] for line in heard]
    assert {"alerts-dev", "audit-dev"} <= set(named)


@pytest.mark.parametrize("run", [lambda p, a: preview(p, account=a), lambda p, a: deploy(p, account=a)])
def test_a_message_that_the_program_logs_is_a_diagnostic(run: Callable[..., Plan]) -> None:
    found = run(lambda suffix: pulumi.log.warn("look out"), Account())
    assert [(resource.severity, resource.text) for resource in found.diagnostics] == [("warning", "look out")]


def test_a_defect_of_the_mock_account_in_a_lookup_is_an_internal_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("the account broke")

    monkeypatch.setattr(data_sources, "look_up", broken)
    with pytest.raises(InternalError, match="the account broke"):
        preview(lambda suffix: aws.get_caller_identity())


def test_relative_paths_of_assets_start_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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


def test_an_error_names_the_path_of_a_missing_asset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def program(suffix: str) -> None:
        bucket = aws.s3.Bucket("code")
        aws.s3.BucketObject("handler", bucket=bucket.id, source=pulumi.FileAsset("app/nothing.py"))

    with pytest.raises((ProgramError, PreviewFailed), match=r"app/nothing\.py"):
        preview(program)


def test_settings_of_the_users_environment_have_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "junk",
        "AWS_PROFILE": "no-such-profile",
        "AWS_REGION": "mars-north-1",
        "AWS_DEFAULT_REGION": "mars-north-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "PULUMI_ACCESS_TOKEN": "pul-junk",
        "PULUMI_BACKEND_URL": "https://pulumi.invalid",
        "PULUMI_CONFIG_PASSPHRASE": "the user's",
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


def test_the_tests_import_the_lab_of_this_clone() -> None:
    """These tests must not judge a copy of the lab that is installed elsewhere."""
    assert operations.__file__ == str(ROOT / "lab_support" / "engine" / "operations.py")
