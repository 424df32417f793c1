"""RDS in the mock account: what it fills in, where it puts things, and what it refuses, in AWS's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.combinations import check_inputs
from lab_support.mock_aws.name_forms import check_name
from lab_support.mock_aws.services.kms import managed_key_arn
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from tests.mock_aws.asking import a_request, answered, created

A, B, C = (f"ap-southeast-1{letter}" for letter in "abc")
# What each kind must be given, so that a test's own inputs are the only ones that can be refused.
USUAL: Mapping[str, Mapping[str, Any]] = {
    "rds.Instance": {
        "identifier": "db",
        "engine": "postgres",
        "instanceClass": "db.t3.medium",
        "allocatedStorage": 100,
        "username": "u",
        "manageMasterUserPassword": True,
    },
    "rds.Cluster": {
        "clusterIdentifier": "cluster",
        "engine": "aurora-postgresql",
        "masterUsername": "u",
        "manageMasterUserPassword": True,
    },
    "rds.ClusterInstance": {
        "identifier": "member",
        "clusterIdentifier": "cluster",
        "engine": "aurora-postgresql",
        "instanceClass": "db.r6g.large",
    },
}
MULTI_AZ_CLUSTER = {
    "engine": "postgres",
    "engineVersion": "17",
    "dbClusterInstanceClass": "db.m5d.large",
    "allocatedStorage": 100,
    "storageType": "gp3",
}


def a_network(*zones: str, name: str = "group", account: Account | None = None) -> Account:
    """An account with a subnet group over these zones."""
    made = account or Account()
    subnets = [
        created("ec2.Subnet", f"{name}-subnet-{n}", account=made, vpcId="vpc-1", availabilityZone=zone).id
        for n, zone in enumerate(zones)
    ]
    created("rds.SubnetGroup", name, account=made, name=name, subnetIds=subnets)
    return made


def made(kind: str, account: Account | None = None, /, **inputs: Any) -> Mapping[str, Any]:
    """The outputs of a database of this kind."""
    request = a_request(kind, "it", account=account, **{**USUAL[kind], **inputs})
    check_inputs(request)
    check_name(request)
    _, outputs = answered(request)
    return outputs


def refusal(kind: str, account: Account | None = None, /, **inputs: Any) -> str:
    """What is said instead of making it."""
    with pytest.raises((AwsApiError, InvalidInput)) as caught:
        made(kind, account, **inputs)
    return str(caught.value)


class TestInstance:
    def test_what_aws_fills_in(self) -> None:
        database = made("rds.Instance")
        expected = {
            "multiAz": False,
            "publiclyAccessible": False,
            "backupRetentionPeriod": 0,
            "storageEncrypted": False,
            "deletionProtection": False,
            "port": 5432,
        }
        assert {name: database[name] for name in expected} == expected
        assert database.get("kmsKeyId") is None

    @pytest.mark.parametrize(("engine", "port"), [("postgres", 5432), ("mysql", 3306), ("mariadb", 3306)])
    def test_the_port_follows_the_engine(self, engine: str, port: int) -> None:
        assert made("rds.Instance", engine=engine)["port"] == port

    def test_its_id_is_not_its_name(self) -> None:
        identity, database = answered(a_request("rds.Instance", "it", **USUAL["rds.Instance"]))
        assert re.fullmatch(r"db-[A-Z2-7]{26}", identity)
        assert database["resourceId"] == identity
        assert database["arn"] == "arn:aws:rds:ap-southeast-1:123456789012:db:db"
        assert re.fullmatch(
            r"db\.c[a-z2-7]{11}\.ap-southeast-1\.rds\.amazonaws\.com:5432", database["endpoint"]
        )
        assert database["endpoint"] == f"{database['address']}:5432"

    def test_encryption_without_a_key_uses_the_one_that_aws_manages(self) -> None:
        database = made("rds.Instance", storageEncrypted=True)
        assert database["kmsKeyId"] == managed_key_arn("123456789012", "rds", "ap-southeast-1")

    def test_it_is_put_into_a_zone_of_its_group(self) -> None:
        account = a_network(B, C)
        zones = {
            answered(
                a_request(
                    "rds.Instance",
                    f"db{n}",
                    account=account,
                    dbSubnetGroupName="group",
                    **USUAL["rds.Instance"],
                )
            )[1]["availabilityZone"]
            for n in range(30)
        }
        assert zones == {B, C}


def a_key(account: Account, region: str = "ap-southeast-1", **inputs: Any) -> StoredResource:
    return created("kms.Key", "key", account=account, region=region, **inputs)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a zone for multi-az": (
        {"multiAz": True, "availabilityZone": A},
        "InvalidParameterCombination: Requesting a specific availability zone is not valid for Multi-AZ instances.",
    ),
    "a group that does not exist": (
        {"dbSubnetGroupName": "nothing"},
        "DBSubnetGroupNotFoundFault: DBSubnetGroup 'nothing' not found.",
    ),
    "a zone that the group does not cover": (
        {"dbSubnetGroupName": "group", "availabilityZone": C},
        "there is not a subnet in ap-southeast-1c, the targeted availability zone",
    ),
    "backups for too long": ({"backupRetentionPeriod": 36}, "Retention period must be between 0 and 35."),
    "backups for less than none": ({"backupRetentionPeriod": -1}, "Invalid backup retention period: -1."),
    "no user": ({"username": None}, '"username": required field is not set'),
    "no password": ({"manageMasterUserPassword": None}, "MasterUserPassword must be provided"),
    "a short password": (
        {"manageMasterUserPassword": None, "password": "short"},
        "shorter than 8 characters",
    ),
    "no storage": ({"allocatedStorage": None}, '"allocated_storage": required field is not set'),
    "performance of a small volume": (
        {"storageType": "gp3", "iops": 5000},
        "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.",
    ),
    "a key that is no ARN": ({"storageEncrypted": True, "kmsKeyId": "k1"}, "(k1) is an invalid ARN"),
    "a key without encryption": (
        {"kmsKeyId": "arn:aws:kms:ap-southeast-1:123456789012:key/k1"},
        "You must enable StorageEncrypted when you specify KmsKeyId for DB engine postgres",
    ),
    "a key that does not exist": (
        {"storageEncrypted": True, "kmsKeyId": "arn:aws:kms:ap-southeast-1:123456789012:key/k1"},
        "KMSKeyNotAccessibleFault: The specified KMS key [arn:aws:kms:ap-southeast-1:123456789012:key/k1] does not",
    ),
    "a key of another account": (
        {"storageEncrypted": True, "kmsKeyId": "arn:aws:kms:ap-southeast-1:999999999999:key/k1"},
        "KMSKeyNotAccessibleFault",
    ),
    "capital letters": ({"identifier": "DB"}, "only lowercase alphanumeric characters and hyphens"),
    "a digit first": ({"identifier": "1db"}, "first character"),
    "two hyphens": ({"identifier": "d--b"}, "two consecutive hyphens"),
    "an engine that lives in clusters": ({"engine": "aurora-mysql"}, "Standalone instances for this engine"),
    "a version that there never was": ({"engineVersion": "9"}, "Cannot find version 9 for postgres"),
    "a class of EC2": ({"instanceClass": "t3.medium"}, "Invalid DB Instance class: t3.medium"),
    "two passwords": ({"password": "eight888"}, '"manage_master_user_password": conflicts with password'),
    "a user of the engine's own": ({"username": "rdsadmin"}, "reserved word used by the engine"),
    "a hyphen last": ({"identifier": "db-"}, "cannot end with a hyphen"),
}


@pytest.mark.parametrize(("inputs", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_of_an_instance(inputs: dict[str, Any], words: str) -> None:
    assert words in refusal("rds.Instance", a_network(A, B), **inputs)


ACCEPTED: dict[str, dict[str, Any]] = {
    "multi-az": {"multiAz": True, "dbSubnetGroupName": "group"},
    "a zone of the group": {"dbSubnetGroupName": "group", "availabilityZone": B},
    "the default group": {"dbSubnetGroupName": "default"},
    "the most backups": {"backupRetentionPeriod": 35},
    "a password": {"manageMasterUserPassword": None, "password": "eight888"},
    "performance of a large volume": {"storageType": "gp3", "allocatedStorage": 400, "iops": 12000},
    "a snapshot's own user": {"username": None, "snapshotIdentifier": "s"},
    "the managed key by its alias": {
        "storageEncrypted": True,
        "kmsKeyId": "arn:aws:kms:ap-southeast-1:123456789012:alias/aws/rds",
    },
    "the managed key by its id": {
        "storageEncrypted": True,
        "kmsKeyId": managed_key_arn("123456789012", "rds", "ap-southeast-1"),
    },
}


@pytest.mark.parametrize("inputs", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_is_accepted_of_an_instance(inputs: dict[str, Any]) -> None:
    assert made("rds.Instance", a_network(A, B), **inputs)["status"] == "available"


def test_an_unknown_value_never_causes_an_internal_error() -> None:
    optional = {
        "rds.Instance": ("password", "dbSubnetGroupName", "multiAz", "kmsKeyId", "storageType", "iops"),
        "rds.Cluster": ("masterPassword", "dbClusterInstanceClass", "dbSubnetGroupName", "engineVersion"),
        "rds.ClusterInstance": ("availabilityZone", "promotionTier"),
    }
    broken = {}
    for kind, names in optional.items():
        for name in (*names, *USUAL[kind]):
            try:
                made(kind, TestMember().cluster(), **{name: UNKNOWN})
            except (AwsApiError, InvalidInput):
                pass
            except ValueError as error:
                broken[kind, name] = error
    assert broken == {}


class TestKeys:
    @pytest.mark.parametrize("by", ["arn", "alias"])
    def test_a_key_of_the_program(self, by: str) -> None:
        account = Account()
        key = a_key(account)
        alias = created("kms.Alias", "a", account=account, name="alias/app", targetKeyId=key.id)
        named = (key if by == "arn" else alias).values["arn"]
        assert made("rds.Instance", account, storageEncrypted=True, kmsKeyId=named)["kmsKeyId"] == named

    def test_one_that_is_disabled_is_refused(self) -> None:
        account = Account()
        key = a_key(account, isEnabled=False)
        assert "is not enabled" in refusal(
            "rds.Instance", account, storageEncrypted=True, kmsKeyId=key.values["arn"]
        )

    def test_one_of_another_region_is_refused(self) -> None:
        account = Account()
        key = a_key(account, region="eu-west-1")
        words = refusal("rds.Instance", account, storageEncrypted=True, kmsKeyId=key.values["arn"])
        assert "KMSKeyNotAccessibleFault" in words


class TestSubnetGroup:
    def test_one_zone_is_not_enough(self) -> None:
        with pytest.raises(AwsApiError) as caught:
            a_network(A, A)
        assert str(caught.value) == (
            "creating RDS DB Subnet Group (group): operation error RDS: CreateDBSubnetGroup, https response error "
            "StatusCode: 400, DBSubnetGroupDoesNotCoverEnoughAZs: The DB subnet group doesn't meet Availability "
            "Zone (AZ) coverage requirement. Current AZ coverage: ap-southeast-1a. Add subnets to cover at least "
            "2 AZs."
        )

    def test_it_knows_the_vpc_of_its_subnets(self) -> None:
        (group,) = a_network(A, B).of_type("aws:rds/subnetGroup:SubnetGroup")
        assert group.values["vpcId"] == "vpc-1"

    def test_subnets_that_the_account_does_not_know_are_not_judged(self) -> None:
        account = Account()
        assert created("rds.SubnetGroup", "g", account=account, name="g", subnetIds=["subnet-x"]).id == "g"

    def test_a_group_of_another_region_does_not_exist_here(self) -> None:
        account = a_network(A, B)
        request = a_request(
            "rds.Instance",
            "it",
            account=account,
            region="eu-west-1",
            **{**USUAL["rds.Instance"], "dbSubnetGroupName": "group"},
        )
        with pytest.raises(AwsApiError, match="DBSubnetGroupNotFoundFault"):
            answered(request)


class TestReplica:
    def source(self, days: int, **more: Any) -> tuple[Account, StoredResource]:
        account = Account()
        password = {"manageMasterUserPassword": None, "password": "correct-horse-battery-staple"}
        inputs = {**USUAL["rds.Instance"], **password, "identifier": "source", "backupRetentionPeriod": days}
        return account, created("rds.Instance", "source", account=account, **{**inputs, **more})

    def test_it_needs_neither_user_nor_storage(self) -> None:
        account, source = self.source(7)
        inputs = {"username": None, "allocatedStorage": None, "manageMasterUserPassword": None}
        for named in (source.id, "source", source.values["arn"]):
            assert made("rds.Instance", account, replicateSourceDb=named, **inputs)["identifier"] == "db"

    def test_a_source_without_backups_is_refused(self) -> None:
        account, source = self.source(0)
        words = refusal("rds.Instance", account, replicateSourceDb=source.id)
        assert words.startswith("creating RDS DB Instance (read replica) (db): operation error RDS: ")
        assert "InvalidDBInstanceState: Automated backups are not enabled" in words

    def test_a_refusal_names_the_engine_of_the_source(self) -> None:
        account, source = self.source(7)
        key = f"arn:aws:kms:ap-southeast-1:{account.id}:key/1"
        more = {"engine": None, "storageEncrypted": None, "kmsKeyId": key}
        words = refusal("rds.Instance", account, replicateSourceDb=source.id, **more)
        assert words.rstrip(".").endswith("when you specify KmsKeyId for DB engine postgres")

    def test_a_source_whose_password_rds_manages_is_refused(self) -> None:
        account, source = self.source(7, manageMasterUserPassword=True, password=None)
        words = refusal("rds.Instance", account, replicateSourceDb=source.id)
        assert (
            "InvalidParameterValue: Creating read replicas for source instance with engine postgres where "
            "ManageMasterUserPassword is enabled is not supported." in words
        )


class TestCluster:
    def test_what_aws_fills_in(self) -> None:
        cluster = made("rds.Cluster")
        assert (cluster["backupRetentionPeriod"], cluster["storageEncrypted"], cluster["port"]) == (
            1,
            False,
            5432,
        )
        assert cluster["availabilityZones"] == [A, B, C]
        assert ".cluster-ro-c" in cluster["readerEndpoint"]

    @pytest.mark.parametrize(
        ("inputs", "words"),
        [
            ({"backupRetentionPeriod": 0}, "Retention period must be between 1 and 35."),
            ({"masterUsername": None}, "MasterUsername must be provided"),
            ({"manageMasterUserPassword": None}, "MasterUserPassword must be provided"),
            ({"engineMode": "serverless"}, "engine mode serverless you requested is currently unavailable"),
            ({"dbClusterInstanceClass": "db.m5d.large"}, "isn't supported for DB engine aurora-postgresql"),
            ({"clusterIdentifier": "Cluster"}, 'allowed in "cluster_identifier"'),
        ],
    )
    def test_what_is_refused(self, inputs: dict[str, Any], words: str) -> None:
        assert words in refusal("rds.Cluster", **inputs)

    def test_a_multi_az_cluster_is_made(self) -> None:
        account = a_network(A, B, C)
        cluster = made("rds.Cluster", account, dbSubnetGroupName="group", **MULTI_AZ_CLUSTER)
        assert cluster["engine"] == "postgres"

    @pytest.mark.parametrize(
        ("inputs", "words"),
        [
            ({"dbClusterInstanceClass": None}, "DBClusterInstanceClass is required."),
            ({"allocatedStorage": None}, "AllocatedStorage is required."),
            ({"storageType": None}, "StorageType is required."),
            (
                {"dbClusterInstanceClass": "db.t3.medium"},
                "class db.t3.medium isn't supported for Multi-AZ DB",
            ),
            ({"dbSubnetGroupName": "two"}, "the following Availability Zones: ap-southeast-1c."),
        ],
    )
    def test_what_is_refused_of_a_multi_az_cluster(self, inputs: dict[str, Any], words: str) -> None:
        account = a_network(A, B, name="two", account=a_network(A, B, C))
        assert words in refusal(
            "rds.Cluster", account, **{"dbSubnetGroupName": "group", **MULTI_AZ_CLUSTER, **inputs}
        )


class TestMember:
    def cluster(self, **inputs: Any) -> Account:
        account = a_network(A, B, C)
        created(
            "rds.Cluster",
            "cluster",
            account=account,
            **{**USUAL["rds.Cluster"], "dbSubnetGroupName": "group", **inputs},
        )
        return account

    def test_aurora_spreads_its_instances_over_the_zones(self) -> None:
        account = self.cluster()
        zones = [
            created(
                "rds.ClusterInstance",
                f"m{n}",
                account=account,
                **{**USUAL["rds.ClusterInstance"], "identifier": f"m{n}"},
            ).values["availabilityZone"]
            for n in range(4)
        ]
        assert set(zones[:3]) == {A, B, C}
        assert zones[3] in (A, B, C)

    def test_it_has_its_clusters_encryption(self) -> None:
        account = self.cluster(storageEncrypted=True)
        member = made("rds.ClusterInstance", account)
        assert member["storageEncrypted"] is True
        assert member["kmsKeyId"] == managed_key_arn("123456789012", "rds", "ap-southeast-1")

    @pytest.mark.parametrize(
        ("cluster", "inputs", "words"),
        [
            ({}, {"clusterIdentifier": "nothing"}, "DBClusterNotFoundFault: DBCluster nothing not found."),
            ({}, {"engine": "aurora-mysql"}, "doesn't match the engine name of your DB cluster"),
            (
                MULTI_AZ_CLUSTER,
                {"engine": "postgres"},
                "can't be used to create a DB instance in a Multi-AZ DB",
            ),
        ],
    )
    def test_what_is_refused(self, cluster: dict[str, Any], inputs: dict[str, Any], words: str) -> None:
        assert words in refusal("rds.ClusterInstance", self.cluster(**cluster), **inputs)

    def test_a_zone_that_the_clusters_group_does_not_cover(self) -> None:
        account = a_network(A, B)
        created(
            "rds.Cluster",
            "cluster",
            account=account,
            **{**USUAL["rds.Cluster"], "dbSubnetGroupName": "group"},
        )
        words = refusal("rds.ClusterInstance", account, availabilityZone=C)
        assert "not a subnet in ap-southeast-1c" in words


class TestVpcOfSecurityGroups:
    """A database and its security groups are in one VPC: that of its subnet group, or else the default VPC."""

    def network(self) -> tuple[Account, dict[str, str]]:
        """A subnet group in a VPC, and a security group in it, in another one and in the default VPC."""
        account = Account()
        vpcs = {
            name: created("ec2.Vpc", name, account=account, cidrBlock="10.0.0.0/16").id
            for name in ("own", "other")
        }
        groups: dict[str, dict[str, Any]] = {
            **{name: {"vpcId": vpc} for name, vpc in vpcs.items()},
            "default": {"name": "d"},
            "unknown": {"vpcId": UNKNOWN},
        }
        ids = {
            name: created("ec2.SecurityGroup", f"group-{name}", account=account, **given).id
            for name, given in groups.items()
        }
        subnets = [
            created(
                "ec2.Subnet",
                f"subnet-{n}",
                account=account,
                vpcId=vpcs["own"],
                cidrBlock=f"10.0.{n}.0/24",
                availabilityZone=zone,
            ).id
            for n, zone in enumerate((A, B))
        ]
        created("rds.SubnetGroup", "group", account=account, name="group", subnetIds=subnets)
        return account, ids

    @pytest.mark.parametrize("kind", ["rds.Instance", "rds.Cluster"])
    @pytest.mark.parametrize(
        ("place", "group", "refused"),
        [
            ("group", "own", False),
            ("group", "other", True),
            ("group", "default", True),
            ("group", "unknown", False),
            (None, "default", False),
            (None, "own", True),
            (UNKNOWN, "other", False),
        ],
    )
    def test_what_is_refused(self, kind: str, place: Any, group: str, refused: bool) -> None:
        account, ids = self.network()
        given = {"dbSubnetGroupName": place, "vpcSecurityGroupIds": [UNKNOWN, ids[group]]}
        if refused:
            words = refusal(kind, account, **given)
            assert (
                "InvalidParameterCombination: The DB instance and EC2 security group are in different"
                in words
            )
        else:
            made(kind, account, **given)

    def test_a_replica_may_be_in_the_vpc_of_its_source(self) -> None:
        account, ids = self.network()
        made(
            "rds.Instance", account, replicateSourceDb="of-another-program", vpcSecurityGroupIds=[ids["own"]]
        )


@pytest.mark.parametrize("kind", sorted(USUAL))
def test_a_name_that_is_taken_is_refused(kind: str) -> None:
    account = Account()
    if kind == "rds.ClusterInstance":
        created("rds.Cluster", "c", account=account, **USUAL["rds.Cluster"])
    created(kind, "first", account=account, **USUAL[kind])
    code = "DBClusterAlreadyExistsFault" if kind == "rds.Cluster" else "DBInstanceAlreadyExists"
    assert f"{code}: DB " in refusal(kind, account)


def test_instances_and_members_of_clusters_share_their_names() -> None:
    account = Account()
    created("rds.Cluster", "c", account=account, **USUAL["rds.Cluster"])
    created(
        "rds.ClusterInstance", "m", account=account, **{**USUAL["rds.ClusterInstance"], "identifier": "db"}
    )
    assert "DBInstanceAlreadyExists" in refusal("rds.Instance", account)
