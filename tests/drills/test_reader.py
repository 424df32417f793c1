"""The reader drill: where read-only access shows a secret, and where it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.drills.reader import REQUESTS, Place, reader
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.managed_policies import managed_policy
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.resource import Resource
from tests.drills.test_secret_values import SECRET, URL
from tests.plans import a_plan, a_resource

ACCOUNT = "123456789012"
SECRET_ARN = f"arn:aws:secretsmanager:ap-southeast-1:{ACCOUNT}:secret:login-AbCdEf"


def a_database(**more: Any) -> Resource:
    return a_resource(
        "rds.Instance", "db", **{"password": SECRET, "secrets": frozenset({"password"}), **more}
    )


def a_definition(*containers: dict[str, Any], **more: Any) -> Resource:
    return a_resource("ecs.TaskDefinition", "task", container_definitions=json.dumps(containers), **more)


def with_variable(value: str, **more: Any) -> Resource:
    return a_definition({"name": "c", "environment": [{"name": "URL", "value": value}]}, **more)


def seen(*resources: Resource, **more: Any) -> list[tuple[str, str]]:
    (secret,) = reader(a_plan(a_database(), *resources, **more)).secrets
    return [(sight.place.name, sight.where) for sight in secret.seen]


@pytest.mark.parametrize("action", sorted({*REQUESTS.values()}))
def test_read_only_access_includes_what_the_reader_does(action: str) -> None:
    assert _reads(action)


@pytest.mark.parametrize("action", ["secretsmanager:GetSecretValue", "kms:Decrypt"])
def test_read_only_access_includes_no_secret(action: str) -> None:
    assert not _reads(action)


def _reads(action: str) -> bool:
    policy = managed_policy("arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert policy is not None
    policies = Policies(f"arn:aws:iam::{ACCOUNT}:role/r", (NamedPolicy("read", policy),))
    return decide(AccessRequest(action, f"arn:aws:any:ap-southeast-1:{ACCOUNT}:any"), policies).allowed


def test_the_password_of_a_database_is_kept_in_the_state_and_in_the_account() -> None:
    reading = reader(a_plan(a_database()))
    (secret,) = reading.secrets
    assert reading.holds
    assert [(sight.place, sight.what) for sight in secret.sealed] == [
        (Place.STATE, "password"),
        (Place.AWS, "password"),
    ]


def test_a_variable_of_a_container_is_seen_in_the_state_and_in_the_account() -> None:
    (secret,) = reader(a_plan(a_database(), with_variable(URL))).secrets
    what = "container_definitions, c, environment, URL, value"
    assert [(sight.place, sight.what, sight.request) for sight in secret.seen] == [
        (Place.STATE, what, "pulumi stack export"),
        (Place.AWS, what, "ecs:DescribeTaskDefinition"),
    ]


def test_what_is_seen_is_said_by_resource() -> None:
    (secret,) = reader(a_plan(a_database(), with_variable(URL), outputs={"url": URL})).secrets
    assert secret.seen_at == {
        "task": "the state file and the AWS account, in container_definitions › c › environment › URL › value",
        "url": "the stack's exports and the deployment's log, in url",
    }


def test_a_mark_as_secret_seals_the_state_only() -> None:
    marked = with_variable(URL, secrets=frozenset({"container_definitions"}))
    assert seen(marked) == [("AWS", "task")]


def test_an_output_of_the_stack_is_seen_in_the_log_too_unless_it_is_secret() -> None:
    outputs = {"database": {"url": URL}}
    assert seen(outputs=outputs) == [("EXPORTS", "database"), ("LOG", "database")]
    assert seen(outputs=outputs, output_secrets=frozenset({"database"})) == []


def test_a_message_of_the_deployment_is_seen() -> None:
    assert seen(diagnostics=(Diagnostic("info", f"connecting to {URL}"),)) == [("LOG", "the program")]


def test_what_the_program_prints_is_seen_once() -> None:
    assert seen(printed=f"connecting\nto {URL}\nto {URL}\n") == [("LOG", "the program")]


@pytest.mark.parametrize(
    "resource",
    [
        a_definition({"name": "c", "command": ["--password", SECRET]}),
        a_definition({"name": "c", "dockerLabels": {"login": SECRET}}),
        a_resource("sqs.Queue", "queue", tags={"Password": SECRET}),
        a_resource("ssm.Parameter", "parameter", type="String", value=SECRET),
        a_resource("s3.BucketObjectv2", "object", content=URL),
        a_resource("lambda.Function", "function", environment={"variables": {"P": SECRET}}),
        a_resource("appconfig.HostedConfigurationVersion", "version", content=URL),
    ],
    ids=lambda resource: resource.kind,
)
def test_other_settings_that_aws_shows(resource: Resource) -> None:
    assert ("AWS", resource.name) in seen(resource)


@pytest.mark.parametrize(
    "resource",
    [
        a_resource("ssm.Parameter", "p", type="SecureString", value=SECRET),
        a_resource("secretsmanager.SecretVersion", "v", secret_string=URL),
        a_resource("s3.BucketObjectv2", "o", content=URL, kms_key_id="key"),
        a_resource("lambda.Function", "f", environment={"variables": {"P": SECRET}}, kms_key_arn="key"),
    ],
    ids=lambda resource: resource.kind,
)
def test_settings_that_aws_keeps_from_those_who_may_not_decrypt(resource: Resource) -> None:
    assert ("AWS", resource.name) not in seen(resource)


def test_an_object_is_sealed_by_the_encryption_of_its_bucket() -> None:
    bucket = a_resource("s3.Bucket", "bucket", id="bucket")
    rules = [{"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"}}]
    kind = "s3.BucketServerSideEncryptionConfiguration"
    encryption = a_resource(kind, "encryption", bucket="bucket", rules=rules)
    an_object = a_resource("s3.BucketObjectv2", "object", bucket="bucket", content=URL)
    assert ("AWS", "object") in seen(bucket, an_object)
    assert ("AWS", "object") not in seen(bucket, an_object, encryption)


def test_a_hosted_configuration_is_sealed_by_the_key_of_its_profile() -> None:
    profile = a_resource("appconfig.ConfigurationProfile", "profile", id="p", kms_key_identifier="key")
    version = a_resource(
        "appconfig.HostedConfigurationVersion", "version", configuration_profile_id="p", content=URL
    )
    assert ("AWS", "version") not in seen(profile, version)


@pytest.mark.parametrize(
    ("principal", "is_seen"),
    [
        ("*", True),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, False),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/t"}, False),
    ],
    ids=str,
)
def test_a_secrets_own_policy_may_let_everyone_in(principal: Any, is_seen: bool) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    secret = a_resource("secretsmanager.Secret", "login", id=SECRET_ARN, arn=SECRET_ARN)
    version = a_resource(
        "secretsmanager.SecretVersion",
        "version",
        secret_id=SECRET_ARN,
        secret_string=SECRET,
        secrets=frozenset({"secret_string"}),
    )
    policy = a_resource(
        "secretsmanager.SecretPolicy", "policy", secret_arn=SECRET_ARN, policy={"Statement": [statement]}
    )
    assert (("AWS", "version") in seen(secret, version, policy)) is is_seen


def test_a_password_that_rds_makes_up_is_no_secret_of_the_plan() -> None:
    reading = reader(a_plan(a_resource("rds.Instance", "db", manage_master_user_password=True)))
    assert (reading.secrets, reading.managed, reading.holds) == ((), ("db",), True)
