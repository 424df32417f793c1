"""The customer-managed key of a resource: found by id, ARN or alias, and only if it is usable."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.keys import customer_key, rotates
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/k1"
OTHER_ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/mrk-1"
ALIAS_ARN = "arn:aws:kms:ap-southeast-1:123456789012:alias/app"


def a_key(**properties: Any) -> Resource:
    return a_resource(
        "kms.Key", "key", id="k1", **{"arn": ARN, "key_id": "k1", "is_enabled": True, **properties}
    )


def with_database(*resources: Resource, **properties: Any) -> tuple[Plan, Resource]:
    database = a_resource("rds.Instance", "db", **properties)
    return a_plan(*resources, database), database


ALIAS = a_resource("kms.Alias", "alias", id="alias/app", name="alias/app", arn=ALIAS_ARN, target_key_id="k1")


@pytest.mark.parametrize("named", ["k1", ARN, "alias/app", ALIAS_ARN])
def test_a_key_is_found_by_id_arn_and_alias(named: str) -> None:
    plan, database = with_database(a_key(), ALIAS, kms_key_id=named)
    assert customer_key(plan, database) == plan.named("key")


def test_the_property_may_have_another_name() -> None:
    plan, database = with_database(a_key(), performance_insights_kms_key_id=ARN)
    assert customer_key(plan, database) is None
    assert customer_key(plan, database, "performance_insights_kms_key_id") == plan.named("key")


@pytest.mark.parametrize(
    "named", [None, UNKNOWN, "", "alias/aws/rds", "arn:aws:kms:ap-southeast-1:123456789012:key/another"]
)
def test_a_value_that_is_no_key_of_the_program_gives_none(named: Any) -> None:
    plan, database = with_database(a_key(), ALIAS, kms_key_id=named)
    assert customer_key(plan, database) is None


@pytest.mark.parametrize("enabled", [False, UNKNOWN])
def test_a_key_that_is_not_certainly_enabled_does_not_count(enabled: Any) -> None:
    plan, database = with_database(a_key(is_enabled=enabled), kms_key_id=ARN)
    assert customer_key(plan, database) is None


@pytest.mark.parametrize(
    ("kind", "more"),
    [("kms.ReplicaKey", {}), ("kms.ExternalKey", {"key_material_base64": "bWF0ZXJpYWw="})],
)
def test_replica_and_external_keys_are_customer_keys(kind: str, more: dict[str, str]) -> None:
    key = a_resource(kind, "other", id="mrk-1", arn=OTHER_ARN, enabled=True, **more)
    plan, database = with_database(key, kms_key_id=OTHER_ARN)
    assert customer_key(plan, database) == key


@pytest.mark.parametrize(
    "more",
    [{"key_usage": "SIGN_VERIFY"}, {"customer_master_key_spec": "RSA_2048"}, {"region": "eu-west-1"}],
    ids=["a key for signatures", "an asymmetric key", "a key of another region"],
)
def test_a_key_that_services_cannot_encrypt_with_does_not_count(more: dict[str, str]) -> None:
    plan, database = with_database(a_key(**more), kms_key_id=ARN)
    assert customer_key(plan, database) is None


@pytest.mark.parametrize(("setting", "found"), [(True, True), (False, False), (None, False), (UNKNOWN, True)])
def test_a_key_rotates_if_its_setting_says_so(setting: Any, found: bool) -> None:
    key = a_key(enable_key_rotation=setting)
    assert rotates(a_plan(key), key) is found


@pytest.mark.parametrize("found", [True, False])
def test_a_replica_rotates_with_its_primary_key(found: bool) -> None:
    replica = a_resource("kms.ReplicaKey", "replica", primary_key_arn=ARN)
    assert rotates(a_plan(a_key(enable_key_rotation=found), replica), replica) is found


def test_imported_key_material_is_not_rotated_and_a_key_that_is_only_read_is_not_judged() -> None:
    imported, read = a_resource("kms.ExternalKey", "imported"), a_resource("kms.Key", "read", op="read")
    plan = a_plan(imported, read)
    assert (rotates(plan, imported), rotates(plan, read)) == (False, True)
