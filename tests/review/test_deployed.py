"""Exports of stacks and previews by Pulumi, in any language: what is read, what is sealed, what is refused.

The states are written as Pulumi's CLI writes them: developer-docs/architecture/deployment-schema.md in pulumi/pulumi.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from lab_support.plan.values import UNKNOWN
from lab_support.review.deployed import InvalidDeployment, is_json_object, read_deployment
from lab_support.review.findings import Review
from lab_support.review.program import review_deployment

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
STACK = "pulumi:pulumi:Stack"
DATABASE = "aws:rds/instance:Instance"
PROVIDER = "urn:pulumi:prod::shop::pulumi:providers:aws::default_6_50_0"

# A database as each language's program makes it: the type with its parents, and the logical name.
BY_LANGUAGE = {
    "typescript": (f"awsx:ec2:Vpc$acme:data:Store${DATABASE}", "orders-db"),
    "go": (f"acme:index:Data${DATABASE}", "ordersDb"),
    "yaml": (DATABASE, "orders"),
    "java": (f"com.acme:infra:Orders${DATABASE}", "orders::db"),
    "csharp": (f"Acme:Infra:Orders${DATABASE}", "Orders.Db"),
    "python": (f"acme:Data${DATABASE}", "orders_db"),
}


def urn(qualified: str, name: str) -> str:
    return f"urn:pulumi:prod::shop::{qualified}::{name}"


def state(qualified: str, name: str, inputs: Mapping[str, Any] = {}, **more: Any) -> dict[str, Any]:
    """A custom resource; its outputs are its inputs and `outputs`."""
    outputs = {
        **{key: value for key, value in inputs.items() if key != "__defaults"},
        **more.pop("outputs", {}),
    }
    return {
        "urn": urn(qualified, name),
        "custom": True,
        "id": f"{name}-id",
        "type": qualified.rpartition("$")[2],
        "inputs": dict(inputs),
        "outputs": outputs,
        "provider": f"{PROVIDER}::0a1b",
        **more,
    }


def export(*states: dict[str, Any], **deployment: Any) -> bytes:
    stack = {"urn": urn(STACK, "shop-prod"), "custom": False, "type": STACK}
    provider = {
        "urn": PROVIDER,
        "custom": True,
        "id": "0a1b",
        "type": "pulumi:providers:aws",
        "inputs": {"region": "eu-west-1"},
        "outputs": {"region": "eu-west-1"},
    }
    resources = [stack, provider, *states]
    return json.dumps(
        {"version": 3, "deployment": {"manifest": {}, "resources": resources, **deployment}}, indent=4
    ).encode()


def preview(*states: dict[str, Any], **more: Any) -> bytes:
    steps = [{"op": "create", "urn": one["urn"], "newState": one} for one in states]
    return json.dumps({"config": {"aws:region": "eu-west-1"}, "steps": steps, **more}).encode()


def review(content: bytes) -> Review:
    return review_deployment(content, "state.json")[0]


def database(**inputs: Any) -> dict[str, Any]:
    return state(DATABASE, "db", {"engine": "postgres", "storageEncrypted": True, "multiAz": True, **inputs})


@pytest.mark.parametrize("language", BY_LANGUAGE)
@pytest.mark.parametrize("written", [export, preview], ids=["export", "preview"])
def test_the_rules_are_the_same_for_every_language(language: str, written: Any) -> None:
    qualified, name = BY_LANGUAGE[language]
    flawed = state(qualified, name, {"engine": "postgres", "multiAz": False, "storageEncrypted": True})
    found = review(written(flawed))
    assert [(finding.id, finding.resource, finding.urn) for finding in found.findings] == [
        ("SINGLE-ZONE", name, urn(qualified, name))
    ]
    assert found.resources == 1
    assert found.findings[0].source is None


def test_a_backends_state_file_is_read_like_an_export() -> None:
    deployment = json.loads(export(database(multiAz=False)))["deployment"]
    checkpoint = json.dumps(
        {"version": 3, "checkpoint": {"stack": "organization/shop/prod", "latest": deployment}}
    )
    assert [finding.id for finding in review(checkpoint.encode()).findings] == ["SINGLE-ZONE"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_export_may_have_any_encoding_that_a_shell_writes(encoding: str) -> None:
    content = export(database()).decode().encode(encoding)
    assert is_json_object(content)
    assert len(read_deployment(content, "state.json").plan) == 1


def test_the_stack_the_region_and_the_account_are_those_of_the_export() -> None:
    arn = "arn:aws:rds:eu-west-1:210987654321:db:orders"
    plan = read_deployment(export({**database(), "outputs": {"arn": arn}}), "state.json").plan
    assert (plan.stack, plan.project, plan.region, plan.account) == (
        "prod",
        "shop",
        "eu-west-1",
        "210987654321",
    )


def test_a_resource_is_in_the_region_of_its_provider() -> None:
    west = "urn:pulumi:prod::shop::pulumi:providers:aws::west"
    provider = {
        "urn": west,
        "custom": True,
        "id": "9",
        "type": "pulumi:providers:aws",
        "inputs": {"region": "us-west-2"},
    }
    own, other = database(), {**state(DATABASE, "copy"), "provider": f"{west}::9"}
    plan = read_deployment(export(provider, own, other), "state.json").plan
    assert plan.region == "eu-west-1"
    assert (plan.named("db").get("region"), plan.named("copy").get("region")) == ("eu-west-1", "us-west-2")


@pytest.mark.parametrize("form", ["ciphertext", "plaintext"])
def test_secrets_are_unknown_to_the_rules_and_never_printed(form: str) -> None:
    sealed = {SIGNATURE: SECRET, form: json.dumps("hunter2")}
    role = state(
        "aws:iam/role:Role", "r", {"inlinePolicies": [{"name": "p", "policy": sealed}], "tags": {"t": sealed}}
    )
    content = export(database(password=sealed, storageEncrypted=sealed), role)
    plan = read_deployment(content, "state.json").plan
    assert plan.named("db")["password"] is UNKNOWN
    assert plan.named("r")["inline_policies"][0]["policy"] is UNKNOWN
    found = review(content)
    assert {(undecided.id, undecided.resource) for undecided in found.unknown} >= {("EXCESS-PRIVILEGE", "r")}
    assert "hunter2" not in repr(plan.to_json()) + repr(found)


def test_a_policy_that_is_a_secret_is_unknown_because_it_is_sealed() -> None:
    sealed = {SIGNATURE: SECRET, "ciphertext": "AAAB"}
    policy = state("aws:iam/policy:Policy", "access", {"policy": sealed}, outputs={"policy": sealed})
    reasons = [
        undecided.why for undecided in review(export(policy)).unknown if undecided.resource == "access"
    ]
    assert reasons == ["its document is a secret, which stays sealed"]


def test_what_is_unknown_in_a_preview_is_unknown_to_the_rules() -> None:
    content = preview(database(multiAz=UNKNOWN_VALUE))
    found = review(content)
    assert found.findings == ()
    assert ("SINGLE-ZONE", "db") in {(undecided.id, undecided.resource) for undecided in found.unknown}


def test_what_the_provider_reads_back_into_a_role_is_judged_once_where_it_is_written() -> None:
    allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}'
    role = state(
        "aws:iam/role:Role",
        "r",
        {"assumeRolePolicy": "{}"},
        outputs={"name": "r-1", "inlinePolicies": [{"name": "p", "policy": allow}]},
    )
    policy = state("aws:iam/rolePolicy:RolePolicy", "p", {"role": "r-1", "policy": allow})
    assert [finding.resource for finding in review(export(role, policy)).findings] == ["p"]


def test_what_will_be_deleted_is_left_out_and_what_is_only_read_is_not_judged() -> None:
    flawed = {"engine": "postgres", "multiAz": False, "storageEncrypted": True}
    states = [state(DATABASE, name, flawed) for name in ("old", "gone", "elsewhere")]
    extras = ({"delete": True}, {"pendingReplacement": True}, {"external": True})
    marked = [{**one, **extra} for one, extra in zip(states, extras, strict=True)]
    found = review(export(database(), *marked))
    assert (found.findings, found.resources) == ((), 2)


def test_resources_of_other_packages_are_named_and_not_reviewed() -> None:
    others = [
        state("aws-native:kinesis:Stream", "native"),
        state("kubernetes:core/v1:Secret", "k8s"),
        state("kubernetes:core/v1:ConfigMap", "map"),
        state("pulumi:pulumi:StackReference", "other"),
    ]
    found = review(export(*others))
    assert (found.findings, found.resources) == ((), 0)
    (note,) = found.notes
    assert "1 of aws-native, 2 of kubernetes" in note


def test_dynamic_resources_are_named_as_what_they_are() -> None:
    row = state("pulumi-nodejs:dynamic:Resource", "row", {"__provider": "exports.handler = () => 1"})
    (note,) = review(export(database(), row)).notes
    assert "1 of a dynamic provider" in note


@pytest.mark.parametrize("written", [export, preview], ids=["export", "preview"])
def test_a_topic_of_which_no_policy_is_shown_has_the_one_that_sns_gives_it(written: Any) -> None:
    arn = "arn:aws:sns:eu-west-1:111122223333:pager"
    topic = state("aws:sns/topic:Topic", "pager", {"name": "pager"}, outputs={"arn": arn})
    alarm = state(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "lag",
        {
            "namespace": "AWS/Kinesis",
            "metricName": "GetRecords.IteratorAgeMilliseconds",
            "dimensions": {"StreamName": "alerts"},
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 1,
            "period": 60,
            "statistic": "Maximum",
            "threshold": 60000,
            "alarmActions": [arn],
        },
    )
    assert [finding.id for finding in review(written(topic, alarm)).findings] == []


def test_an_interrupted_update_is_noted() -> None:
    pending = [{"type": "creating", "resource": state(DATABASE, "half")}]
    (note,) = review(export(database(), pending_operations=pending)).notes
    assert "half" in note


def test_a_preview_that_failed_halfway_is_noted() -> None:
    failed = [{"severity": "error", "message": "error: no\n  credentials"}]
    (note,) = review(preview(database(), diagnostics=failed)).notes
    assert "error: no credentials" in note


def named(logical_name: str, /, **inputs: Any) -> dict[str, Any]:
    return state("aws:iam/role:Role", logical_name, {"assumeRolePolicy": "{}", **inputs})


def test_a_name_without_the_stack_is_a_question_where_others_have_it() -> None:
    found = review(export(named("a-prod", name="shop-prod"), named("b", name="shop-deployer")))
    (undecided,) = (undecided for undecided in found.unknown if undecided.resource)
    assert (undecided.id, undecided.resource) == ("NAME-COLLISION", "b")
    assert "'shop-deployer'" in undecided.why


def test_a_logical_name_against_the_convention_is_a_question() -> None:
    others = [named(f"{letter}-prod", name=f"{letter}-1", __defaults=["name"]) for letter in "abcde"]
    found = review(export(*others, named("fixed", name="fixed-0a1b2c3", __defaults=["name"])))
    assert [undecided.resource for undecided in found.unknown if undecided.resource] == ["fixed"]


def test_names_without_a_pattern_are_one_question_about_the_program() -> None:
    found = review(export(named("a", name="a"), named("b", name="b")))
    assert [(undecided.id, undecided.resource) for undecided in found.unknown] == [("NAME-COLLISION", "")]


def test_the_lines_are_those_of_the_urns() -> None:
    content = export(database(), state(DATABASE, "orders::db"))
    lines = content.decode().splitlines()
    for name, line in read_deployment(content, "state.json").lines.items():
        assert json.dumps(name) in lines[line - 1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{}", "other JSON"),
        ("[1]", "other JSON"),
        ('{"terraform_version": "1.9.0", "resources": []}', "Terraform"),
        ('{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', "CloudFormation"),
        ('{"resources": [], "outputs": {}, "mocked_packages": []}', "lab preview --json"),
        ('{"version": 3, "deployment": {"manifest": {}}}', "has no resources"),
        ('{"version": 3, "deployment": null}', "has no resources"),
        ('{"version": 3, "deployment": {"resources": [{"id": "x"}]}}', "malformed"),
        ('{"steps": [{"newState": {"custom": true}}]}', "not a complete preview"),
        ('{"diagnostics": [{"severity": "error", "message": "boom"}], "changeSummary": {}}', "failed: boom"),
        ('{"version": 3,', "line 1"),
        ('{"sequence": 0}\n{"sequence": 1}', "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"),
        ("hello", "not valid JSON"),
    ],
)
def test_anything_else_is_refused_with_what_it_is(content: str, words: str) -> None:
    with pytest.raises(InvalidDeployment, match=words):
        read_deployment(content.encode(), "it.json")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("type", 3),
        ("id", []),
        ("inputs", "x"),
        ("outputs", ["x"]),
        ("dependencies", True),
        ("propertyDependencies", {"engine": True}),
        ("inputs", {"__defaults": [{}]}),
    ],
)
@pytest.mark.parametrize("written", [export, preview], ids=["export", "preview"])
def test_a_malformed_resource_is_refused(part: str, value: Any, written: Any) -> None:
    with pytest.raises(InvalidDeployment):
        read_deployment(written({**database(), part: value}), "state.json")


@pytest.mark.parametrize("actions", [5, {"a": 1}, [[5]], "arn"])
def test_a_value_of_another_kind_than_its_property_has_leaves_only_its_rule_undecided(actions: Any) -> None:
    alarm = state("aws:cloudwatch/metricAlarm:MetricAlarm", "a", {"alarmActions": actions, "dimensions": [1]})
    single = state(DATABASE, "d", {"engine": "postgres", "multiAz": False})
    review, _ = review_deployment(export(single, alarm), "state.json")
    assert "SINGLE-ZONE" in [finding.id for finding in review.findings]
    if actions == 5:
        assert "does not have the type of its property" in str(review.unknown)


def test_values_that_are_nested_too_deeply_are_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(800):
        deep = {"a": deep}
    with pytest.raises(InvalidDeployment, match="nested too deeply"):
        review_deployment(export(state("aws:sqs/queue:Queue", "q", deep)), "state.json")


def test_an_empty_stack_is_named() -> None:
    with pytest.raises(InvalidDeployment, match="stack prod of the project shop"):
        read_deployment(export(), "state.json")


@pytest.mark.parametrize(("text", "expected"), [("import json\n", False), ("\ufeff {", True), ("", False)])
def test_a_program_is_not_taken_for_an_export(text: str, expected: bool) -> None:
    assert is_json_object(text.encode()) is expected
