"""Which differences between two plans count: not time stamps, identifiers and random bytes."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.checking.plan_difference import difference, difference_from, replaced
from lab_support.errors import ProgramError
from lab_support.plan.plan import Plan
from tests.checking.pretended import a_refusal
from tests.plans import a_plan, a_resource


def database(**inputs: Any) -> Any:
    return a_plan(a_resource("rds.Instance", "db", inputs=inputs))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"multi_az": True}, {"multi_az": False}),
        ({"multi_az": True}, {}),
        ({"policy": '{"Action": "kinesis:*"}'}, {"policy": '{"Action": "kinesis:GetRecords"}'}),
        ({"name": "EmergencyAlertStreamOne"}, {"name": "EmergencyAlertStreamTwo"}),
        ({"tags": {"team": "a"}}, {"tags": {"team": "b", "stage": "x"}}),
    ],
)
def test_a_changed_property_is_a_difference(first: dict[str, Any], second: dict[str, Any]) -> None:
    clause = difference(database(**first), database(**second))
    assert clause is not None
    assert next(iter(first)) in clause


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"tags": {"made": "2026-11-29T21:00:00"}}, {"tags": {"made": "2026-11-30T09:07:01"}}),
        ({"final_snapshot_identifier": "db-3f9a1c"}, {"final_snapshot_identifier": "db-77e0bd"}),
        # Without a digit, as some are.
        (
            {"bucket": "logs-8c9d2f4e-abcd-4beb-8afe-c0ffee5d11ab"},
            {"bucket": "logs-1f2e3d4c-12ab-4c55-9d01-001122334455"},
        ),
        (
            {"key": "QKJHasdjkhASDKJHqwekjhKJHasdkjhQWEkjhASDKJHa="},
            {"key": "wO5pZXLk6nvX5bbkKxmdChJtnHpeQ0abcdefghijklmn="},
        ),
        ({"key": "wO5pZXLk6nvX5bbk/KxmdChJtnHp/eQ0="}, {"key": "1qjbJeiQP0kP5SPoPtRJaPfXxc+jDaSR="}),
    ],
)
def test_a_time_stamp_or_an_identifier_is_none(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert difference(database(**first), database(**second)) is None


def test_a_resource_that_is_gone_is_a_difference() -> None:
    assert difference(database(), a_plan()) is not None
    assert difference(a_plan(), database()) is not None


def test_a_resource_with_an_identifier_in_its_name_is_the_same() -> None:
    plans = [
        a_plan(a_resource("kinesis.Stream", f"alerts-{identifier}"))
        for identifier in ("8c9d2f4e-abcd-4beb", "1f2e3d4c-12ab-4c55")
    ]
    assert difference(*plans) is None
    assert difference(plans[0], a_plan(*plans[0].resources, *plans[1].resources)) is not None


def test_a_refusal_the_second_time_is_a_difference() -> None:
    clause = difference_from(database(), a_refusal("dev", text="ValidationError: encrypted must be true"))
    assert clause == "db-dev was accepted, then refused ('ValidationError: encrypted must be true')"


@pytest.mark.parametrize(
    "outcome",
    [
        a_refusal("dev", text="EntityAlreadyExists: Role with name a already exists."),
        a_refusal("dev", text="Duplicate resource URN"),
        ProgramError("ValueError: no"),
    ],
)
def test_a_name_that_is_drawn_twice_and_an_error_are_no_difference(outcome: Exception) -> None:
    assert difference_from(database(), outcome) is None


def test_an_equal_plan_the_second_time_is_no_difference() -> None:
    again: Plan = database()
    assert difference_from(database(), again) is None


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("kinesis.Stream", {"name": "alerts-1f2e"}, {"name": "alerts-77e0"}),
        ("dynamodb.Table", {"hash_key": "k1"}, {"hash_key": "k2"}),
        ("kms.ExternalKey", {"key_material_base64": "a1"}, {"key_material_base64": "b2"}),
    ],
)
def test_what_holds_data_and_becomes_a_new_resource_is_replaced(
    kind: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    plans = [a_plan(a_resource(kind, "store", inputs=inputs)) for inputs in (first, second)]
    ((resource, why),) = replaced(*plans)
    assert resource.name == "store"
    assert next(iter(first)) in why


def test_a_store_under_a_random_logical_name_is_replaced() -> None:
    plans = [a_plan(a_resource("kinesis.Stream", f"alerts-{drawn}")) for drawn in ("1f2e", "77e0")]
    assert [why for _, why in replaced(*plans)] == ["it is called alerts-77e0"]
    assert not list(replaced(plans[0], plans[0]))


def test_what_changes_in_place_or_holds_no_data_is_not() -> None:
    first, second = (
        database(final_snapshot_identifier="db-3f9a"),
        database(final_snapshot_identifier="db-77e0"),
    )
    assert not list(replaced(first, second))
    logs = [
        a_plan(a_resource("iam.Role", "task", inputs={"name": f"task-{drawn}"})) for drawn in ("1f2e", "77e0")
    ]
    assert not list(replaced(*logs))
