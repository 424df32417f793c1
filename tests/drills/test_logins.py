"""The login drill: how a task gets the login to the database, and what keeps it from it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lab_support.drills.intruder import intruder
from lab_support.drills.logins import Login, beyond_login, logins
from lab_support.plan.resource import Resource
from tests.drills.test_secret_values import SECRET, URL
from tests.plans import a_plan, a_resource
from tests.review.test_locked_out import ACCOUNT, KEY, REGION, a_key, allow, document, trust

ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:login-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/login"
READ, DECRYPT = "secretsmanager:GetSecretValue", "kms:Decrypt"
INJECTED = {"secrets": [{"name": "P", "valueFrom": ARN}]}


def a_database(**more: Any) -> Resource:
    return a_resource("rds.Instance", "db", **{"password": SECRET, "resource_id": "db-X", **more})


def a_secret(value: str = URL, **more: Any) -> tuple[Resource, ...]:
    secret = a_resource("secretsmanager.Secret", "secret", id=ARN, arn=ARN, name="login", **more)
    return secret, a_resource("secretsmanager.SecretVersion", "version", secret_id=ARN, secret_string=value)


def a_parameter(kind: str = "SecureString") -> Resource:
    return a_resource("ssm.Parameter", "parameter", arn=PARAMETER, name="/login", type=kind, value=URL)


def a_role(name: str, *statements: dict[str, Any]) -> tuple[Resource, ...]:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    trusted = trust("ecs-tasks.amazonaws.com")
    role = a_resource("iam.Role", name, id=name, name=name, arn=arn, assume_role_policy=trusted)
    return role, a_resource("iam.RolePolicy", f"{name}-policy", role=name, policy=document(*statements))


def a_task(
    container: dict[str, Any],
    execution: list[dict[str, Any]] | None = None,
    task: list[dict[str, Any]] | None = None,
) -> tuple[Resource, ...]:
    definition = a_resource(
        "ecs.TaskDefinition",
        "definition",
        container_definitions=json.dumps([{"name": "c", **container}]),
        execution_role_arn=f"arn:aws:iam::{ACCOUNT}:role/execution",
        task_role_arn=f"arn:aws:iam::{ACCOUNT}:role/task",
    )
    roles = (*a_role("execution", *execution or ()), *a_role("task", *task or ()))
    return (*roles, definition)


def the_login(*resources: Resource) -> Login:
    (login,) = logins(a_plan(*resources)).tasks
    return login


def variable(value: str) -> dict[str, Any]:
    return {"environment": [{"name": "V", "value": value}]}


def test_ecs_injects_a_secret_with_the_execution_role() -> None:
    assert the_login(a_database(), *a_secret(), *a_task(INJECTED, [allow(READ, ARN)])).works
    for elsewhere in ([], [allow(READ, f"{ARN}-2")]):
        login = the_login(a_database(), *a_secret(), *a_task(INJECTED, elsewhere, [allow(READ, ARN)]))
        assert login.problem == "execution is not allowed secretsmanager:GetSecretValue on login"


def test_a_key_that_encrypts_the_secret_takes_a_second_permission() -> None:
    secret = a_secret(kms_key_id=KEY)
    both = [allow(READ, ARN), allow(DECRYPT, KEY)]
    assert the_login(a_database(), a_key(), *secret, *a_task(INJECTED, both)).works
    login = the_login(a_database(), a_key(), *secret, *a_task(INJECTED, both[:1]))
    assert login.problem == "execution is not allowed kms:Decrypt on key, the key of login"


@pytest.mark.parametrize(
    ("value", "field", "works"),
    [
        (json.dumps({"password": SECRET}), "password", True),
        (json.dumps({"password": SECRET, "user": "x"}), "user", False),
        (json.dumps({"url": URL}), "url", True),
        (json.dumps({"url": URL}), "password", False),
        (URL, "password", False),
        (json.dumps({"password": SECRET}), "", True),
    ],
)
def test_a_json_key_must_have_the_password(value: str, field: str, works: bool) -> None:
    container = {"secrets": [{"name": "P", "valueFrom": f"{ARN}:{field}::"}]}
    task = a_task(container, [allow(READ, ARN)])
    assert the_login(a_database(), *a_secret(value), *task).works is works


@pytest.mark.parametrize(
    ("rest", "works"),
    [(":password::", True), (":password:AWSCURRENT:", True), (":password", False), (":password:", False)],
)
def test_ecs_reads_a_json_key_only_with_all_colons(rest: str, works: bool) -> None:
    container = {"secrets": [{"name": "P", "valueFrom": ARN + rest}]}
    secret = a_secret(json.dumps({"password": SECRET}))
    assert the_login(a_database(), *secret, *a_task(container, [allow(READ, ARN)])).works is works


def test_a_secret_that_has_another_password_or_none_is_no_login() -> None:
    task = a_task(INJECTED, [allow(READ, ARN)])
    assert not the_login(a_database(), *a_secret("another password"), *task).works
    assert not the_login(a_database(), a_secret()[0], *task).works


@pytest.mark.parametrize(
    ("field", "works"), [("password", True), ("", True), ("username", False), ("url", False)]
)
def test_the_secret_of_rds_has_a_user_name_and_a_password(field: str, works: bool) -> None:
    managed = {"password": None, "master_user_secrets": [{"secret_arn": ARN}]}
    container = {"secrets": [{"name": "P", "valueFrom": f"{ARN}:{field}::"}]}
    assert the_login(a_database(**managed), *a_task(container, [allow(READ, ARN)])).works is works


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        ([], "execution is not allowed secretsmanager:GetSecretValue on login"),
        ([allow(READ, ARN)], "execution is not allowed kms:Decrypt on key, the key of login"),
        ([allow(READ, ARN), allow(DECRYPT, KEY)], ""),
    ],
    ids=["none", "no key", "both"],
)
@pytest.mark.parametrize("fields", [("user", "password"), ("password", "user")])
def test_what_is_refused_is_named_wherever_the_user_name_stands(
    statements: list[dict[str, Any]], problem: str, fields: tuple[str, ...]
) -> None:
    secret = a_secret(json.dumps({"user": "x", "password": SECRET}), kms_key_id=KEY)
    container = {"secrets": [{"name": field, "valueFrom": f"{ARN}:{field}::"} for field in fields]}
    assert the_login(a_database(), a_key(), *secret, *a_task(container, statements)).problem == problem


def test_a_password_from_a_secret_that_the_role_may_not_read_is_named_beside_a_user_name() -> None:
    guess = ARN.replace("login", "guess")
    sources = (f"{ARN}:user::", f"{guess}:password::")
    container = {"secrets": [{"name": "P", "valueFrom": source} for source in sources]}
    secret = a_secret(json.dumps({"user": "x", "password": SECRET}))
    login = the_login(a_database(), *secret, *a_task(container, [allow(READ, ARN)]))
    assert login.problem == f"AWS refuses secretsmanager:GetSecretValue on {guess} when it starts"
    login = the_login(a_database(), *secret, *a_task(container, [allow(READ, "*")]))
    assert login.problem == "user of login is not the password"


def test_a_task_does_not_start_if_ecs_cannot_inject_everything() -> None:
    container = {"secrets": [{"name": "U", "valueFrom": f"{ARN}:nobody::"}], **variable(ARN)}
    secret = a_secret(json.dumps({"password": SECRET}))
    login = the_login(a_database(), *secret, *a_task(container, [allow(READ, ARN)], [allow(READ, ARN)]))
    assert login.problem == "login has no JSON key nobody"


@pytest.mark.parametrize(
    ("rest", "problem"),
    [
        (":password:AWSCURRENT:", ""),
        (":password:blue:", ""),
        (":password::terraform-1", ""),
        (":password:AWSCURRENT:terraform-1", ""),
        (":password:AWSPREVIOUS:", "login has no version with the stage AWSPREVIOUS"),
        (":password:LATEST:", "login has no version with the stage LATEST"),
        (":password::v1", "login has no version v1 that this program knows of"),
    ],
)
def test_a_version_must_be_one_that_the_secret_has(rest: str, problem: str) -> None:
    container = {"secrets": [{"name": "P", "valueFrom": ARN + rest}]}
    secret, version = a_secret(json.dumps({"password": SECRET}))
    stages = {"version_id": "terraform-1", "version_stages": ["AWSCURRENT", "blue"]}
    version = replace(version, outputs={**version.outputs, **stages})
    login = the_login(a_database(), secret, version, *a_task(container, [allow(READ, ARN)]))
    assert login.problem == problem


@pytest.mark.parametrize(
    ("rest", "works"),
    [("AWSCURRENT:", True), ("AWSPENDING:", False), ("AWSPREVIOUS:", False), (":terraform-1", False)],
)
def test_a_secret_of_rds_has_a_current_version_only(rest: str, works: bool) -> None:
    managed = {"password": None, "master_user_secrets": [{"secret_arn": ARN}]}
    container = {"secrets": [{"name": "P", "valueFrom": f"{ARN}:password:{rest}"}]}
    assert the_login(a_database(**managed), *a_task(container, [allow(READ, ARN)])).works is works


MANAGED = ARN.replace("login", "rds!db-1")
DATABASE = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:alerts-test"
OWN_DATABASE = {"StringEquals": {"secretsmanager:ResourceTag/aws:rds:primaryDBInstanceArn": DATABASE}}


@pytest.mark.parametrize(
    ("resource", "condition", "works", "exceeds"),
    [
        (MANAGED, OWN_DATABASE, True, False),
        ("*", OWN_DATABASE, True, False),
        ("*", {"ArnEquals": {"aws:ResourceTag/aws:rds:primaryDBInstanceArn": DATABASE}}, True, False),
        ("*", {"StringLike": {"aws:ResourceTag/aws:rds:primaryDBInstanceArn": "*:db:alerts-*"}}, True, True),
        (
            MANAGED.replace("1-AbCdEf", "*"),
            {"StringLike": {"aws:ResourceTag/aws:rds:primaryDBInstanceArn": "*:db:alerts-*"}},
            True,
            True,
        ),
        ("*", {"StringEquals": {"aws:ResourceTag/aws:rds:primaryDBClusterArn": DATABASE}}, False, True),
        (MANAGED, {"StringEquals": {"aws:ResourceTag/aws:secretsmanager:owningService": "rds"}}, True, False),
        ("*", {"StringEquals": {"aws:ResourceTag/aws:secretsmanager:owningService": "rds"}}, True, True),
        (MANAGED, {"StringEquals": {"aws:ResourceTag/Environment": "test"}}, False, False),
    ],
    ids=str,
)
def test_the_secret_of_rds_has_the_tags_of_rds(
    resource: str, condition: dict[str, Any], works: bool, exceeds: bool
) -> None:
    database = a_database(password=None, arn=DATABASE, master_user_secrets=[{"secret_arn": MANAGED}])
    container = {"secrets": [{"name": "P", "valueFrom": f"{MANAGED}:password::"}]}
    plan = a_plan(database, *a_task(container, [allow(READ, resource, Condition=condition)]), stack="test")
    assert logins(plan).works is works
    assert any(what for role in intruder(plan).roles for what in beyond_login(plan, role).values()) is exceeds


@pytest.mark.parametrize(("tag", "works"), [("test", True), ("prod", False)])
def test_a_secret_of_the_program_has_its_tags(tag: str, works: bool) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/Environment": tag}}
    task = a_task(INJECTED, [allow(READ, ARN, Condition=condition)])
    assert the_login(a_database(), *a_secret(tags={"Environment": "test"}), *task).works is works


@pytest.mark.parametrize("value_from", [PARAMETER, "/login"])
def test_a_parameter_is_found_by_arn_and_by_name(value_from: str) -> None:
    container = {"secrets": [{"name": "P", "valueFrom": value_from}]}
    assert the_login(
        a_database(), a_parameter(), *a_task(container, [allow("ssm:GetParameters", PARAMETER)])
    ).works
    assert not the_login(
        a_database(), a_parameter(), *a_task(container, [allow("ssm:GetParameter", PARAMETER)])
    ).works


@pytest.mark.parametrize("value", [ARN, "login", f"{ARN}:password"])
def test_code_in_the_task_reads_a_secret_with_the_task_role(value: str) -> None:
    assert the_login(a_database(), *a_secret(), *a_task(variable(value), task=[allow(READ, ARN)])).works
    login = the_login(a_database(), *a_secret(), *a_task(variable(value), [allow(READ, ARN)]))
    assert login.problem == "task is not allowed secretsmanager:GetSecretValue on login"


USER = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-X"


@pytest.mark.parametrize(
    ("resource", "works"),
    [(f"{USER}/processor", True), (f"{USER}/*", True), ("*", True), (f"{USER}-2/processor", False)],
)
def test_iam_authentication_takes_a_user_of_this_database(resource: str, works: bool) -> None:
    task = a_task({}, task=[allow("rds-db:connect", resource)])
    assert the_login(a_database(iam_database_authentication_enabled=True), *task).works is works
    assert not the_login(a_database(), *task).works


HOST = "db.rds.example"


def environment(**variables: str) -> dict[str, Any]:
    return {"environment": [{"name": name, "value": value} for name, value in variables.items()]}


@pytest.mark.parametrize(
    ("container", "user"),
    [
        (environment(URL=f"postgresql://admin@{HOST}:5432/alerts?sslmode=require"), "admin"),
        (environment(URL=f"postgresql://admin:@{HOST}/alerts", PGUSER="processor"), "admin"),
        (environment(URL=f"postgresql://Processor@{HOST}/alerts"), "Processor"),
        (environment(URL=f"postgresql://alert%5Fadmin@{HOST}/alerts"), "alert_admin"),
        (environment(URL=f"jdbc:postgresql://{HOST}/alerts?user=admin&sslmode=require"), "admin"),
        (environment(DSN=f"host={HOST} user=admin dbname=alerts"), "admin"),
        (environment(PGHOST=HOST, PGUSER="admin"), "admin"),
        (environment(DB_HOST=HOST, DB_USERNAME="admin"), "admin"),
        ({"command": ["sh", "-c", f"psql postgresql://admin@{HOST}/alerts"]}, "admin"),
    ],
    ids=str,
)
def test_the_user_that_the_task_signs_in_as_is_the_one_in_the_policy(
    container: dict[str, Any], user: str
) -> None:
    database = a_database(iam_database_authentication_enabled=True, endpoint=f"{HOST}:5432")
    for allowed in (user, "*", user[:3] + "*"):
        assert the_login(
            database, *a_task(container, task=[allow("rds-db:connect", f"{USER}/{allowed}")])
        ).works
    login = the_login(database, *a_task(container, task=[allow("rds-db:connect", f"{USER}/processor")]))
    assert f"signs in as {user}, " in login.problem


@pytest.mark.parametrize(
    "container",
    [
        environment(URL=f"postgresql://{HOST}/alerts"),
        environment(URL="postgresql://admin@another.example/alerts"),
        environment(URL=f"postgresql://processor@{HOST}/alerts", OLD=f"postgresql://admin@{HOST}/alerts"),
        environment(APP_USER="admin"),
    ],
    ids=str,
)
def test_a_user_of_the_policy_will_do_where_the_task_may_sign_in_as_it(container: dict[str, Any]) -> None:
    database = a_database(iam_database_authentication_enabled=True, endpoint=f"{HOST}:5432")
    assert the_login(database, *a_task(container, task=[allow("rds-db:connect", f"{USER}/processor")])).works


@pytest.mark.parametrize(("role", "works"), [("execution", True), ("task", False)])
def test_a_secrets_own_policy_may_let_the_role_in(role: str, works: bool) -> None:
    policy = a_resource(
        "secretsmanager.SecretPolicy",
        "secret-policy",
        secret_arn=ARN,
        policy=document(allow(READ, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/{role}"})),
    )
    assert the_login(a_database(), *a_secret(), policy, *a_task(INJECTED)).works is works


def test_a_password_in_the_definition_is_a_login() -> None:
    assert the_login(a_database(), *a_task(variable(URL))).way == "the password is in its definition"


def test_a_task_without_any_of_it_does_not_log_in() -> None:
    login = the_login(a_database(), *a_secret(), *a_task({}))
    assert login.problem == "nothing in its containers leads to the password of a database"


def beyond(*statements: dict[str, Any]) -> list[str]:
    plan = a_plan(a_database(), a_key(), *a_secret(), *a_task(INJECTED, list(statements)))
    return [
        policy for role in intruder(plan).roles for policy, what in beyond_login(plan, role).items() if what
    ]


def test_reading_the_login_is_no_excess() -> None:
    describe = [READ, "secretsmanager:DescribeSecret"]
    assert beyond(allow(describe, ARN), allow(DECRYPT, KEY)) == []
    assert beyond(allow(READ, f"{ARN}*")) == []


@pytest.mark.parametrize(
    "statement",
    [
        allow(READ, "*"),
        allow(READ, ARN.replace("AbCdEf", "*").replace("login", "*")),
        allow(READ, ARN.replace("AbCdEf", "*")),
        allow("secretsmanager:*", ARN),
        allow("kms:*", KEY),
        allow(DECRYPT, "*"),
        allow("ssm:GetParameters", "*"),
    ],
    ids=str,
)
def test_more_than_the_login_is_excess(statement: dict[str, Any]) -> None:
    assert beyond(statement) == ["execution-policy"]
