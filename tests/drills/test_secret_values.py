"""What a plan's secrets are, and whether a text shows one, encoded or not."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from lab_support.drills.secret_values import parts_of, secret_properties, secret_values, shown_in
from lab_support.plan.resource import Resource
from tests.plans import a_plan, a_resource

SECRET = "vT4qLr9XhZ2mWc7KdP5s"
URL = f"postgresql://alert_admin:{SECRET}@db:5432/alerts"


def a_version(value: str) -> Resource:
    return a_resource("secretsmanager.SecretVersion", "version", secret_string=value)


def values(*resources: Resource, **configured: str) -> list[str]:
    return [secret.value for secret in secret_values(a_plan(*resources), configured)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (URL, ""),
        (base64.b64encode(URL.encode()).decode(), "in base64"),
        (f"x={base64.b64encode(SECRET.encode()).decode()};y", "in base64"),
        (base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="), "in base64"),
        (base64.b64encode(base64.b64encode(SECRET.encode())).decode(), "in base64"),
        (base64.b64encode(gzip.compress(SECRET.encode(), mtime=0)).decode(), "in base64"),
        (base64.b32encode(SECRET.encode()).decode(), "in base32"),
        (SECRET.encode().hex(), "in hexadecimal"),
        ("".join(f"%{byte:02x}" for byte in SECRET.encode()), "percent-encoded"),
        (SECRET[::-1], "backwards"),
        ("alerts", None),
        ("", None),
    ],
)
def test_a_secret_is_recognised_in_common_encodings(text: str, written: str | None) -> None:
    assert shown_in(text, SECRET) == written


def test_a_third_of_a_long_secret_is_a_part_of_it() -> None:
    parts = parts_of(SECRET, a_plan())
    assert shown_in(SECRET[7:14], SECRET, parts) == "in part"
    assert shown_in(SECRET[7:14], SECRET) is None
    assert shown_in(SECRET[:4], SECRET, parts) is None


def test_a_short_secret_has_no_parts() -> None:
    assert parts_of("hunter2hunt", a_plan()) == ()


def test_what_is_in_the_names_of_the_plan_is_no_part() -> None:
    plan = a_plan(a_resource("rds.Instance", "emergency-alert-db-dev"))
    assert (
        shown_in("emergency-alert-topic-dev", "emergency-alert-4711", parts_of("emergency-alert-4711", plan))
        is None
    )


def test_no_part_of_a_secret_has_the_environment_in_it() -> None:
    secret = "Sunflower-dev-4711"
    assert shown_in("emergency-alert-task-role-dev-4f1e2d3", secret, parts_of(secret, a_plan())) is None
    assert shown_in("Sunflower", secret, parts_of(secret, a_plan())) == "in part"


def test_what_the_sdk_declares_is_secret() -> None:
    assert secret_properties(a_resource("rds.Instance", "db")) == {"password", "password_wo"}
    assert secret_properties(a_resource("ecs.TaskDefinition", "task")) == frozenset()
    random = Resource("urn", "random:index/randomPassword:RandomPassword", "r", secrets=frozenset({"result"}))
    assert secret_properties(random) == {"result"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (SECRET, [SECRET]),
        (URL, [SECRET]),
        ("postgresql://a:p%40ssword@db/x", ["p@ssword"]),
        (json.dumps({"username": "alert_admin", "password": SECRET, "port": 5432}), [SECRET]),
        (json.dumps({"url": URL}), [SECRET]),
        ("arn:aws:secretsmanager:x:1:secret:y", []),
        ("short", []),
    ],
)
def test_what_is_secret_in_a_value(value: str, found: list[str]) -> None:
    assert values(a_version(value)) == found


def test_a_secret_inside_another_one_is_the_one_that_counts() -> None:
    database = a_resource("rds.Instance", "db", password=SECRET)
    assert values(database, a_version(f"the login is {SECRET}")) == [SECRET]


@pytest.mark.parametrize(("kind", "found"), [("SecureString", [SECRET]), ("String", [])])
def test_a_parameter_is_secret_if_it_is_encrypted(kind: str, found: list[str]) -> None:
    assert values(a_resource("ssm.Parameter", "parameter", type=kind, value=SECRET)) == found


def test_values_of_the_configuration_are_secrets_with_a_name_of_their_own() -> None:
    database = a_resource("rds.Instance", "db", password=SECRET)
    assert values(database, **{"project:apiKey": "another-secret"}) == [SECRET, "another-secret"]
    names: list[Any] = [
        secret.name for secret in secret_values(a_plan(database), {"p:apiKey": "another-secret"})
    ]
    assert names == ["the password of db", "apiKey of the configuration"]
    assert len(secret_values(a_plan(database), {"pulumi:autonaming": {"mode": "verbatim"}})) == 1
