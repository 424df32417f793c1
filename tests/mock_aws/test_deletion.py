"""What AWS refuses to delete, and what is left of a resource that is deleted."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.deletion import delete
from lab_support.mock_aws.uniqueness import refuse_taken
from lab_support.toolchain.sdk_types import resource_type
from tests.mock_aws.asking import a_request


def a_resource(account: Account, kind: str, id: str, /, **values: Any) -> StoredResource:
    """A resource that the account has."""
    token = services.canonical_token(kind)
    resource = StoredResource(f"urn:pulumi:dev::p::{token}::{id}", token, id, "ap-southeast-1", values)
    account.add(resource)
    return resource


def said(resource: StoredResource, account: Account) -> str:
    """What the account says to the deletion; nothing where the resource is gone."""
    try:
        delete(resource, account)
    except AwsApiError as refusal:
        assert account.get(resource.urn) is resource
        return str(refusal)
    assert account.get(resource.urn) is None
    return ""


@pytest.mark.parametrize("kind", sorted(type for type, spec in services.specs().items() if spec.guards))
def test_the_table_names_properties_and_kinds_that_exist(kind: str) -> None:
    described = resource_type(services.canonical_token(kind))
    assert described is not None
    for reason in services.specs()[kind].guards:
        users = reason.users or services.holders_of(kind)
        assert reason.flag or users
        assert {reason.flag[0] if reason.flag else "", reason.unless} <= {*described.inputs, ""}
        for user, name in () if reason.flag else users:
            described_user = resource_type(services.canonical_token(user))
            assert described_user is not None
            assert name in described_user.inputs


# As quoted in issues of hashicorp/terraform-provider-aws, and as getmoto/moto answers, less the request's id.
@pytest.mark.parametrize(
    ("kind", "values", "text"),
    [
        (
            "rds.Instance",
            {"identifier": "db", "deletionProtection": True, "skipFinalSnapshot": True},
            "deleting RDS DB Instance (db): operation error RDS: DeleteDBInstance, https response error StatusCode: "
            "400, api error InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion "
            "protection and try again.",
        ),
        (
            "dynamodb.Table",
            {"deletionProtectionEnabled": True},
            "deleting AWS DynamoDB Table (it): operation error DynamoDB: DeleteTable, https response error StatusCode: "
            "400, api error ValidationException: Resource cannot be deleted as it is currently protected against "
            "deletion. Disable deletion protection first.",
        ),
        (
            "lb.LoadBalancer",
            {"arn": "arn:lb", "enableDeletionProtection": True},
            "deleting ELBv2 Load Balancer (arn:lb): operation error Elastic Load Balancing v2: DeleteLoadBalancer, "
            "https response error StatusCode: 400, OperationNotPermitted: Load balancer 'arn:lb' cannot be deleted "
            "because deletion protection is enabled",
        ),
    ],
)
def test_what_is_protected_stays(kind: str, values: dict[str, Any], text: str) -> None:
    account = Account()
    resource = a_resource(account, kind, "it", **values)
    assert said(resource, account) == text
    off = StoredResource(
        resource.urn, resource.type, resource.id, resource.region, {"skipFinalSnapshot": True}
    )
    account.change(off)
    assert said(off, account) == ""


class TestInUse:
    def test_a_bucket_that_is_not_empty(self) -> None:
        account = Account()
        bucket = a_resource(account, "s3.Bucket", "data", bucket="data")
        a_resource(account, "s3.BucketObjectv2", "data/x", bucket="data", key="x")
        assert said(bucket, account).endswith(
            "StatusCode: 409, api error BucketNotEmpty: The bucket you tried to delete is not empty"
        )
        forced = StoredResource(bucket.urn, bucket.type, bucket.id, bucket.region, {"forceDestroy": True})
        account.change(forced)
        assert said(forced, account) == ""

    def test_a_role_with_policies(self) -> None:
        account = Account()
        role = a_resource(account, "iam.Role", "app", name="app")
        attachment = a_resource(account, "iam.RolePolicyAttachment", "a", role="app", policyArn="arn:policy")
        assert said(role, account).endswith(
            "DeleteConflict: Cannot delete entity, must detach all policies first."
        )
        assert said(attachment, account) == ""
        assert said(role, account) == ""

    def test_a_network_with_something_in_it(self) -> None:
        account = Account()
        vpc = a_resource(account, "ec2.Vpc", "vpc-1")
        subnet = a_resource(account, "ec2.Subnet", "subnet-1", vpcId="vpc-1")
        a_resource(account, "lb.LoadBalancer", "lb", subnets=["subnet-1", "subnet-2"])
        assert "DependencyViolation: The vpc 'vpc-1' has dependencies and cannot be deleted." in said(
            vpc, account
        )
        assert "DependencyViolation: The subnet 'subnet-1' has dependencies" in said(subnet, account)

    def test_a_target_group_that_a_listener_forwards_to(self) -> None:
        account = Account()
        group = a_resource(account, "lb.TargetGroup", "arn:group", arn="arn:group")
        a_resource(
            account, "lb.Listener", "l", defaultActions=[{"type": "forward", "targetGroupArn": "arn:group"}]
        )
        assert "is currently in use by a listener or a rule" in said(group, account)

    def test_a_subnet_group_names_the_database_that_uses_it(self) -> None:
        account = Account()
        group = a_resource(account, "rds.SubnetGroup", "group", name="group")
        a_resource(account, "rds.Instance", "db-1", identifier="alerts", dbSubnetGroupName="group")
        assert "because at least one database instance: alerts is still using it." in said(group, account)


class TestFinalSnapshot:
    def test_one_must_be_named_or_waived(self) -> None:
        account = Account()
        database = a_resource(account, "rds.Instance", "db-1", identifier="db", skipFinalSnapshot=False)
        assert said(database, account) == (
            "final_snapshot_identifier is required when skip_final_snapshot is false"
        )
        cluster = a_resource(account, "rds.Cluster", "c", clusterIdentifier="c")
        assert said(cluster, account) == (
            "RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false"
        )

    def test_it_is_there_afterwards_and_has_a_name_of_its_own(self) -> None:
        account = Account()
        values = {"identifier": "db", "finalSnapshotIdentifier": "last", "arn": "arn:aws:rds:r:1:db:db"}
        assert said(a_resource(account, "rds.Instance", "db-1", **values), account) == ""
        (snapshot,) = account.existing
        assert (snapshot.id, snapshot.values["arn"]) == ("last", "arn:aws:rds:r:1:snapshot:last")
        assert "DBSnapshotAlreadyExists" in said(
            a_resource(account, "rds.Instance", "db-2", **values), account
        )


class TestWhatStays:
    def taken(self, kind: str, account: Account, **values: Any) -> str:
        with pytest.raises(AwsApiError) as caught:
            refuse_taken(
                a_request(kind, "again", account=account, **values), {"region": "ap-southeast-1", **values}
            )
        return str(caught.value)

    def test_the_name_of_a_secret_for_the_time_in_which_it_can_be_recovered(self) -> None:
        # AWS Secrets Manager User Guide, "Delete an AWS Secrets Manager secret".
        account = Account()
        assert said(a_resource(account, "secretsmanager.Secret", "arn:s", name="db"), account) == ""
        assert self.taken("secretsmanager.Secret", account, name="db").endswith(
            "InvalidRequestException: You can't create this secret because a secret with this name is already "
            "scheduled for deletion."
        )
        at_once = a_resource(account, "secretsmanager.Secret", "arn:t", name="cache", recoveryWindowInDays=0)
        assert said(at_once, account) == ""
        refuse_taken(
            a_request("secretsmanager.Secret", "again", account=account),
            {"name": "cache", "region": "ap-southeast-1"},
        )

    def test_what_the_program_wants_to_keep(self) -> None:
        account = Account()
        assert (
            said(a_resource(account, "cloudwatch.LogGroup", "/app", name="/app", skipDestroy=True), account)
            == ""
        )
        assert "ResourceAlreadyExistsException" in self.taken("cloudwatch.LogGroup", account, name="/app")
