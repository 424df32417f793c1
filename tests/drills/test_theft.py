"""The theft drill: how each data store is protected at rest, the worst first."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.theft import EXPOSURES, Protection, theft
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

KEY_ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/k1"
KEY = a_resource("kms.Key", "key", id="k1", arn=KEY_ARN, key_id="k1", is_enabled=True)
DISABLED_ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/k2"
DISABLED = a_resource("kms.Key", "off", id="k2", arn=DISABLED_ARN, key_id="k2", is_enabled=False)


@pytest.mark.parametrize(
    ("kind", "properties", "protection"),
    [
        ("efs.FileSystem", {}, Protection.NONE),
        ("efs.FileSystem", {"kms_key_id": KEY_ARN}, Protection.NONE),
        ("efs.FileSystem", {"encrypted": True}, Protection.AWS_MANAGED),
        ("efs.FileSystem", {"encrypted": True, "kms_key_id": KEY_ARN}, Protection.CUSTOMER),
        ("efs.FileSystem", {"encrypted": True, "kms_key_id": DISABLED_ARN}, Protection.UNUSABLE),
        ("efs.FileSystem", {"encrypted": True, "kms_key_id": "arn:other"}, Protection.EXTERNAL),
        ("efs.FileSystem", {"encrypted": True, "kms_key_id": UNKNOWN}, Protection.UNKNOWN),
        (
            "kinesis.Stream",
            {"encryption_type": "KMS", "kms_key_id": "alias/aws/kinesis"},
            Protection.AWS_MANAGED,
        ),
        ("sns.Topic", {}, Protection.AWS_OWNED),
    ],
)
def test_a_store_has_the_protection_of_its_settings(
    kind: str, properties: dict[str, Any], protection: Protection
) -> None:
    (store,) = theft(a_plan(KEY, DISABLED, a_resource(kind, "store", **properties))).stores
    assert store.protection is protection
    assert store.readers == EXPOSURES[protection].readers
    assert (store.key == KEY) is (protection is Protection.CUSTOMER)
    assert (store.shortcoming == "") is (protection in (Protection.NONE, Protection.CUSTOMER))
    assert not store.shortcoming.startswith("encrypted"), "the id says that it is not"


def test_the_worst_protected_store_is_the_first() -> None:
    found = theft(a_plan(a_resource("sns.Topic", "topic"), a_resource("efs.FileSystem", "files")))
    assert [store.resource.name for store in found.stores] == ["files", "topic"]
    assert [store.resource.name for store in found.of_type("sns.Topic")] == ["topic"]


def test_a_resource_that_stores_nothing_is_left_out() -> None:
    assert theft(a_plan(KEY)).stores == ()
