"""What a rename and a destroy leave of each data store: on hand-made plans, and as the real engine does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import Account, deploy, destroy, preview
from lab_support.drills.release import Fate, ReleasedStore, release
from lab_support.errors import PreviewFailed
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

KEY = a_resource(
    "kms.Key", "key", region="ap-southeast-1", arn="arn:aws:kms:ap-southeast-1:123456789012:key/key-id"
)
KEPT_KEY = a_resource("kms.Key", "key", region="ap-southeast-1", arn=KEY["arn"], protect=True)


def released(*resources: Resource) -> ReleasedStore:
    (store,) = release(a_plan(*resources)).stores
    return store


def a_database(**properties: Any) -> Resource:
    return a_resource("rds.Instance", "db", engine="postgres", **properties)


def a_cluster(engine: str, **properties: Any) -> Resource:
    return a_resource("rds.Cluster", "cluster", engine=engine, skip_final_snapshot=True, **properties)


STORES = {
    "database, nothing set": (a_database(), Fate.REFUSED),  # the provider wants a name for the snapshot
    "database, snapshot skipped": (a_database(skip_final_snapshot=True), Fate.LOST),
    "database, snapshot named and skipped": (
        a_database(skip_final_snapshot=True, final_snapshot_identifier="last"),
        Fate.LOST,
    ),
    "database, final snapshot": (a_database(final_snapshot_identifier="last"), Fate.SNAPSHOT),
    "database, backups go": (a_database(skip_final_snapshot=True, backup_retention_period=35), Fate.LOST),
    "database, backups stay": (
        a_database(skip_final_snapshot=True, backup_retention_period=35, delete_automated_backups=False),
        Fate.SNAPSHOT,
    ),
    "database, no backups to stay": (
        a_database(skip_final_snapshot=True, backup_retention_period=0, delete_automated_backups=False),
        Fate.LOST,
    ),
    "database, deletion protection": (
        a_database(skip_final_snapshot=True, deletion_protection=True),
        Fate.REFUSED,
    ),
    "database, unknown protection": (a_database(deletion_protection=UNKNOWN), Fate.UNKNOWN),
    "database, protect": (a_database(skip_final_snapshot=True, protect=True), Fate.PROTECTED),
    "database, retained": (a_database(skip_final_snapshot=True, retain_on_delete=True), Fate.RETAINED),
    "database, only read": (a_database(op="read"), Fate.RETAINED),
    "Aurora cluster, backups stay": (
        a_cluster("aurora-postgresql", backup_retention_period=35, delete_automated_backups=False),
        Fate.SNAPSHOT,
    ),
    "Multi-AZ DB cluster, no backups stay": (
        a_cluster("postgres", backup_retention_period=35, delete_automated_backups=False),
        Fate.LOST,
    ),
    "cluster, snapshot skipped": (a_resource("rds.Cluster", "c", skip_final_snapshot=True), Fate.LOST),
    "file system": (a_resource("efs.FileSystem", "files"), Fate.LOST),
    "file system, protect": (a_resource("efs.FileSystem", "files", protect=True), Fate.PROTECTED),
    "table": (a_resource("dynamodb.Table", "t"), Fate.LOST),
    "table, deletion protection": (
        a_resource("dynamodb.Table", "t", deletion_protection_enabled=True),
        Fate.REFUSED,
    ),
    "table, point-in-time recovery": (
        a_resource("dynamodb.Table", "t", point_in_time_recovery={"enabled": True}),
        Fate.SNAPSHOT,
    ),
    "table, recovery off": (
        a_resource("dynamodb.Table", "t", point_in_time_recovery={"enabled": False}),
        Fate.LOST,
    ),
}


@pytest.mark.parametrize(("store", "fate"), STORES.values(), ids=STORES.keys())
def test_what_becomes_of_each_store(store: Resource, fate: Fate) -> None:
    found = released(store)
    assert (found.renamed.fate, found.destroyed.fate) == (fate, fate)
    assert found.survives is (fate not in (Fate.LOST, Fate.UNKNOWN))


@pytest.mark.parametrize("store", [store for store, _ in STORES.values()], ids=STORES.keys())
def test_the_drill_accepts_unknown_values(store: Resource) -> None:
    names = ("skip_final_snapshot", "final_snapshot_identifier", "backup_retention_period", "kms_key_id")
    for name in (*names, *store.outputs, "storage_encrypted", "encrypted", "server_side_encryption"):
        assert released(KEY, replace(store, outputs={**store.outputs, name: UNKNOWN})).renamed.why


def test_a_replica_is_no_store_of_its_own() -> None:
    assert release(a_plan(a_database(replicate_source_db="other"))).stores == ()


def test_a_plan_without_a_store_keeps_nothing() -> None:
    assert not release(a_plan(KEY)).survives


@pytest.mark.parametrize("left", [{"retain_on_delete": True}, {"final_snapshot_identifier": "last"}])
@pytest.mark.parametrize(("key", "fate"), [(KEY, Fate.UNREADABLE), (KEPT_KEY, None)])
def test_what_is_left_is_lost_with_its_key(left: dict[str, Any], key: Resource, fate: Fate | None) -> None:
    store = a_database(storage_encrypted=True, kms_key_id=key["arn"], region="ap-southeast-1", **left)
    found = released(key, store)
    assert found.key == key
    assert found.renamed.survives
    assert found.destroyed.fate == (fate or found.renamed.fate)


def test_a_store_that_stays_in_the_stack_keeps_its_key() -> None:
    store = a_database(
        storage_encrypted=True, kms_key_id=KEY["arn"], region="ap-southeast-1", deletion_protection=True
    )
    assert released(KEY, store).destroyed.fate is Fate.REFUSED


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"enabled": True, "kms_key_arn": KEY["arn"]}, True),
        ({"enabled": False, "kms_key_arn": KEY["arn"]}, False),
        ({"enabled": True, "kms_key_arn": ""}, False),
        (None, False),
    ],
)
def test_the_key_of_a_table_is_in_its_block(block: dict[str, Any] | None, found: bool) -> None:
    table = a_resource("dynamodb.Table", "t", server_side_encryption=block)
    assert (released(KEY, table).key is not None) is found


OPTIONS: dict[str, pulumi.ResourceOptions] = {
    "plain": pulumi.ResourceOptions(),
    "protected": pulumi.ResourceOptions(protect=True),
    "retained": pulumi.ResourceOptions(retain_on_delete=True),
}


def tables(prefix: str) -> Callable[[str], None]:
    """A table for each of the options, and two with a protection or a copy of their own."""

    def program(environment_suffix: str) -> None:
        def table(what: str, opts: pulumi.ResourceOptions | None = None, **more: Any) -> None:
            name = f"{prefix}-{what}"
            attributes = [{"name": "id", "type": "S"}]
            aws.dynamodb.Table(
                name,
                name=name,
                billing_mode="PAY_PER_REQUEST",
                hash_key="id",
                attributes=attributes,
                opts=opts,
                **more,
            )

        for what, opts in OPTIONS.items():
            table(what, opts)

    return program


def names_in(account: Account) -> set[str]:
    return {str(table.values["name"]) for table in account.of_type("aws:dynamodb/table:Table")}


@pytest.mark.slow
def test_the_engine_leaves_what_the_drill_says() -> None:
    account = Account()
    says = {store.resource.name: store.renamed.fate for store in release(preview(tables("one"))).stores}
    assert says == {"one-plain": Fate.LOST, "one-protected": Fate.PROTECTED, "one-retained": Fate.RETAINED}
    deploy(tables("one"), account=account)
    with pytest.raises(PreviewFailed, match="one-protected"):
        deploy(tables("two"), account=account)
    assert {name for name in names_in(account) if name.startswith("one")} == {"one-protected", "one-retained"}
    with pytest.raises(PreviewFailed, match="protected"):
        destroy(tables("two"), account=account)
    assert names_in(account) == {"one-protected", "one-retained", "two-protected", "two-retained"}
