"""Address ranges and gateways that EC2 refuses (Amazon VPC User Guide, "VPC CIDR blocks", "Subnet CIDR blocks")."""

from __future__ import annotations

import pytest

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError, InvalidInput
from tests.mock_aws.asking import a_request, answered, created


@pytest.fixture
def account() -> Account:
    """An account with a VPC and a subnet in it."""
    made = Account()
    vpc = created("ec2.Vpc", "vpc", account=made, cidrBlock="10.0.0.0/16")
    created("ec2.Subnet", "first", account=made, vpcId=vpc.id, cidrBlock="10.0.1.0/24")
    return made


def vpc_of(account: Account) -> str:
    return next(account.of_type("aws:ec2/vpc:Vpc")).id


@pytest.mark.parametrize(
    ("block", "code", "text"),
    [
        ("192.168.0.0/24", "InvalidSubnet.Range", "The CIDR '192.168.0.0/24' is invalid."),
        ("10.0.0.0/29", "InvalidSubnet.Range", "The CIDR '10.0.0.0/29' is invalid."),
        ("10.0.0.0/15", "InvalidSubnet.Range", "The CIDR '10.0.0.0/15' is invalid."),
        ("10.0.1.128/25", "InvalidSubnet.Conflict", "The CIDR '10.0.1.128/25' conflicts with another subnet"),
    ],
)
def test_a_subnet_outside_of_its_vpc_or_over_another(
    account: Account, block: str, code: str, text: str
) -> None:
    with pytest.raises(AwsApiError) as caught:
        answered(a_request("ec2.Subnet", "second", account=account, vpcId=vpc_of(account), cidrBlock=block))
    assert (caught.value.code, caught.value.text) == (code, text)


def test_a_subnet_beside_the_others(account: Account) -> None:
    answered(
        a_request("ec2.Subnet", "second", account=account, vpcId=vpc_of(account), cidrBlock="10.0.2.0/24")
    )


def test_a_vpc_may_have_more_blocks(account: Account) -> None:
    created(
        "ec2.VpcIpv4CidrBlockAssociation",
        "more",
        account=account,
        vpcId=vpc_of(account),
        cidrBlock="10.1.0.0/16",
    )
    answered(
        a_request("ec2.Subnet", "second", account=account, vpcId=vpc_of(account), cidrBlock="10.1.2.0/24")
    )


@pytest.mark.parametrize("block", ["10.0.0.0/8", "10.0.0.0/29"])
def test_a_vpc_too_large_or_too_small(block: str) -> None:
    with pytest.raises(AwsApiError, match=r"InvalidVpc\.Range: The CIDR '10\.0\.0\.0/\d+' is invalid\."):
        answered(a_request("ec2.Vpc", "vpc", cidrBlock=block))


@pytest.mark.parametrize("block", ["10.0.0.1/16", "10.0.0.0", "ten", "10.0.0.0/33"])
def test_what_is_no_block(block: str) -> None:
    with (
        pytest.raises(InvalidInput, match="must be a valid CIDR block")
        if block != "10.0.0.0"
        else pytest.raises(AwsApiError, match="InvalidVpc")
    ):
        answered(a_request("ec2.Vpc", "vpc", cidrBlock=block))


def test_a_vpc_has_one_internet_gateway(account: Account) -> None:
    created("ec2.InternetGateway", "first", account=account, vpcId=vpc_of(account))
    with pytest.raises(AwsApiError, match="already has an internet gateway attached"):
        answered(a_request("ec2.InternetGateway", "second", account=account, vpcId=vpc_of(account)))
    answered(a_request("ec2.InternetGateway", "third", account=account))
