"""EC2's networks: VPCs, subnets, routes and network ACLs.

Formats: Service Authorization Reference, "Amazon EC2"; defaults: EC2 API Reference and the provider.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.data.combinations import EXACTLY_ONE, Combination
from lab_support.mock_aws.default_network import VPC
from lab_support.mock_aws.find_resources import FindAll, FindOne, fitting
from lab_support.mock_aws.lookup import Lookup, Values, not_found, single
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Computed, DeletionGuard, ResourceSpec
from lab_support.mock_aws.services import ec2_rules
from lab_support.mock_aws.services.ec2_common import ARN, SUBNET_EXISTS, TABLE_EXISTS, VPC_EXISTS, ec2_spec
from lab_support.mock_aws.zones import zone_id, zone_named
from lab_support.plan.values import UNKNOWN


def _zone(request: ResourceRequest, values: Values) -> Any:
    """AWS chooses a zone for a subnet that names none, by name or by id."""
    return zone_named(values.get("availabilityZoneId"), request.region) or identifiers.pick(
        request.urn, request.zones
    )


def _zone_id(request: ResourceRequest, values: Values) -> Any:
    return zone_id(values.get("availabilityZone"))


def _zone_exists(request: ResourceRequest, values: Values) -> None:
    zone = values.get("availabilityZone")
    if isinstance(zone, str) and zone not in request.zones:
        raise CreationRefused(
            "InvalidParameterValue",
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
            f"the following availability zones: {', '.join(request.zones)}.",
        )


def _ipv6_association(prefix: str, given: str) -> Any:
    """The id of the association with an IPv6 block; empty for a VPC or subnet that has none."""

    def value(request: ResourceRequest, values: Values) -> Any:
        if values.get(given) in (None, False, ""):
            return ""
        return f"{prefix}-{identifiers.hexadecimal(request.seed, 17)}"

    return value


def _ipv6_block(length: int) -> Any:
    """The block that Amazon gives a VPC which asks for one; here it is in the range for documentation (RFC 3849)."""

    def value(request: ResourceRequest, values: Values) -> Any:
        wanted = values.get("assignGeneratedIpv6CidrBlock")
        if wanted is UNKNOWN:
            return UNKNOWN
        digits = identifiers.hexadecimal(request.seed, 6)
        return f"2001:db8:{digits[:4]}:{digits[4:]}00::/{length}" if wanted is True else ""

    return value


def _route_id(request: ResourceRequest, values: Values) -> Any:
    """`r-`, the table, and the CRC of the destination, as the provider makes it (routeCreateID)."""
    destinations = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    table = values.get("routeTableId")
    destination = next((values[name] for name in destinations if values.get(name) is not None), UNKNOWN)
    if table is UNKNOWN or destination is UNKNOWN:
        return UNKNOWN
    return f"r-{table}{zlib.crc32(str(destination).encode())}"


def _log_format(request: ResourceRequest, values: Values) -> str:
    """The default format of version 2 (Amazon VPC User Guide, "Flow log records")."""
    fields = (
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
        "log-status"
    )
    return " ".join(f"${{{field}}}" for field in fields.split())


def _log_destination(request: ResourceRequest, values: Values) -> Any:
    """The ARN of the log group that a flow log writes to."""
    group = request.account.find(values.get("logGroupName"), "aws:cloudwatch/logGroup:LogGroup")
    return group.values.get("arn") if group else values.get("logDestination", "")


def _default_subnet(request: ResourceRequest, values: Values) -> Any:
    zone = values.get("availabilityZone")
    if not isinstance(zone, str):
        return UNKNOWN
    return f"subnet-{identifiers.hexadecimal(f'{request.account.id}:{request.region}:{zone}', 17)}"


def _default_subnet_block(request: ResourceRequest, values: Values) -> str:
    zones = list(request.zones)
    zone = values.get("availabilityZone")
    return f"172.31.{16 * (zones.index(zone) if zone in zones else 0)}.0/20"


_VPC_PARTS = {
    "mainRouteTableId": "rtb-{hex17:main}",
    "defaultRouteTableId": "rtb-{hex17:main}",
    "defaultSecurityGroupId": "sg-{hex17:default}",
    "defaultNetworkAclId": "acl-{hex17:default}",
    "dhcpOptionsId": "dopt-{homehex17}",
    "ipv6AssociationId": _ipv6_association("vpc-cidr-assoc", "assignGeneratedIpv6CidrBlock"),
}

# The default VPC and what came with it have the ids under which they can be looked up (existing.py).
_DEFAULT_PARTS = {
    name: re.sub(r"\{.*\}", "{homehex17}", part) for name, part in _VPC_PARTS.items() if isinstance(part, str)
}

_SUBNET_DEFAULTS: dict[str, Computed] = {
    "assignIpv6AddressOnCreation": False,
    "enableDns64": False,
    "enableResourceNameDnsAaaaRecordOnLaunch": False,
    "enableResourceNameDnsARecordOnLaunch": False,
    "ipv6Native": False,
    "privateDnsHostnameTypeOnLaunch": "ip-name",
}

_SUBNET_PARTS = {
    "availabilityZoneId": _zone_id,
    "ipv6CidrBlockAssociationId": _ipv6_association("subnet-cidr-assoc", "ipv6CidrBlock"),
}


def _find_vpc(lookup: Lookup) -> Values:
    by = {"id": "id", "cidrBlock": "cidrBlock", "dhcpOptionsId": "dhcpOptionsId", "default": "default"}
    vpc = single(fitting(lookup, by), "EC2 VPC")
    block = {"associationId": f"vpc-cidr-assoc-{vpc.id[4:]}", "cidrBlock": vpc.values.get("cidrBlock")}
    return {
        "default": False,
        "state": "available",
        **vpc.values,
        "id": vpc.id,
        "cidrBlockAssociations": [{**block, "state": "associated"}],
    }


def _find_route_table(lookup: Lookup) -> Values:
    """A route table, also by the subnet or gateway that is associated with it."""
    associations = list(lookup.resources("ec2.RouteTableAssociation"))
    found = fitting(lookup, {"routeTableId": "id", "vpcId": "vpcId"})
    args = dict(lookup.args)
    for condition in args.get("filters") or ():
        if condition.get("name") == "association.subnet-id":
            args["subnetId"] = next(iter(condition.get("values") or ()), None)
    for end in ("subnetId", "gatewayId"):
        if args.get(end) is not None:
            tables = {a.values.get("routeTableId") for a in associations if a.values.get(end) == args[end]}
            found = [table for table in found if table.id in tables]
    table = single(found, "EC2 Route Table")
    its = [
        {"main": False, "routeTableAssociationId": a.id, **a.values}
        for a in associations
        if a.values.get("routeTableId") == table.id
    ]
    return {
        "routes": [],
        **table.values,
        "id": table.id,
        "routeTableId": table.id,
        "associations": [*(table.values.get("associations") or ()), *its],
    }


def _find_prefix_list(lookup: Lookup) -> Values:
    """A list of address ranges: the account's own, or one that AWS keeps for a service of the region."""
    own = fitting(lookup, {"id": "id", "prefixListId": "id", "name": "name"})
    if own:
        return {**own[0].values, "id": own[0].id}
    reverse = lookup.partition.reverse_dns_prefix
    name = lookup.args.get("name") or _filter(lookup, "prefix-list-name")
    if not isinstance(name, str) or not name.startswith(reverse):
        raise not_found("no matching EC2 Managed Prefix List found")
    identity = f"pl-{identifiers.hexadecimal(name, 8)}"
    return {
        "id": identity,
        "prefixListId": identity,
        "name": name,
        "arn": f"arn:{lookup.partition.name}:ec2:{lookup.region}:aws:prefix-list/{identity}",
        "addressFamily": "IPv4",
        "ownerId": "AWS",
        "cidrBlocks": ["52.219.40.0/22", "52.219.32.0/22"],
        "entries": [{"cidr": "52.219.40.0/22", "description": ""}],
        "maxEntries": 0,
        "version": 1,
    }


def _filter(lookup: Lookup, name: str) -> Any:
    for condition in lookup.args.get("filters") or ():
        if condition.get("name") == name:
            return next(iter(condition.get("values") or ()), None)
    return None


_FIND_SUBNET = FindOne(
    {
        "id": "id",
        "availabilityZone": "availabilityZone",
        "availabilityZoneId": "availabilityZoneId",
        "cidrBlock": "cidrBlock",
        "defaultForAz": "defaultForAz",
        "vpcId": "vpcId",
    },
    what="EC2 Subnet",
    otherwise={"defaultForAz": False, "state": "available", "availableIpAddressCount": 251},
)

SPECS = {
    "ec2.Vpc": ec2_spec(
        "vpc",
        "vpc",
        creation=("EC2", "CreateVpc", "creating EC2 VPC"),
        defaults={"ipv6CidrBlock": _ipv6_block(56)},
        computed=_VPC_PARTS,
        rules=(ec2_rules.block_is_valid, ec2_rules.vpc_is_of_a_size),
        deletion=("EC2", "DeleteVpc", "deleting EC2 VPC ({id})"),
        guards=(
            DeletionGuard("DependencyViolation", "The vpc '{id}' has dependencies and cannot be deleted."),
        ),
        data_sources={"ec2.getVpc": _find_vpc, "ec2.getVpcs": FindAll({"ids": "id"})},
    ),
    "ec2.Subnet": ec2_spec(
        "subnet",
        "subnet",
        creation=("EC2", "CreateSubnet", "creating EC2 Subnet"),
        holds={"vpcId": VPC},
        defaults={"availabilityZone": _zone, "privateDnsHostnameTypeOnLaunch": "ip-name"},
        computed=_SUBNET_PARTS,
        rules=(_zone_exists, ec2_rules.block_is_valid, ec2_rules.subnet_lies_in_its_vpc),
        references=(VPC_EXISTS,),
        deletion=("EC2", "DeleteSubnet", "deleting EC2 Subnet ({id})"),
        guards=(
            DeletionGuard("DependencyViolation", "The subnet '{id}' has dependencies and cannot be deleted."),
        ),
        data_sources={"ec2.getSubnet": _FIND_SUBNET, "ec2.getSubnets": FindAll({"ids": "id"})},
    ),
    "ec2.RouteTable": ec2_spec(
        "rtb",
        "route-table",
        creation=("EC2", "CreateRouteTable", "creating Route Table"),
        holds={"vpcId": VPC},
        defaults={"routes": [], "propagatingVgws": []},
        references=(VPC_EXISTS,),
        deletion=("EC2", "DeleteRouteTable", "deleting Route Table ({id})"),
        guards=(
            DeletionGuard(
                "DependencyViolation",
                "The routeTable '{id}' has dependencies and cannot be deleted.",
                users=(("ec2.RouteTableAssociation", "routeTableId"),),
            ),
        ),
        data_sources={
            "ec2.getRouteTable": _find_route_table,
            "ec2.getRouteTables": FindAll({"ids": "id"}, {"vpcId": "vpcId"}),
        },
    ),
    "ec2.DefaultRouteTable": ResourceSpec(
        id="{defaultRouteTableId}", arn=ARN + "route-table/{id}", defaults={"routes": []}
    ),
    "ec2.Route": ResourceSpec(
        creation=("EC2", "CreateRoute", "creating Route in Route Table ({routeTableId})"),
        id=_route_id,
        computed={"origin": "CreateRoute", "instanceId": "", "instanceOwnerId": ""},
        references=(TABLE_EXISTS,),
        rules=(ec2_rules.route_is_new,),
        combinations=(
            Combination(
                EXACTLY_ONE,
                ("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"),
            ),
            Combination(
                EXACTLY_ONE,
                (
                    *("carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id"),
                    *("local_gateway_id", "nat_gateway_id", "network_interface_id", "transit_gateway_id"),
                    *("vpc_endpoint_id", "vpc_peering_connection_id"),
                ),
            ),
        ),
    ),
    "ec2.RouteTableAssociation": ec2_spec(
        "rtbassoc",
        creation=("EC2", "AssociateRouteTable", "creating Route Table ({routeTableId}) Association"),
        references=(TABLE_EXISTS, SUBNET_EXISTS),
        rules=(ec2_rules.subnet_has_one_table,),
        force_new=("gatewayId", "subnetId"),
    ),
    "ec2.MainRouteTableAssociation": ec2_spec("rtbassoc", force_new=("vpcId",)),
    "ec2.NetworkAcl": ec2_spec(
        "acl", "network-acl", holds={"vpcId": VPC}, defaults={"ingress": [], "egress": [], "subnetIds": []}
    ),
    "ec2.FlowLog": ec2_spec(
        "fl", "vpc-flow-log", defaults={"logFormat": _log_format, "logDestination": _log_destination}
    ),
    "ec2.VpcDhcpOptions": ec2_spec("dopt", "dhcp-options"),
    "ec2.DefaultVpc": ResourceSpec(
        id="vpc-{homehex17}",
        arn=ARN + "vpc/{id}",
        defaults={
            "enableDnsSupport": True,
            "enableDnsHostnames": True,
            "enableNetworkAddressUsageMetrics": False,
        },
        computed={
            "cidrBlock": "172.31.0.0/16",
            "instanceTenancy": "default",
            "existingDefaultVpc": True,
            **_VPC_PARTS,
            **_DEFAULT_PARTS,
        },
    ),
    "ec2.DefaultSubnet": ResourceSpec(
        id=_default_subnet,
        arn=ARN + "subnet/{id}",
        defaults={"mapPublicIpOnLaunch": True, **_SUBNET_DEFAULTS},
        computed={
            "vpcId": "vpc-{homehex17}",
            "cidrBlock": _default_subnet_block,
            "existingDefaultSubnet": True,
            "enableLniAtDeviceIndex": 0,
            **_SUBNET_PARTS,
        },
    ),
    "ec2.ManagedPrefixList": ResourceSpec(
        data_sources={"ec2.getManagedPrefixList": _find_prefix_list, "ec2.getPrefixList": _find_prefix_list}
    ),
}

# What pulumi-aws called it first.
ALIASES = {"ec2.EncryptionControl": "ec2.VpcEncryptionControl"}
