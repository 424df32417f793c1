"""A resource gives its values, masks its secrets and knows its kind."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from lab_support.plan.resource import Resource, kind_of
from lab_support.plan.values import SECRET_MARK
from lab_support.toolchain.sdk_source import registered_resources
from tests.plans import a_resource

DATABASE = a_resource(
    "rds.Instance",
    "db",
    id="db-1",
    inputs={"multi_az": True, "tags": {"a": "b"}},
    multi_az=False,
    arn="arn:db",
)


def test_an_output_takes_precedence_over_the_input() -> None:
    assert DATABASE["multi_az"] is False


def test_without_an_output_the_input_is_the_value() -> None:
    assert DATABASE["tags"] == {"a": "b"}


def test_the_id_is_a_property() -> None:
    assert DATABASE["id"] == "db-1"


def test_a_missing_property_raises_an_error_that_lists_the_existing_ones() -> None:
    with pytest.raises(KeyError, match=r"no property 'multiAz'; it has: arn, multi_az, tags"):
        DATABASE["multiAz"]


@pytest.mark.parametrize("value", [None, False, 0, ""])
def test_get_replaces_only_none_and_missing_properties(value: Any) -> None:
    resource = a_resource("rds.Instance", "db", multi_az=value)
    assert resource.get("multi_az", "instead") == ("instead" if value is None else value)
    assert resource.get("no_such_thing", "instead") == "instead"


def test_a_resource_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        DATABASE.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        DATABASE.outputs["multi_az"] = True  # type: ignore[index]


def test_a_resource_does_not_change_with_the_mapping_it_was_made_from() -> None:
    outputs = {"multi_az": False}
    resource = Resource("urn", "aws:rds/instance:Instance", "db", outputs=outputs)
    outputs["multi_az"] = True
    assert resource["multi_az"] is False


def test_a_component_is_no_custom_resource() -> None:
    component = Resource("urn:pulumi:dev::p::my:mod:Net::net", "my:mod:Net", "net")
    assert not component.is_custom
    assert DATABASE.is_custom


def test_secrets_are_shown_masked() -> None:
    resource = a_resource(
        "rds.Instance",
        "db",
        inputs={"password": "hunter2", "engine": "postgres"},
        secrets=frozenset({"password"}),
        password="hunter2",
    )
    assert resource.shown() == (
        {"password": SECRET_MARK, "engine": "postgres"},
        {"password": SECRET_MARK},
    )
    assert "hunter2" not in repr(resource)


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("aws:rds/instance:Instance", "rds.Instance"),
        ("aws:index/getRegion:getRegion", "getRegion"),
        ("pulumi:providers:aws", "pulumi.providers.aws"),
        ("random:index/randomPet:RandomPet", "random.RandomPet"),
        ("my:network:Vpc", "my.network.Vpc"),
    ],
)
def test_a_kind_is_written_as_in_a_program(token: str, kind: str) -> None:
    assert kind_of(token) == kind


def test_every_kind_of_the_sdk_but_lambda_is_written_as_in_a_program() -> None:
    known = registered_resources()
    assert len(known) > 1000
    for token, resource in known.items():
        if not token.startswith("aws:lambda/"):
            assert kind_of(token) == resource.qualified_name


@pytest.mark.xfail(strict=True, reason="`lambda` is a keyword, so the program's module is `lambda_`")
def test_the_kind_of_a_lambda_function_is_written_as_in_a_program() -> None:
    assert kind_of("aws:lambda/function:Function") == "lambda_.Function"
