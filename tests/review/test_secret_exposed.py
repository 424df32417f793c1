"""SECRET-EXPOSED on small plans: secrets that everyone with read-only access can see."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws.account import SECRET_STAND_INS
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewSubject
from lab_support.review.secret_exposed import check
from tests.drills.test_reader import a_database, with_variable
from tests.drills.test_secret_values import SECRET, URL
from tests.plans import a_plan, a_resource


def observations(*resources: Resource, **more: Any) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources, **more))))


def found(*resources: Resource, **more: Any) -> list[tuple[str, str]]:
    return [
        (observation.resource.name, observation.arguments[0])
        for observation in observations(*resources, **more)
        if observation.resource is not None and not observation.unknown
    ]


def test_a_password_in_a_task_definition_is_a_finding_there() -> None:
    (observation,) = observations(a_database(), with_variable(URL))
    assert observation.resource is not None
    assert (observation.resource.name, observation.arguments) == ("task", ("container_definitions",))
    assert "the password of db" in observation.what
    assert "ecs:DescribeTaskDefinition" in observation.what


def test_a_mark_as_secret_does_not_hide_it_from_aws() -> None:
    (observation,) = observations(
        a_database(), with_variable(URL, secrets=frozenset({"container_definitions"}))
    )
    assert "the state file" not in observation.what


@pytest.mark.parametrize("output_secrets", [frozenset(), frozenset({"url"})], ids=["open", "secret"])
def test_an_output_is_a_finding_unless_it_is_secret(output_secrets: frozenset[str]) -> None:
    expected = [] if output_secrets else [("db", "password")]
    assert found(a_database(), outputs={"url": URL}, output_secrets=output_secrets) == expected


@pytest.mark.parametrize(
    "resource",
    [
        a_resource("lambda.Function", "other", environment={"variables": {"P": SECRET}}),
        a_resource("ec2.Instance", "other", user_data=f"export P={SECRET}"),
        a_resource("ssm.Parameter", "other", type="String", value=SECRET),
        a_resource("sqs.Queue", "other", tags={"P": SECRET}),
    ],
    ids=lambda resource: resource.kind,
)
def test_other_settings_are_findings(resource: Resource) -> None:
    assert [name for name, _ in found(a_database(), resource)] == ["other"]


def test_a_secret_that_is_kept_is_none() -> None:
    kept = a_resource(
        "secretsmanager.SecretVersion", "version", secret_string=URL, secrets=frozenset({"secret_string"})
    )
    assert observations(a_database(), kept) == []


@pytest.mark.parametrize(
    "password", ["short", "password", "changeme-now", "example-password", "TODO-a-password"]
)
def test_what_is_no_secret_for_certain_is_none(password: str) -> None:
    assert observations(a_database(password=password), with_variable(password)) == []


def test_a_password_that_the_database_also_has_as_a_name_is_none() -> None:
    database = a_database(password="alert_admin", username="alert_admin")
    assert observations(database, with_variable("alert_admin")) == []


def test_a_part_of_a_secret_is_none() -> None:
    assert observations(a_database(), with_variable(SECRET[:10])) == []


def test_a_setting_that_no_known_request_shows_counts_in_the_state_only() -> None:
    connection = {"url": URL}
    assert found(a_database(), a_resource("glue.Connection", "glue", match_criterias=[URL])) != []
    sealed = a_resource(
        "glue.Connection",
        "glue",
        connection_properties=connection,
        secrets=frozenset({"connection_properties"}),
    )
    assert found(a_database(), sealed) == []


@pytest.mark.parametrize("value", SECRET_STAND_INS)
def test_a_value_that_is_a_stand_in_is_unknown(value: str) -> None:
    (observation,) = observations(a_database(password=f"{value}!"), with_variable(f"x{value}!"))
    assert "not known" in observation.unknown


def test_a_definition_made_from_an_unknown_secret_is_unknown() -> None:
    definition = a_resource(
        "ecs.TaskDefinition",
        "task",
        container_definitions=UNKNOWN,
        secrets=frozenset({"container_definitions"}),
    )
    (observation,) = observations(a_database(password=UNKNOWN), definition)
    assert "not known" in observation.unknown


def test_a_key_that_aws_draws_and_answers_in_the_id_of_its_resource_is_none() -> None:
    drawn = "da2-hfuqkilbcvaclpvlsbuz3dh6gu"
    key = a_resource("appsync.ApiKey", "key", key=drawn, api_key_id=drawn, id=f"abc:{drawn}")
    assert observations(key) == []
