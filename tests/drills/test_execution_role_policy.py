"""What a role that starts tasks needs: the secrets that its task definitions name are work, others are not."""

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


def naming(*places: str) -> dict[str, Any]:
    return {"name": "processor", "secrets": [{"name": "SECRET", "valueFrom": place} for place in places]}


def system(definition: Resource, *statements: dict[str, Any]) -> Plan:
    """A role that starts tasks, what it is allowed, and secrets that one key encrypts."""
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


@pytest.mark.parametrize("place", [TOKEN, f"{TOKEN}:password::", f"{TOKEN}:password:AWSCURRENT:"])
def test_reading_a_secret_that_a_container_is_given_is_work(place: str) -> None:
    plan = system(a_definition(naming(place)), allow(READ, TOKEN), allow("kms:Decrypt", KEY))
    assert excess(plan) == set()


def test_so_is_reading_the_password_that_rds_keeps() -> None:
    plan = system(a_definition(naming(MANAGED)), allow(READ, MANAGED), allow("kms:Decrypt", KEY))
    assert excess(plan) == set()


def test_so_is_reading_a_parameter() -> None:
    plan = system(a_definition(naming(PARAMETER)), allow("ssm:GetParameters", PARAMETER))
    assert excess(plan) == set()


@pytest.mark.parametrize(
    "container",
    [
        {"logConfiguration": {"secretOptions": [{"name": "TOKEN", "valueFrom": TOKEN}]}},
        {"repositoryCredentials": {"credentialsParameter": TOKEN}},
    ],
)
def test_a_secret_may_be_for_the_logs_or_the_registry(container: dict[str, Any]) -> None:
    assert excess(system(a_definition(container), allow(READ, TOKEN))) == set()


@pytest.mark.parametrize("resource", [OTHER, "*", f"{SECRETS}*"])
def test_a_secret_that_no_container_is_given_is_excess(resource: str) -> None:
    assert READ in excess(system(a_definition(naming(TOKEN)), allow(READ, resource)))


def test_using_the_key_without_a_secret_of_it_is_excess() -> None:
    assert excess(system(a_definition(naming()), allow("kms:Decrypt", KEY))) == {"kms:Decrypt"}


def test_changing_the_secret_is_excess() -> None:
    plan = system(a_definition(naming(TOKEN)), allow("secretsmanager:PutSecretValue", TOKEN))
    assert excess(plan) == {"secretsmanager:PutSecretValue"}


@pytest.mark.parametrize("written", [UNKNOWN, "not JSON", "[1]", '{"a": 1}'])
def test_definitions_that_cannot_be_read_name_no_secret(written: Any) -> None:
    plan = system(a_definition(written=written), allow(READ, TOKEN))
    assert READ in excess(plan)


def test_without_a_role_it_is_the_policy_of_aws_alone() -> None:
    plan = system(a_definition(naming(TOKEN)))
    (role,) = plan.of_type("iam.Role")
    assert (
        len(execution_role_policy(plan, role).statements) == len(execution_role_policy(plan).statements) + 2
    )
