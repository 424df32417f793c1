"""Deleting a thing: what AWS refuses to delete, in its own words, and what stays of it.

A row for each reason: a flag that protects the thing, or other things that use it. Texts: errors quoted in issues of
hashicorp/terraform-provider-aws, and getmoto/moto; what the provider says itself, before it calls AWS, is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.kinds import one_kind, tokens_of


@dataclass(frozen=True)
class DeletionGuard:
    """Why AWS does not delete a thing of some kind, and how it says so.

    Either the thing's `flag` is on, or something uses it: `users` are kinds with the property that names the thing.
    `unless` is an input that makes the provider clear those away first. `call` is service and operation, without an
    operation it is the provider that refuses; `doing` and `text` are templates in the thing's properties and its `id`,
    and `{user}` is the first thing that uses it.
    """

    call: tuple[str, str]
    doing: str
    code: str
    text: str
    status: int = 400
    flag: tuple[str, Any] | None = None
    users: tuple[tuple[str, str], ...] = ()
    unless: str = ""


def _of_vpc(operation: str, doing: str, text: str, *users: tuple[str, str]) -> DeletionGuard:
    return DeletionGuard(("EC2", operation), doing, "DependencyViolation", text, users=users)


def _of_iam(
    operation: str, doing: str, text: str, *users: tuple[str, str], unless: str = ""
) -> DeletionGuard:
    return DeletionGuard(("IAM", operation), doing, "DeleteConflict", text, 409, users=users, unless=unless)


_PROTECTED: Final = "please disable deletion protection and try again."
_CLUSTER: Final = DeletionGuard(
    ("RDS", "DeleteDBCluster"),
    "deleting RDS Cluster ({id})",
    "InvalidParameterCombination",
    f"Cannot delete protected Cluster, {_PROTECTED}",
    flag=("deletionProtection", True),
)

DELETION_GUARDS: Final[Mapping[str, tuple[DeletionGuard, ...]]] = {
    "cognito.UserPool": (
        DeletionGuard(
            ("Cognito Identity Provider", "DeleteUserPool"),
            "deleting Cognito User Pool ({id})",
            "InvalidParameterException",
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be "
            "inactivated first.",
            flag=("deletionProtection", "ACTIVE"),
        ),
    ),
    "docdb.Cluster": (_CLUSTER,),
    "dynamodb.Table": (
        DeletionGuard(
            ("DynamoDB", "DeleteTable"),
            "deleting AWS DynamoDB Table ({id})",
            "ValidationException",
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first.",
            flag=("deletionProtectionEnabled", True),
        ),
    ),
    "ec2.Instance": (
        DeletionGuard(
            ("EC2", "TerminateInstances"),
            "terminating EC2 Instance ({id})",
            "OperationNotPermitted",
            "The instance '{id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try "
            "again.",
            flag=("disableApiTermination", True),
        ),
    ),
    "ec2.RouteTable": (
        _of_vpc(
            "DeleteRouteTable",
            "deleting Route Table ({id})",
            "The routeTable '{id}' has dependencies and cannot be deleted.",
            ("ec2.RouteTableAssociation", "routeTableId"),
        ),
    ),
    "ec2.SecurityGroup": (
        _of_vpc(
            "DeleteSecurityGroup",
            "deleting Security Group ({id})",
            "resource {id} has a dependent object",
            ("ec2.Instance", "vpcSecurityGroupIds"),
            ("rds.Instance", "vpcSecurityGroupIds"),
            ("rds.Cluster", "vpcSecurityGroupIds"),
            ("elasticache.ReplicationGroup", "securityGroupIds"),
            ("elasticache.Cluster", "securityGroupIds"),
            ("lb.LoadBalancer", "securityGroups"),
            ("efs.MountTarget", "securityGroups"),
            ("ec2.VpcEndpoint", "securityGroupIds"),
            ("ec2.SecurityGroupRule", "sourceSecurityGroupId"),
        ),
    ),
    "ec2.Subnet": (
        _of_vpc(
            "DeleteSubnet",
            "deleting EC2 Subnet ({id})",
            "The subnet '{id}' has dependencies and cannot be deleted.",
            ("ec2.Instance", "subnetId"),
            ("ec2.NatGateway", "subnetId"),
            ("ec2.NetworkInterface", "subnetId"),
            ("efs.MountTarget", "subnetId"),
            ("lb.LoadBalancer", "subnets"),
            ("ec2.VpcEndpoint", "subnetIds"),
        ),
    ),
    "ec2.Vpc": (
        _of_vpc(
            "DeleteVpc",
            "deleting EC2 VPC ({id})",
            "The vpc '{id}' has dependencies and cannot be deleted.",
            ("ec2.Subnet", "vpcId"),
            ("ec2.SecurityGroup", "vpcId"),
            ("ec2.RouteTable", "vpcId"),
            ("ec2.InternetGateway", "vpcId"),
            ("ec2.VpcEndpoint", "vpcId"),
            ("ec2.NetworkAcl", "vpcId"),
        ),
    ),
    "ecs.Cluster": (
        DeletionGuard(
            ("ECS", "DeleteCluster"),
            "deleting ECS Cluster ({arn})",
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
            users=(("ecs.Service", "cluster"),),
        ),
    ),
    "elasticache.SubnetGroup": (
        DeletionGuard(
            ("ElastiCache", "DeleteCacheSubnetGroup"),
            "deleting ElastiCache Subnet Group ({id})",
            "CacheSubnetGroupInUse",
            "Cache subnet group {id} is currently in use by a cache cluster.",
            users=(
                ("elasticache.ReplicationGroup", "subnetGroupName"),
                ("elasticache.Cluster", "subnetGroupName"),
            ),
        ),
    ),
    "iam.Policy": (
        _of_iam(
            "DeletePolicy",
            "deleting IAM Policy ({arn})",
            "Cannot delete a policy attached to entities.",
            ("iam.RolePolicyAttachment", "policyArn"),
            ("iam.UserPolicyAttachment", "policyArn"),
            ("iam.GroupPolicyAttachment", "policyArn"),
            ("iam.PolicyAttachment", "policyArn"),
        ),
    ),
    "iam.Role": (
        _of_iam(
            "DeleteRole",
            "deleting IAM Role ({id})",
            "Cannot delete entity, must detach all policies first.",
            ("iam.RolePolicyAttachment", "role"),
            ("iam.PolicyAttachment", "roles"),
            unless="forceDetachPolicies",
        ),
        _of_iam(
            "DeleteRole",
            "deleting IAM Role ({id})",
            "Cannot delete entity, must delete policies first.",
            ("iam.RolePolicy", "role"),
            unless="forceDetachPolicies",
        ),
    ),
    "iam.User": (
        _of_iam(
            "DeleteUser",
            "deleting IAM User ({id})",
            "Cannot delete entity, must detach all policies first.",
            ("iam.UserPolicyAttachment", "user"),
            unless="forceDestroy",
        ),
        _of_iam(
            "DeleteUser",
            "deleting IAM User ({id})",
            "Cannot delete entity, must delete access keys first.",
            ("iam.AccessKey", "user"),
            unless="forceDestroy",
        ),
    ),
    "lb.LoadBalancer": (
        DeletionGuard(
            ("Elastic Load Balancing v2", "DeleteLoadBalancer"),
            "deleting ELBv2 Load Balancer ({arn})",
            "OperationNotPermitted",
            "Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
            flag=("enableDeletionProtection", True),
        ),
    ),
    "lb.TargetGroup": (
        DeletionGuard(
            ("Elastic Load Balancing v2", "DeleteTargetGroup"),
            "deleting ELBv2 Target Group ({arn})",
            "ResourceInUse",
            "Target group '{arn}' is currently in use by a listener or a rule",
            users=(("lb.Listener", "defaultActions"), ("lb.ListenerRule", "actions")),
        ),
    ),
    "neptune.Cluster": (_CLUSTER,),
    "rds.Cluster": (
        _CLUSTER,
        DeletionGuard(
            ("RDS", "DeleteDBCluster"),
            "deleting RDS Cluster ({id})",
            "InvalidDBClusterStateFault",
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
            users=(("rds.ClusterInstance", "clusterIdentifier"),),
        ),
    ),
    "rds.Instance": (
        DeletionGuard(
            ("RDS", "DeleteDBInstance"),
            "deleting RDS DB Instance ({identifier})",
            "InvalidParameterCombination",
            f"Cannot delete protected DB Instance, {_PROTECTED}",
            flag=("deletionProtection", True),
        ),
    ),
    "rds.SubnetGroup": (
        DeletionGuard(
            ("RDS", "DeleteDBSubnetGroup"),
            "deleting RDS Subnet Group ({id})",
            "InvalidDBSubnetGroupStateFault",
            "Cannot delete the subnet group '{id}' because at least one database instance: {user} is still using it.",
            users=(("rds.Instance", "dbSubnetGroupName"), ("rds.Cluster", "dbSubnetGroupName")),
        ),
    ),
    "route53.Zone": (
        DeletionGuard(
            ("Route 53", "DeleteHostedZone"),
            "deleting Route53 Hosted Zone ({id})",
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
            users=(("route53.Record", "zoneId"),),
            unless="forceDestroy",
        ),
    ),
    "s3.Bucket": (
        DeletionGuard(
            ("S3", "DeleteBucket"),
            "deleting S3 Bucket ({id})",
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty",
            409,
            users=(
                ("s3.BucketObject", "bucket"),
                ("s3.BucketObjectv2", "bucket"),
                ("s3.ObjectCopy", "bucket"),
            ),
            unless="forceDestroy",
        ),
    ),
}
# Databases of which the last state is kept, unless the program says that it need not be: what the provider misses.
_FINAL_SNAPSHOT: Final = {
    "docdb.Cluster": "DocumentDB Cluster FinalSnapshotIdentifier is required when a final snapshot is required",
    "neptune.Cluster": "Neptune Cluster FinalSnapshotIdentifier is required when a final snapshot is required",
    "rds.Cluster": "RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false",
    "rds.Instance": "final_snapshot_identifier is required when skip_final_snapshot is false",
}
_SNAPSHOT: Final = "aws:rds/snapshot:Snapshot"


def delete(thing: StoredResource, account: Account) -> None:
    """Removes the thing from the account. Raises AwsApiError where AWS, or the provider, would not delete it."""
    kind = one_kind(thing.type)
    snapshot = _final_snapshot(kind, thing, account)
    for reason in DELETION_GUARDS.get(kind, ()):
        if thing.values.get(reason.unless) is True:
            continue
        user = next(_users(reason, thing, account), None)
        if user is not None or (reason.flag and thing.values.get(reason.flag[0]) == reason.flag[1]):
            raise _refusal(reason, thing, user)
    account.remove(thing.urn, thing.id)
    if snapshot is not None:
        account.existing = (*account.existing, snapshot)
    if thing.values.get("skipDestroy") is True:  # the provider only forgets it
        account.existing = (*account.existing, replace(thing, urn=f"{thing.urn}#kept"))
    if kind == "secretsmanager.Secret" and thing.values.get("recoveryWindowInDays") != 0:
        account.scheduled[thing.id] = thing


def _final_snapshot(kind: str, thing: StoredResource, account: Account) -> StoredResource | None:
    """The snapshot that is taken of a database before it goes; None where none is wanted."""
    if kind not in _FINAL_SNAPSHOT or thing.values.get("skipFinalSnapshot") is True:
        return None
    name = thing.values.get("finalSnapshotIdentifier")
    if not isinstance(name, str) or not name:
        raise AwsApiError("", "", "", _FINAL_SNAPSHOT[kind])
    if any(each.type == _SNAPSHOT and each.id == name for each in account.existing):
        text = f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."
        doing = f"deleting RDS DB Instance ({thing.values.get('identifier')})"
        raise AwsApiError("RDS", "DeleteDBInstance", "DBSnapshotAlreadyExists", text, doing)
    arn = f"{str(thing.values.get('arn')).rsplit(':', 2)[0]}:snapshot:{name}"
    values = {
        "dbSnapshotIdentifier": name,
        "arn": arn,
        "dbInstanceIdentifier": thing.values.get("identifier"),
    }
    return StoredResource(f"{thing.urn}#snapshot", _SNAPSHOT, name, thing.region, values)


def _users(reason: DeletionGuard, thing: StoredResource, account: Account) -> Iterator[StoredResource]:
    handles = {thing.id, thing.values.get("arn"), thing.values.get("name")} - {None, ""}
    for kind, name in reason.users:
        for other in account.of_type(*tokens_of(kind)):
            if other.urn != thing.urn and handles & set(_texts_in(other.values.get(name))):
                yield other


def _texts_in(value: Any) -> Iterator[str]:
    """All strings in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts_in(each)


def _refusal(reason: DeletionGuard, thing: StoredResource, user: StoredResource | None) -> AwsApiError:
    named = user.values.get("identifier") or user.id if user else ""
    fields = {**thing.values, "id": thing.id, "user": named}
    text, doing = (
        re.sub(r"\{(\w+)\}", lambda found: str(fields.get(found[1], "")), template)
        for template in (reason.text, reason.doing)
    )
    return AwsApiError(*reason.call, reason.code, text, doing, reason.status)
