"""What the data files say that tools/ makes of botocore's models."""

from __future__ import annotations

import pytest

from lab_support.iam.regions import PARTITIONS, REGIONS, partition_of
from lab_support.mock_aws.data.aws_errors import is_declared, status_of
from lab_support.mock_aws.data.name_limits import name_limit


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("IAM", "EntityAlreadyExists", 409),
        ("IAM", "NoSuchEntity", 404),
        ("EFS", "FileSystemAlreadyExists", 409),
        ("RDS", "DBInstanceAlreadyExists", 400),
        ("S3", "BucketAlreadyExists", 409),
        ("EC2", "InvalidGroup.Duplicate", 400),
    ],
)
def test_the_status_of_an_error(service: str, code: str, status: int) -> None:
    assert status_of(service, code) == status


def test_a_call_declares_the_errors_of_its_model() -> None:
    assert is_declared("RDS", "CreateDBInstance", "DBInstanceAlreadyExists")
    assert not is_declared("RDS", "CreateDBInstance", "InvalidParameterCombination")
    assert not is_declared("EC2", "CreateSecurityGroup", "InvalidGroup.Duplicate")


def test_the_limits_of_a_role_name() -> None:
    limit = name_limit("aws:iam/role:Role")
    assert limit is not None
    assert (limit.service, limit.operation, limit.parameter) == ("IAM", "CreateRole", "RoleName")
    assert (limit.shortest, limit.longest) == (1, 64)
    assert not limit.fault("emergency-alert-task")
    assert limit.fault("a" * 65) == "Member must have length less than or equal to 64"
    assert "pattern" in limit.fault("with spaces")


def test_a_type_without_limits_in_its_model_has_none() -> None:
    assert name_limit("aws:ec2/vpc:Vpc") is None


@pytest.mark.parametrize(
    ("region", "name", "suffix"),
    [
        ("ap-southeast-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("eusc-de-west-7", "aws-eusc", "amazonaws.eu"),
        ("nowhere", "aws", "amazonaws.com"),
    ],
)
def test_the_partition_of_a_region(region: str, name: str, suffix: str) -> None:
    partition = partition_of(region)
    assert (partition.name, partition.dns_suffix) == (name, suffix)


def test_regions_are_those_of_the_commercial_partition() -> None:
    assert {"ap-southeast-1", "us-east-1"} <= {*REGIONS}
    assert not {*REGIONS} & {*PARTITIONS["aws-cn"].regions, "aws-global"}
