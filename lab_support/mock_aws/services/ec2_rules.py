"""When EC2 refuses: the address ranges of VPCs and subnets, and gateways that a VPC has already."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError, CreationRefused
from lab_support.mock_aws.default_network import INTERNET_GATEWAY, ROUTE_TABLE, SUBNET, VPC
from lab_support.mock_aws.existing import find_existing, subnet_of
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.invalid_input import InvalidInput

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
            text = f"The CIDR '{network}' conflicts with another subnet"
            raise CreationRefused("InvalidSubnet.Conflict", text)


def one_gateway_a_vpc(request: ResourceRequest, values: Values) -> None:
    vpc = values.get("vpcId")
    for other in find_existing(request.account, request.region, INTERNET_GATEWAY):
        if isinstance(vpc, str) and other.values.get("vpcId") == vpc and other is not request.current:
            text = f"Network {vpc} already has an internet gateway attached"
            raise CreationRefused("InvalidParameterValue", text)


def nat_gateway_has_an_address(request: ResourceRequest, values: Values) -> None:
    """A zonal NAT gateway is in a subnet and, if it is public, has an elastic IP (EC2 API Reference,
    "CreateNatGateway")."""
    needed = {"subnetId": "SubnetId", "allocationId": "AllocationId"}
    if values.get("availabilityMode") == "regional":
        needed = {"vpcId": "VpcId"}
    elif values.get("connectivityType") == "private":
        del needed["allocationId"]
    for name, parameter in needed.items():
        if request.inputs.get(name) in (None, ""):
            text = f"The request must include the {parameter} parameter."
            text = f"{text} Add the required parameter and retry the request."
            raise CreationRefused("MissingParameter", text)


def regional_gateway_is_in_no_subnet(request: ResourceRequest, values: Values) -> None:
    """A regional NAT gateway is public, in no subnet, and has its addresses by zone (EC2 API Reference,
    "CreateNatGateway"). The words are not EC2's: it does not publish them."""
    if values.get("availabilityMode") != "regional":
        return
    for name, parameter in (("subnetId", "SubnetId"), ("allocationId", "AllocationId")):
        if request.inputs.get(name):
            text = f"The parameter {parameter} cannot be used with the regional availability mode"
            raise CreationRefused("InvalidParameterCombination", text)
    if values.get("connectivityType") == "private":
        text = "The connectivity type private cannot be used with the regional availability mode"
        raise CreationRefused("InvalidParameterCombination", text)


def private_address_is_in_the_subnet(request: ResourceRequest, values: Values) -> None:
    """A NAT gateway's private addresses are its subnet's (EC2 API Reference, "CreateNatGateway"), but none of the
    first four nor the last, which AWS keeps (Amazon VPC User Guide, "Subnet CIDR blocks")."""
    subnet = subnet_of(request.account, request.region, request.inputs.get("subnetId"))
    network = _network(subnet.values.get("cidrBlock")) if subnet is not None else None
    if network is None:
        return
    more = request.inputs.get("secondaryPrivateIpAddresses")
    for given in (request.inputs.get("privateIp"), *(more if isinstance(more, (list, tuple)) else ())):
        address = _network(given)
        if address is not None and not address.subnet_of(network):
            text = f"Address {given} does not fall within the subnet's address range"
            raise CreationRefused("InvalidParameterValue", text)
        if address is not None and address[0] in (*(network[n] for n in range(4)), network[-1]):
            text = f"Address {given} is in subnet's reserved address range"
            raise CreationRefused("InvalidParameterValue", text)


def elastic_ip_is_free(request: ResourceRequest, values: Values) -> None:
    """The NAT gateway is created, and fails where another one has its elastic IP."""
    address = values.get("allocationId")
    for _ in _others(request, "allocationId", address):
        gateway = f"nat-{identifiers.hexadecimal(request.seed, 17)}"
        text = (
            f"waiting for EC2 NAT Gateway ({gateway}) create: unexpected state 'failed', wanted target 'available'. "
            f"last error: Resource.AlreadyAssociated: Elastic IP address [{address}] is already associated"
        )
        raise AwsApiError("", "", "Resource.AlreadyAssociated", text)


def subnet_has_one_table(request: ResourceRequest, values: Values) -> None:
    table = values.get("routeTableId")
    for _ in _others(request, "subnetId", values.get("subnetId")):
        text = f"the specified association for route table {table} conflicts with an existing association"
        raise CreationRefused("Resource.AlreadyAssociated", text)


def route_is_new(request: ResourceRequest, values: Values) -> None:
    """A table has one route to a destination: its own (`routes`) or a separate one."""
    destination, table = values.get("destinationCidrBlock"), values.get("routeTableId")
    given = [
        route.get("cidrBlock")
        for resource in request.account.of_type(ROUTE_TABLE)
        if resource.id == table and isinstance(resource.values.get("routes"), (list, tuple))
        for route in resource.values["routes"]
    ]
    given += [route.values.get("destinationCidrBlock") for route in _others(request, "routeTableId", table)]
    if isinstance(destination, str) and destination in given:
        text = f"The route identified by {destination} already exists."
        doing = f"creating Route in Route Table ({table}) with destination ({destination})"
        raise AwsApiError("EC2", "CreateRoute", "RouteAlreadyExists", text, doing)


def _others(request: ResourceRequest, name: str, value: Any) -> Iterator[StoredResource]:
    """Other resources of the same type with the same value."""
    for other in request.account.of_type(request.type):
        if isinstance(value, str) and other.values.get(name) == value and other is not request.current:
            yield other


def _more_blocks(request: ResourceRequest, vpc: StoredResource) -> Iterator[Any]:
    for association in request.account.of_type(_MORE_BLOCKS):
        if association.values.get("vpcId") == vpc.id:
            yield association.values.get("cidrBlock")


def _network(block: Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(block, strict=False) if isinstance(block, str) else None
    except ValueError:
        return None
