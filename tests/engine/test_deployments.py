"""Deployments, updates and destroys in one account: what the account holds afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support.engine.operations import Program, deploy, destroy, preview
from lab_support.errors import PreviewFailed
from lab_support.mock_aws.account import Account
from tests.plans import logical_name
from tests.programs import database, stream, two_streams


def test_a_preview_leaves_the_account_as_it_is() -> None:
    account = Account()
    deploy(stream("alerts", tags={"v": "1"}), account=account)
    before = (dict(account.resources), dict(account.stacks))
    preview(stream("alerts", tags={"v": "2"}), account=account)
    preview(stream("others"), account=account)
    assert (account.resources, account.stacks) == before


def test_a_second_deployment_finds_the_first() -> None:
    account = Account()
    done = deploy(two_streams, account=account)
    assert {resource.op for resource in done} == {"create"}
    assert {logical_name(resource.urn) for resource in account.resources.values()} == {
        "alerts-dev",
        "audit-dev",
    }
    assert {resource.op for resource in deploy(two_streams, account=account)} == {"same"}


def test_a_preview_lists_unchanged_resources() -> None:
    account = Account()
    deploy(two_streams, account=account)
    assert {resource.name: resource.op for resource in preview(two_streams, account=account)} == {
        "alerts-dev": "same",
        "audit-dev": "same",
    }


def test_a_deployment_has_the_ids_and_outputs_of_its_preview() -> None:
    account = Account()
    promised = preview(two_streams, account=account)
    done = deploy(two_streams, account=account)
    assert {resource.urn: (resource.id, resource.outputs) for resource in done} == {
        resource.urn: (resource.id, resource.outputs) for resource in promised
    }


def test_a_change_is_an_update() -> None:
    account = Account()
    deploy(stream("alerts", retention_period=24), account=account)
    changed = stream("alerts", retention_period=48)
    assert [resource.op for resource in preview(changed, account=account)] == ["update"]
    deploy(changed, account=account)
    (stored,) = account.resources.values()
    assert stored.values["retentionPeriod"] == 48


def test_a_resource_that_the_program_no_longer_has_is_deleted() -> None:
    account = Account()
    deploy(two_streams, account=account)
    deploy(lambda suffix: None, account=account)
    assert account.resources == {}


def test_a_second_deployment_keeps_physical_names() -> None:
    account = Account()
    names = {resource.name: resource["name"] for resource in deploy(two_streams, account=account)}
    again = deploy(two_streams, account=account)
    assert {resource.name: resource["name"] for resource in again} == names


def test_a_name_that_another_environment_has_is_refused() -> None:
    account = Account()
    shared = database(identifier="shared-db")
    deploy(shared, "dev", account=account)
    for run in (preview, deploy):
        with pytest.raises(PreviewFailed) as caught:
            run(shared, "prod", account=account)
        (refusal,) = caught.value.diagnostics
        assert "DBInstanceAlreadyExists: DB instance already exists" in refusal.text
        assert refusal.resource == "db-prod"
    deploy(database(), "pr-1", account=account)


def test_a_deployment_that_fails_halfway_leaves_what_it_created() -> None:
    account = Account()
    with pytest.raises(PreviewFailed):
        deploy(database(backup_retention_period=36), account=account)
    left = {logical_name(resource.urn) for resource in account.resources.values()}
    assert left == {"vpc-dev", "subnet-a-dev", "subnet-b-dev", "subnet-c-dev", "group-dev"}
    repaired = {resource.name: resource.op for resource in deploy(database(), account=account)}
    assert repaired == {**dict.fromkeys(left, "same"), "db-dev": "create"}


def test_a_replaced_resource_exists_under_its_new_name() -> None:
    account = Account()
    deploy(_named_stream("old-name"), account=account)
    deploy(_named_stream("new-name"), account=account)
    assert [resource.values["name"] for resource in account.resources.values()] == ["new-name"]


def test_a_replacement_has_the_operation_replace() -> None:
    account = Account()
    deploy(_named_stream("old-name"), account=account)
    assert [resource.op for resource in preview(_named_stream("new-name"), account=account)] == ["replace"]


def test_a_replacement_has_a_new_id() -> None:
    def network(cidr: str) -> Program:
        return lambda suffix: aws.ec2.Vpc("vpc", cidr_block=cidr)

    account = Account()
    old = deploy(network("10.0.0.0/16"), account=account).named("vpc")
    planned = preview(network("10.1.0.0/16"), account=account).named("vpc")
    new = deploy(network("10.1.0.0/16"), account=account).named("vpc")
    assert new.id != old.id
    assert (planned.id, planned.op) == (new.id, "replace")
    assert [resource.id for resource in account.resources.values()] == [new.id]


def test_a_destroyed_environment_leaves_nothing() -> None:
    account = Account()
    deploy(two_streams, "dev", account=account)
    deploy(two_streams, "prod", account=account)
    gone = destroy(two_streams, "dev", account=account)
    assert {(resource.name, resource.op) for resource in gone} == {
        ("alerts-dev", "delete"),
        ("audit-dev", "delete"),
    }
    assert {logical_name(resource.urn) for resource in account.resources.values()} == {
        "alerts-prod",
        "audit-prod",
    }
    assert list(destroy(two_streams, "dev", account=account)) == []
    assert {resource.op for resource in deploy(two_streams, "dev", account=account)} == {"create"}


def test_a_deployed_resource_can_be_looked_up() -> None:
    account = Account()
    made = deploy(stream("alerts"), "dev", account=account).named("alerts")

    def program(suffix: str) -> None:
        found = aws.kinesis.Stream.get("found", made.id)
        pulumi.export("arn", found.arn)

    assert preview(program, "prod", account=account).outputs == {"arn": made["arn"]}


def _named_stream(name: str) -> Callable[[str], Any]:
    return lambda suffix: aws.kinesis.Stream("alerts", name=name, shard_count=1)
