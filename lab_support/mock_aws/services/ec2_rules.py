"""When EC2 refuses: the address ranges of VPCs and subnets, and gateways that a VPC has already."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError, CreationRefused, InvalidInput
from lab_support.mock_aws.default_network import INTERNET_GATEWAY, SUBNET, VPC
from lab_support.mock_aws.existing import find_existing
from lab_support.mock_aws.request import ResourceRequest, Values

_MORE_BLOCKS = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
# VPCs and subnets have between 16 and 65,536 addresses (Amazon VPC User Guide, "VPC CIDR blocks").
_WIDEST, _NARROWEST = 16, 28


def block_is_valid(request: ResourceRequest, values: Values) -> None:
    """The provider reads the block: an address of the network with nothing in its host part."""
    block = values.get("cidrBlock")
    if not isinstance(block, str):
        return
    try:
        ipaddress.IPv4Network(block)
    except ValueError:
        try:
            right = ipaddress.IPv4Network(block, strict=False)
        except ValueError:
            text = f'"cidr_block" ("{block}") must be a valid CIDR block: invalid CIDR address: {block}'
            raise InvalidInput("cidrBlock", text) from None
        text = (
            f'"cidr_block" ("{block}") must be a valid CIDR block: "{block}" is not a valid IPv4 CIDR block; '
        )
        raise InvalidInput("cidrBlock", f'{text}did you mean "{right}"?') from None


def vpc_is_of_a_size(request: ResourceRequest, values: Values) -> None:
    network = _network(values.get("cidrBlock"))
    if network is not None and not _WIDEST <= network.prefixlen <= _NARROWEST:
        raise CreationRefused("InvalidVpc.Range", f"The CIDR '{network}' is invalid.")


def subnet_lies_in_its_vpc(request: ResourceRequest, values: Values) -> None:
    """A subnet's addresses are its VPC's, and no other subnet's."""
    network = _network(values.get("cidrBlock"))
    vpc = next(
        (v for v in find_existing(request.account, request.region, VPC) if v.id == values.get("vpcId")), None
    )
    if network is None or vpc is None:
        return
    blocks = [
        _network(vpc.values.get("cidrBlock")),
        *(_network(block) for block in _more_blocks(request, vpc)),
    ]
    if None in blocks:
        return
    inside = any(network.subnet_of(block) for block in blocks if block is not None)
    if not inside or not _WIDEST <= network.prefixlen <= _NARROWEST:
        raise CreationRefused("InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
    for other in find_existing(request.account, request.region, SUBNET):
        its = _network(other.values.get("cidrBlock"))
        same = other is request.current or other.values.get("vpcId") != vpc.id
        if not same and its is not None and its.overlaps(network):
            raise CreationRefused(
                "InvalidSubnet.Conflict", f"The CIDR '{network}' conflicts with another subnet"
            )


def one_gateway_a_vpc(request: ResourceRequest, values: Values) -> None:
    vpc = values.get("vpcId")
    for other in find_existing(request.account, request.region, INTERNET_GATEWAY):
        if isinstance(vpc, str) and other.values.get("vpcId") == vpc and other is not request.current:
            text = f"Network {vpc} already has an internet gateway attached"
            doing = f"attaching EC2 Internet Gateway to VPC ({vpc})"
            raise AwsApiError("EC2", "AttachInternetGateway", "InvalidParameterValue", text, doing)


def _more_blocks(request: ResourceRequest, vpc: StoredResource) -> Iterator[Any]:
    for association in request.account.of_type(_MORE_BLOCKS):
        if association.values.get("vpcId") == vpc.id:
            yield association.values.get("cidrBlock")


def _network(block: Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(block, strict=False) if isinstance(block, str) else None
    except ValueError:
        return None
