"""An execution role needs the secrets of its task definitions, and no others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.drills.execution_role_policy import execution_role_policy
from lab_support.drills.intruder import RoleReach, intruder
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

ROLE = "arn:aws:iam::123456789012:role/execution"
KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/1"
SECRETS = "arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:"
TOKEN, OTHER, MANAGED = f"{SECRETS}token-AbCdEf", f"{SECRETS}other-AbCdEf", f"{SECRETS}rds!db-1-AbCdEf"
PARAMETER = "arn:aws:ssm:ap-southeast-1:123456789012:parameter/alerts/level"


def a_definition(*containers: Any, written: Any = None) -> Resource:
    text = json.dumps(list(containers)) if written is None else written
    return a_resource("ecs.TaskDefinition", "tasks", execution_role_arn=ROLE, container_definitions=text)


def with_secrets(*sources: str) -> dict[str, Any]:
    return {"name": "processor", "secrets": [{"name": "SECRET", "valueFrom": source} for source in sources]}


def system(definition: Resource, *statements: dict[str, Any]) -> Plan:
    """An execution role with these permissions, and secrets that one key encrypts."""
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return a_plan(
        a_resource("kms.Key", "key", id="1", arn=KEY, key_id="1", region="ap-southeast-1"),
        a_resource("secretsmanager.Secret", "token", arn=TOKEN, kms_key_id=KEY, region="ap-southeast-1"),
        a_resource("secretsmanager.Secret", "other", arn=OTHER, kms_key_id=KEY, region="ap-southeast-1"),
        a_resource(
            "rds.Instance",
            "db",
            master_user_secret_kms_key_id=KEY,
            master_user_secrets=[{"secret_arn": MANAGED}],
            region="ap-southeast-1",
        ),
        a_resource(
            "iam.Role", "execution", id="execution", name="execution", arn=ROLE, assume_role_policy=""
        ),
        a_resource("iam.RolePolicy", "reading", role="execution", policy=document),
        definition,
    )


def allow(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def excess(plan: Plan) -> set[str]:
    (role,) = intruder(plan).roles_for("execution")
    assert isinstance(role, RoleReach)
    return {grant.action for grant in role.excess}


READ = "secretsmanager:GetSecretValue"


@pytest.mark.parametrize("source", [TOKEN, f"{TOKEN}:password::", f"{TOKEN}:password:AWSCURRENT:"])
def test_reading_a_containers_secret_is_needed(source: str) -> None:
    plan = system(a_definition(with_secrets(source)), allow(READ, TOKEN), allow("kms:Decrypt", KEY))
    assert excess(plan) == set()


def test_reading_a_containers_password_that_rds_manages_is_needed() -> None:
    plan = system(a_definition(with_secrets(MANAGED)), allow(READ, MANAGED), allow("kms:Decrypt", KEY))
    assert excess(plan) == set()


def test_reading_a_containers_parameter_is_needed() -> None:
    for source in (PARAMETER, "/alerts/level"):
        plan = system(a_definition(with_secrets(source)), allow("ssm:GetParameters", PARAMETER))
        assert excess(plan) == set()


@pytest.mark.parametrize(
    "container",
    [
        {"logConfiguration": {"secretOptions": [{"name": "TOKEN", "valueFrom": TOKEN}]}},
        {"repositoryCredentials": {"credentialsParameter": TOKEN}},
    ],
)
def test_reading_a_secret_for_the_logs_or_the_registry_is_needed(container: dict[str, Any]) -> None:
    assert excess(system(a_definition(container), allow(READ, TOKEN))) == set()


@pytest.mark.parametrize("resource", [OTHER, "*", f"{SECRETS}*"])
def test_reading_a_secret_that_no_container_uses_is_excess(resource: str) -> None:
    assert READ in excess(system(a_definition(with_secrets(TOKEN)), allow(READ, resource)))


def test_decrypting_without_a_secret_to_read_is_excess() -> None:
    assert excess(system(a_definition(with_secrets()), allow("kms:Decrypt", KEY))) == {"kms:Decrypt"}


def test_changing_the_secret_is_excess() -> None:
    plan = system(a_definition(with_secrets(TOKEN)), allow("secretsmanager:PutSecretValue", TOKEN))
    assert excess(plan) == {"secretsmanager:PutSecretValue"}


@pytest.mark.parametrize("written", [UNKNOWN, "not JSON", "[1]", '{"a": 1}'])
def test_container_definitions_that_cannot_be_parsed_have_no_secrets(written: Any) -> None:
    plan = system(a_definition(written=written), allow(READ, TOKEN))
    assert READ in excess(plan)


def test_without_a_role_the_policy_is_awss_managed_policy() -> None:
    plan = system(a_definition(with_secrets(TOKEN)))
    (role,) = plan.of_type("iam.Role")
    assert (
        len(execution_role_policy(plan, role).statements) == len(execution_role_policy(plan).statements) + 2
    )
