"""What a program is told when it looks something up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data_sources import assumed, look_up
from lab_support.mock_aws.services.kms import managed_key_arn
from tests.mock_aws.asking import created

ACCOUNT = "123456789012"


def found(function: str, account: Account | None = None, region: str = "ap-southeast-1", **args: Any) -> Any:
    """The result of a data source such as `index/getRegion`."""
    token = f"aws:{function}:{function.partition('/')[2]}"
    return look_up(token, args, account or Account(), region)


def test_the_zones_of_the_region() -> None:
    zones = found("index/getAvailabilityZones", state="available")
    assert zones["names"] == ["ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c"]
    assert zones["zoneIds"] == ["apse1-az1", "apse1-az2", "apse1-az3"]
    assert zones["state"] == "available"


def test_zones_that_are_excluded_are_left_out() -> None:
    zones = found("index/getAvailabilityZones", region="eu-west-1", excludeNames=["eu-west-1b"])
    assert zones["names"] == ["eu-west-1a", "eu-west-1c"]
    assert zones["zoneIds"] == ["euw1-az1", "euw1-az3"]


def test_an_availability_zone_is_found_by_its_name() -> None:
    zone = found("index/getAvailabilityZone", name="ap-southeast-1c")
    assert (zone["nameSuffix"], zone["state"]) == ("c", "available")


def test_the_caller_belongs_to_the_account() -> None:
    caller = found("index/getCallerIdentity")
    assert caller["accountId"] == caller["id"] == ACCOUNT
    assert caller["arn"].startswith(f"arn:aws:iam::{ACCOUNT}:")


def test_the_region_is_the_accounts_or_the_one_that_is_named() -> None:
    assert found("index/getRegion")["region"] == "ap-southeast-1"
    assert found("index/getRegion", region="eu-west-1")["name"] == "eu-west-1"


def test_the_partition_is_that_of_the_region() -> None:
    assert found("index/getPartition")["partition"] == "aws"
    china = found("index/getPartition", region="cn-north-1")
    assert (china["partition"], china["dnsSuffix"]) == ("aws-cn", "amazonaws.com.cn")


@pytest.mark.parametrize(
    ("args", "version"),
    [({"version": "16.3"}, "16.3"), ({"preferredMajorVersion": "16"}, "16"), ({}, "17.6")],
)
def test_the_version_of_an_engine(args: dict[str, str], version: str) -> None:
    answer = found("rds/getEngineVersion", engine="postgres", **args)
    assert (answer["version"], answer["engine"]) == (version, "postgres")


class TestKeys:
    def account(self) -> tuple[Account, str, str]:
        account = Account()
        key = created("kms.Key", "key", account=account)
        created("kms.Alias", "alias", account=account, name="alias/app", targetKeyId=key.id)
        return account, key.id, key.values["arn"]

    def test_a_resource_of_the_account_is_found_by_any_of_its_names(self) -> None:
        account, identity, arn = self.account()
        alias_arn = f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:alias/app"
        for name in (identity, arn, "alias/app", alias_arn):
            key = found("kms/getKey", account, keyId=name)
            assert (key["targetKeyArn"], key["keyManager"], key["enabled"]) == (arn, "CUSTOMER", True)

    def test_one_that_aws_manages_is_in_every_account(self) -> None:
        alias = found("kms/getAlias", name="alias/aws/rds")
        assert alias["targetKeyArn"] == managed_key_arn(ACCOUNT, "rds", "ap-southeast-1")
        assert alias["arn"] == f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:alias/aws/rds"
        assert found("kms/getKey", keyId="alias/aws/rds")["keyManager"] == "AWS"

    @pytest.mark.parametrize("region", ["ap-southeast-1", "eu-west-1"])
    def test_one_that_is_not_there_is_refused(self, region: str) -> None:
        account, identity, _ = self.account()
        wanted = identity if region == "eu-west-1" else "alias/nothing"
        with pytest.raises(AwsApiError, match=f"reading KMS Key \\({wanted}\\): couldn't find resource"):
            found("kms/getKey", account, region, keyId=wanted)

    def test_one_that_is_disabled_is_told_so(self) -> None:
        account = Account()
        key = created("kms.Key", "key", account=account, isEnabled=False)
        answer = found("kms/getKey", account, keyId=key.id)
        assert (answer["enabled"], answer["keyState"]) == (False, "Disabled")


class TestOthers:
    def test_what_the_account_holds_is_found(self) -> None:
        account = Account()
        vpc = created("ec2.Vpc", "vpc", account=account, cidrBlock="10.0.0.0/16")
        answer = found("ec2/getVpc", account, id=vpc.id)
        assert (answer["id"], answer["cidrBlock"], answer["arn"]) == (
            vpc.id,
            "10.0.0.0/16",
            vpc.values["arn"],
        )

    def test_what_does_not_match_is_not_it(self) -> None:
        account = Account()
        created("ec2.Vpc", "first", account=account, cidrBlock="10.0.0.0/16")
        second = created("ec2.Vpc", "second", account=account, cidrBlock="10.1.0.0/16")
        assert found("ec2/getVpc", account, cidrBlock="10.1.0.0/16")["id"] == second.id
        with pytest.raises(AwsApiError, match="no matching EC2 VPC found"):
            found("ec2/getVpc", account, "eu-west-1", cidrBlock="10.1.0.0/16")

    def test_what_may_exist_in_a_real_account_is_answered_with_the_arguments_and_an_id(self) -> None:
        def guess(cidr: str) -> Any:
            return assumed("aws:ec2/getVpc:getVpc", {"cidrBlock": cidr}, Account(), "ap-southeast-1")

        answer = guess("10.0.0.0/16")
        assert answer["cidrBlock"] == "10.0.0.0/16"
        assert answer["id"] == guess("10.0.0.0/16")["id"] != guess("10.1.0.0/16")["id"]
        assert re.fullmatch(r"vpc-[0-9a-f]{17}", answer["id"])
        assert answer["arn"] == f"arn:aws:ec2:ap-southeast-1:{ACCOUNT}:vpc/{answer['id']}"

    def test_arguments_that_are_none_do_not_count(self) -> None:
        account = Account()
        vpc = created("ec2.Vpc", "vpc", account=account)
        assert found("ec2/getVpc", account, id=vpc.id, cidrBlock=None)["id"] == vpc.id

    def test_a_data_source_that_the_sdk_does_not_know_is_answered_too(self) -> None:
        assert found("new/getThing", name="x")["id"] == "x"
