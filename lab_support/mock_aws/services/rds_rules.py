"""When RDS refuses: the rules of its API that a repair can run into, with its own error codes and texts.

DocumentDB and Neptune use RDS's API, so their clusters share what is said of deletions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError, CreationRefused
from lab_support.mock_aws.default_network import SUBNET
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import DeletionGuard, NameForm, Unique
from lab_support.mock_aws.services.ec2_group_vpcs import default_vpc, mismatch, vpc_of_subnets
from lab_support.mock_aws.services.ec2_subnets import zones_chosen
from lab_support.mock_aws.services.kms import key_arn_given, key_behind, managed_key_arn
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
MEMBER = "aws:rds/clusterInstance:ClusterInstance"
SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup"


def zones_of_group(request: ResourceRequest, values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The zones that the subnet group of a database covers, sorted; None where the account cannot tell."""
    group = request.account.find(values.get("dbSubnetGroupName"), SUBNET_GROUP, region=request.region)
    return None if group is None else _zones_of(request, group.values.get("subnetIds"))


def _zones_of(request: ResourceRequest, subnet_ids: Any) -> tuple[str, ...] | None:
    if not isinstance(subnet_ids, (list, tuple)):
        return None
    subnets = [request.account.find(subnet_id, SUBNET) for subnet_id in subnet_ids]
    zones = {subnet.values.get("availabilityZone") for subnet in subnets if subnet is not None}
    if None in subnets or UNKNOWN in zones:
        return None
    return tuple(sorted(str(zone) for zone in zones))


def cluster_of(request: ResourceRequest, values: Values) -> StoredResource | None:
    """The cluster that an instance joins."""
    return request.account.find(values.get("clusterIdentifier"), CLUSTER, region=request.region)


def members_of(request: ResourceRequest, values: Values) -> Iterator[StoredResource]:
    """The other instances of the same cluster, as far as they exist already."""
    wanted = values.get("clusterIdentifier")
    return (
        member
        for member in request.account.of_type(MEMBER)
        if member.values.get("clusterIdentifier") == wanted and member.urn != request.urn
    )


def zone_of_multi_az(request: ResourceRequest, values: Values) -> None:
    if values.get("multiAz") is True and request.inputs.get("availabilityZone"):
        text = "Requesting a specific availability zone is not valid for Multi-AZ instances."
        raise CreationRefused("InvalidParameterCombination", text)


def zone_in_subnet_group(request: ResourceRequest, values: Values) -> None:
    zone = request.inputs.get("availabilityZone")
    covered = zones_of_group(request, values)
    if isinstance(zone, str) and covered is not None and zone not in covered:
        raise CreationRefused(
            "InvalidVPCNetworkStateFault",
            f"Cannot create a {values.get('instanceClass')} database instance because there is not a subnet in "
            f"{zone}, the targeted availability zone. Create a new subnet in {zone} and target that availability "
            "zone again, or retry the launch with no availability zone, or choose from these availability zones: "
            f"{', '.join(covered)}.",
        )


def member_zone_in_subnet_group(request: ResourceRequest, values: Values) -> None:
    cluster = cluster_of(request, values)
    if cluster is not None:
        group = cluster.values.get("dbSubnetGroupName")
        zone_in_subnet_group(request, {**values, "dbSubnetGroupName": group})


def subnet_group_exists(request: ResourceRequest, values: Values) -> None:
    name = values.get("dbSubnetGroupName")
    if not isinstance(name, str) or name == "default":
        return
    if request.account.find(name, SUBNET_GROUP, region=request.region) is None:
        raise CreationRefused("DBSubnetGroupNotFoundFault", f"DBSubnetGroup '{name}' not found.")


def groups_are_in_the_vpc(request: ResourceRequest, values: Values) -> None:
    """A database is in the VPC of its subnet group, without one in the default VPC, and so are its security groups
    (Amazon RDS User Guide, "Working with a DB instance in a VPC")."""
    name = values.get("dbSubnetGroupName")
    group = request.account.find(name, SUBNET_GROUP, region=request.region)
    if group is not None:
        vpc = vpc_of_subnets(request, group.values.get("subnetIds"))
    elif name in (None, "default") and not any(values.get(source) for source in _ELSEWHERE):
        vpc = default_vpc(request)
    else:
        return
    found = mismatch(request, values.get("vpcSecurityGroupIds"), vpc)
    if found is not None:
        text = f"The DB instance is in {found.wanted} and the EC2 security group is in {found.vpc}"
        text = f"The DB instance and EC2 security group are in different VPCs. {text}"
        raise CreationRefused("InvalidParameterCombination", text)


def group_covers_two_zones(request: ResourceRequest, values: Values) -> None:
    ids = values.get("subnetIds") or ()
    covered = _zones_of(request, ids)
    is_certain = len({*ids}) < 2 or zones_chosen(request, ids) is not None
    if covered is not None and len(covered) < 2 and is_certain:
        raise CreationRefused(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
            f"{', '.join(covered)}. Add subnets to cover at least 2 AZs.",
        )


def key_is_usable(request: ResourceRequest, values: Values) -> None:
    key = key_arn_given(request)
    if key is None:
        return
    if values.get("storageEncrypted") is not True and request.type == INSTANCE:
        source = request.account.find(values.get("replicateSourceDb"), INSTANCE)
        engine = values.get("engine") or (source.values.get("engine") if source else "")
        text = f"You must enable StorageEncrypted when you specify KmsKeyId for DB engine {engine}"
        raise CreationRefused("InvalidParameterCombination", text)
    ours = f":kms:{request.region}:{request.account.id}:" in key
    found = key_behind(request.account, key, request.region)
    managed = ":alias/aws/" in key or key == managed_key_arn(request.account.id, "rds", request.region)
    if not ours or (found is None and not managed):
        raise CreationRefused(
            "KMSKeyNotAccessibleFault",
            f"The specified KMS key [{key}] does not exist, is not enabled or you do not have permissions to "
            "access it.",
        )
    if found is not None and found.values.get("isEnabled") is False:
        raise CreationRefused("KMSKeyNotAccessibleFault", f"The specified KMS key [{key}] is not enabled.")


def retention(request: ResourceRequest, values: Values) -> None:
    days = values.get("backupRetentionPeriod")
    lowest = 0 if request.type == INSTANCE else 1
    if isinstance(days, (int, float)) and not lowest <= days <= 35:
        text = f"Invalid backup retention period: {days}. Retention period must be between {lowest} and 35."
        raise CreationRefused("InvalidParameterValue", text)


# With one of these, the VPC may be that of the source.
_ELSEWHERE: Final = ("replicateSourceDb", "restoreToPointInTime", "replicationSourceIdentifier")
_SOURCES = ("replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import")


def credentials(request: ResourceRequest, values: Values) -> None:
    if any(values.get(name) for name in _SOURCES):
        return
    if not values.get("username"):
        raise InvalidInput("username", '"username": required field is not set', on_creation=True)
    _password(request, values, ("password", "passwordWo", "manageMasterUserPassword"))
    if not values.get("allocatedStorage"):
        text = '"allocated_storage": required field is not set'
        raise InvalidInput("allocatedStorage", text, on_creation=True)


def cluster_credentials(request: ResourceRequest, values: Values) -> None:
    sources = (
        "replicationSourceIdentifier",
        "snapshotIdentifier",
        "restoreToPointInTime",
        "globalClusterIdentifier",
    )
    if any(values.get(name) for name in sources):
        return
    if not values.get("masterUsername"):
        raise CreationRefused("InvalidParameterValue", "The parameter MasterUsername must be provided.")
    _password(request, values, ("masterPassword", "masterPasswordWo", "manageMasterUserPassword"))


def _password(request: ResourceRequest, values: Values, names: tuple[str, ...]) -> None:
    given = [values.get(name) for name in names]
    if not any(value is UNKNOWN or value for value in given):
        text = "The parameter MasterUserPassword must be provided and must not be blank."
        raise CreationRefused("InvalidParameterValue", text)
    # In a preview of any program a configured password may be a placeholder.
    if isinstance(given[0], str) and len(given[0]) < 8 and request.account.holds_everything:
        raise CreationRefused(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
        )


def replica_source(request: ResourceRequest, values: Values) -> None:
    source = request.account.find(values.get("replicateSourceDb"), INSTANCE)
    if source is not None and source.values.get("backupRetentionPeriod") == 0:
        raise CreationRefused(
            "InvalidDBInstanceState",
            "Automated backups are not enabled for this database instance. To enable automated backups, use "
            "ModifyDBInstance to set the backup retention period to a non-zero value.",
        )
    # Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager", limitations.
    engine = str(source.values.get("engine")) if source is not None else ""
    if (
        source is not None
        and source.values.get("manageMasterUserPassword") is True
        and "sqlserver" not in engine
    ):
        text = (
            f"Creating read replicas for source instance with engine {engine} where ManageMasterUserPassword is "
            "enabled is not supported."
        )
        raise CreationRefused("InvalidParameterValue", text)


def cluster_exists(request: ResourceRequest, values: Values) -> None:
    name = values.get("clusterIdentifier")
    if not isinstance(name, str):
        return
    cluster = cluster_of(request, values)
    if cluster is None:
        raise CreationRefused("DBClusterNotFoundFault", f"DBCluster {name} not found.")
    if cluster.values.get("engine") in ("postgres", "mysql"):
        raise CreationRefused(
            "InvalidParameterValue",
            "CreateDBInstance can't be used to create a DB instance in a Multi-AZ DB cluster. Use CreateDBCluster "
            "instead.",
        )
    if values.get("engine") != cluster.values.get("engine"):
        raise CreationRefused(
            "InvalidParameterCombination",
            f"The engine name requested for your DB instance ({values.get('engine')}) doesn't match the engine name "
            f"of your DB cluster ({cluster.values.get('engine')}).",
        )


def serverless_is_gone(request: ResourceRequest, values: Values) -> None:
    if values.get("engineMode") == "serverless":
        text = "The engine mode serverless you requested is currently unavailable."
        raise CreationRefused("InvalidParameterValue", text)


# The classes that Multi-AZ DB clusters of PostgreSQL run on (RDS User Guide, "Multi-AZ DB cluster deployments").
_CLUSTER_FAMILIES = "c6gd m5d m6gd m6id m6idn m8gd r5d r6gd r6id r6idn r8gd x2iedn"
_CLUSTER_CLASSES = tuple(f"db.{family}." for family in _CLUSTER_FAMILIES.split())


def multi_az_cluster(request: ResourceRequest, values: Values) -> None:
    """What a Multi-AZ DB cluster, a cluster with the engine `postgres` or `mysql`, must specify."""
    size = values.get("dbClusterInstanceClass")
    engine = values.get("engine")
    if engine not in ("postgres", "mysql"):
        if size:
            text = f"DBClusterInstanceClass isn't supported for DB engine {engine}."
            raise CreationRefused("InvalidParameterCombination", text)
        return
    required = {
        "dbClusterInstanceClass": "DBClusterInstanceClass",
        "allocatedStorage": "AllocatedStorage",
        "storageType": "StorageType",
    }
    if values.get("storageType") in ("io1", "io2"):
        required["iops"] = "Iops"
    for name, spelled in required.items():
        if not values.get(name):
            raise CreationRefused("InvalidParameterValue", f"{spelled} is required.")
    if values.get("storageType") not in ("gp3", "io1", "io2"):
        text = f"Storage type {values.get('storageType')} isn't supported for Multi-AZ DB clusters."
        raise CreationRefused("InvalidParameterCombination", text)
    if isinstance(size, str) and not size.startswith(_CLUSTER_CLASSES):
        raise CreationRefused(
            "InvalidParameterCombination",
            f"The combination of engine version {values.get('engineVersion')} and DB instance class {size} isn't "
            "supported for Multi-AZ DB clusters.",
        )
    covered = zones_of_group(request, values)
    if covered is not None and len(covered) < 3:
        missing = ", ".join(zone for zone in request.zones if zone not in covered)
        raise CreationRefused(
            "InvalidVPCNetworkStateFault",
            "Can't create a Multi-AZ DB cluster because there aren't enough subnets available. At least three "
            "subnets with available IP addresses in different Availability Zones are required. You can add subnets "
            f"to a DB subnet group in the following Availability Zones: {missing}.",
        )


# gp3 volumes of PostgreSQL below this size come with 3,000 IOPS and 125 MiB/s, no more and no less (RDS User Guide,
# "Amazon RDS DB instance storage").
_GP3_THRESHOLD = 400


def gp3_performance(request: ResourceRequest, values: Values) -> None:
    size = values.get("allocatedStorage")
    if values.get("storageType") != "gp3" or not isinstance(size, (int, float)) or size >= _GP3_THRESHOLD:
        return
    if values.get("iops") or values.get("storageThroughput"):
        raise CreationRefused(
            "InvalidParameterCombination",
            f"You can't specify IOPS or storage throughput for engine {values.get('engine')} and a storage size "
            f"less than {_GP3_THRESHOLD}.",
        )


def identifier_forms(spelled: str) -> tuple[NameForm, ...]:
    """What the provider demands of an identifier; `spelled` is its argument."""
    return (
        NameForm(r"(?s).*(?<!-)", f'"{spelled}" cannot end with a hyphen'),
        NameForm(r"(?s)(?!.*--).*", f'"{spelled}" cannot contain two consecutive hyphens'),
        NameForm(r"(?s)(?=[^\W\d_]).*", f'first character of "{spelled}" must be a letter'),
        NameForm(r"[0-9a-z-]+", f'only lowercase alphanumeric characters and hyphens allowed in "{spelled}"'),
    )


_SNAPSHOT: Final = "aws:rds/snapshot:Snapshot"
UNIQUE_CLUSTER: Final = Unique(
    "DBClusterAlreadyExistsFault", "DB Cluster already exists", namespace="DB cluster"
)
UNIQUE_INSTANCE: Final = Unique(
    "DBInstanceAlreadyExists", "DB instance already exists", namespace="DB instance"
)
DELETE_CLUSTER: Final = ("RDS", "DeleteDBCluster", "deleting RDS Cluster ({id})")
DISABLE_PROTECTION: Final = "please disable deletion protection and try again."
PROTECTED_CLUSTER: Final = DeletionGuard(
    "InvalidParameterCombination",
    f"Cannot delete protected Cluster, {DISABLE_PROTECTION}",
    flag=("deletionProtection", True),
)


def final_snapshot(missing: str) -> Callable[[StoredResource, Account], tuple[StoredResource, ...]]:
    """What `on_delete` does for a database: the snapshot that is left of it, unless the program wants none.

    Without a name for the snapshot the provider refuses, with the text `missing`.
    """

    def on_delete(database: StoredResource, account: Account) -> tuple[StoredResource, ...]:
        if database.values.get("skipFinalSnapshot") is True:
            return ()
        name, identifier = (database.values.get(key) for key in ("finalSnapshotIdentifier", "identifier"))
        if not isinstance(name, str) or not name:
            raise AwsApiError("", "", "", missing)
        if any(snapshot.type == _SNAPSHOT and snapshot.id == name for snapshot in account.existing):
            text = f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."
            doing = f"deleting RDS DB Instance ({identifier})"
            raise AwsApiError("RDS", "DeleteDBInstance", "DBSnapshotAlreadyExists", text, doing)
        arn = f"{str(database.values.get('arn')).rsplit(':', 2)[0]}:snapshot:{name}"
        values = {"dbSnapshotIdentifier": name, "arn": arn, "dbInstanceIdentifier": identifier}
        return (StoredResource(f"{database.urn}#snapshot", _SNAPSHOT, name, database.region, values),)

    return on_delete
