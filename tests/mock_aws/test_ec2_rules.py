"""Address ranges and gateways that EC2 refuses (Amazon VPC User Guide, "VPC CIDR blocks", "Subnet CIDR blocks")."""

from __future__ import annotations

import pytest

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
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


def a_subnet(account: Account, name: str = "first") -> str:
    return next(s for s in account.of_type("aws:ec2/subnet:Subnet") if s.urn.endswith(name)).id


def test_a_nat_gateway_fails_with_the_elastic_ip_of_another(account: Account) -> None:
    address = created("ec2.Eip", "address", account=account, domain="vpc")
    places = {"subnetId": a_subnet(account), "allocationId": address.id}
    created("ec2.NatGateway", "first", account=account, **places)
    with pytest.raises(AwsApiError, match=r"Resource\.AlreadyAssociated: Elastic IP address \[eipalloc-"):
        answered(a_request("ec2.NatGateway", "second", account=account, **places))


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "SubnetId"),
        ({"subnetId": "subnet"}, "AllocationId"),
        ({"availabilityMode": "regional"}, "VpcId"),
        ({"subnetId": "subnet", "connectivityType": "private"}, ""),
        ({"availabilityMode": "regional", "vpcId": "vpc"}, ""),
    ],
)
def test_what_a_nat_gateway_needs(account: Account, given: dict[str, str], missing: str) -> None:
    ids = {"subnet": a_subnet(account), "vpc": vpc_of(account)}
    asked = a_request(
        "ec2.NatGateway",
        "gateway",
        account=account,
        **{name: ids.get(value, value) for name, value in given.items()},
    )
    if missing:
        with pytest.raises(AwsApiError, match=f"MissingParameter: The request must include the {missing}"):
            answered(asked)
    else:
        answered(asked)


@pytest.mark.parametrize(
    "given", [{"subnetId": "subnet-1"}, {"allocationId": "eipalloc-1"}, {"connectivityType": "private"}]
)
def test_a_regional_nat_gateway_is_public_and_in_no_subnet(account: Account, given: dict[str, str]) -> None:
    asked = a_request(
        "ec2.NatGateway", "a", account=account, availabilityMode="regional", vpcId=vpc_of(account), **given
    )
    with pytest.raises(AwsApiError, match="regional availability mode"):
        answered(asked)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("10.0.1.4", ""),
        ("10.0.1.254", ""),
        ("10.0.2.10", "Address 10.0.2.10 does not fall within the subnet's address range"),
        ("10.0.1.3", "Address 10.0.1.3 is in subnet's reserved address range"),
        ("10.0.1.255", "Address 10.0.1.255 is in subnet's reserved address range"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_nat_gateways_private_addresses_are_its_subnets(
    account: Account, address: str, fault: str, is_first: bool
) -> None:
    request = a_request(
        "ec2.NatGateway",
        "nat",
        account=account,
        subnetId=a_subnet(account),
        allocationId="eipalloc-1",
        privateIp=address if is_first else UNKNOWN,
        secondaryPrivateIpAddresses=[] if is_first else [UNKNOWN, address],
    )
    if not fault:
        answered(request)
        return
    with pytest.raises(AwsApiError) as caught:
        answered(request)
    assert (caught.value.code, caught.value.text) == ("InvalidParameterValue", fault)


def test_a_regional_nat_gateway_adds_zones_by_itself_unless_it_is_given_addresses(account: Account) -> None:
    facts = {"availabilityMode": "regional", "vpcId": vpc_of(account)}
    _, automatic = answered(a_request("ec2.NatGateway", "a", account=account, **facts))
    addresses = [{"availabilityZone": "ap-southeast-1a", "allocationIds": ["eipalloc-1"]}]
    _, by_hand = answered(
        a_request("ec2.NatGateway", "b", account=account, **facts, availabilityZoneAddresses=addresses)
    )
    assert automatic["autoProvisionZones"] == "enabled"
    assert str(automatic["routeTableId"]).startswith("rtb-")
    assert by_hand["autoProvisionZones"] == "disabled"


def test_a_subnet_has_one_route_table(account: Account) -> None:
    tables = [
        created("ec2.RouteTable", name, account=account, vpcId=vpc_of(account)).id for name in ("one", "two")
    ]
    subnet = a_subnet(account)
    created("ec2.RouteTableAssociation", "first", account=account, subnetId=subnet, routeTableId=tables[0])
    with pytest.raises(AwsApiError, match=f"{tables[1]} conflicts with an existing association"):
        answered(
            a_request(
                "ec2.RouteTableAssociation",
                "second",
                account=account,
                subnetId=subnet,
                routeTableId=tables[1],
            )
        )


@pytest.mark.parametrize("is_inline", [True, False])
def test_a_table_has_one_route_to_a_destination(account: Account, is_inline: bool) -> None:
    route = {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"} if is_inline else None
    table = created(
        "ec2.RouteTable", "table", account=account, vpcId=vpc_of(account), routes=[route] if route else []
    ).id
    given = {"routeTableId": table, "gatewayId": "igw-1"}
    if not is_inline:
        created("ec2.Route", "first", account=account, destinationCidrBlock="0.0.0.0/0", **given)
    with pytest.raises(AwsApiError, match=r"RouteAlreadyExists: The route identified by 0\.0\.0\.0/0"):
        answered(a_request("ec2.Route", "second", account=account, destinationCidrBlock="0.0.0.0/0", **given))
    answered(a_request("ec2.Route", "third", account=account, destinationCidrBlock="10.9.0.0/16", **given))
