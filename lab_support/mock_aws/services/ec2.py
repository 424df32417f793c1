"""EC2 networking: VPCs, subnets, routes, network ACLs and security groups.

Formats of ids and ARNs: Service Authorization Reference, "Amazon EC2"; defaults: EC2 API Reference and the provider.
"""

from __future__ import annotations

import zlib
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec
from lab_support.mock_aws.services import ec2_rules as rules
from lab_support.mock_aws.zones import zone_id, zone_named
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:ec2:{region}:{account}:"


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
        raise AwsApiError(
            "EC2",
            "CreateSubnet",
            "InvalidParameterValue",
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
            f"the following availability zones: {', '.join(request.zones)}.",
            doing="creating EC2 Subnet",
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


def _default_group(request: ResourceRequest, values: Values) -> Any:
    """The group that came with the VPC; without one, with the default VPC."""
    wanted = values.get("vpcId")
    if wanted is None:
        return f"sg-{identifiers.hexadecimal(f'{request.account.id}:{request.region}', 17)}"
    vpc = request.account.find(wanted, "aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc")
    return vpc.values.get("defaultSecurityGroupId", UNKNOWN) if vpc else UNKNOWN


def _default_subnet(request: ResourceRequest, values: Values) -> Any:
    zone = values.get("availabilityZone")
    if not isinstance(zone, str):
        return UNKNOWN
    return f"subnet-{identifiers.hexadecimal(f'{request.account.id}:{request.region}:{zone}', 17)}"


def _default_subnet_block(request: ResourceRequest, values: Values) -> str:
    zones = list(request.zones)
    zone = values.get("availabilityZone")
    return f"172.31.{16 * (zones.index(zone) if zone in zones else 0)}.0/20"


def thing(prefix: str, resource: str = "", arn: str = "", **more: Any) -> ResourceSpec:
    """A row for a thing whose id is a prefix and 17 hexadecimal digits."""
    if resource and not arn:
        arn = f"{_ARN}{resource}/{{id}}"
    return ResourceSpec(id=f"{prefix}-{{hex17}}", arn=arn, name=more.pop("name", ""), **more)


_VPC_DEFAULTS = {
    "instanceTenancy": "default",
    "enableDnsSupport": True,
    "enableDnsHostnames": False,
    "enableNetworkAddressUsageMetrics": False,
    "assignGeneratedIpv6CidrBlock": False,
    "ipv6CidrBlock": _ipv6_block(56),
}
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
    "mainRouteTableId": "rtb",
    "defaultRouteTableId": "rtb",
    "defaultSecurityGroupId": "sg",
    "defaultNetworkAclId": "acl",
    "dhcpOptionsId": "dopt",
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
_RULE = ResourceSpec(
    id="sgr-{hex17}", arn=_ARN + "security-group-rule/{id}", name="", computed={"securityGroupRuleId": "{id}"}
)

ROWS = {
    "ec2.Vpc": thing(
        "vpc",
        "vpc",
        defaults=_VPC_DEFAULTS,
        computed=_VPC_PARTS,
        rules=(rules.block_is_valid, rules.vpc_is_of_a_size),
    ),
    "ec2.Subnet": thing(
        "subnet",
        "subnet",
        defaults={"availabilityZone": _zone, "mapPublicIpOnLaunch": False, **_SUBNET_DEFAULTS},
        computed=_SUBNET_PARTS,
        rules=(_zone_exists, rules.block_is_valid, rules.subnet_lies_in_its_vpc),
    ),
    "ec2.SecurityGroup": thing(
        "sg",
        "security-group",
        name="name",
        # The provider takes away the rule that EC2 gives a new group, which lets everything out.
        defaults={
            "description": "Managed by Pulumi",
            "ingress": [],
            "egress": [],
            "revokeRulesOnDelete": False,
        },
    ),
    "ec2.SecurityGroupRule": ResourceSpec(
        id="sgrule-{digits10}",
        name="",
        defaults={"self": False},
        computed={"securityGroupRuleId": "sgr-{hex17}"},
    ),
    "vpc.SecurityGroupIngressRule": _RULE,
    "vpc.SecurityGroupEgressRule": _RULE,
    "ec2.RouteTable": thing("rtb", "route-table", defaults={"routes": [], "propagatingVgws": []}),
    "ec2.DefaultRouteTable": ResourceSpec(
        id="{defaultRouteTableId}", arn=_ARN + "route-table/{id}", name="", defaults={"routes": []}
    ),
    "ec2.Route": ResourceSpec(
        id=_route_id,
        name="",
        computed={"origin": "CreateRoute", "state": "active", "instanceId": "", "instanceOwnerId": ""},
    ),
    "ec2.RouteTableAssociation": thing("rtbassoc"),
    "ec2.MainRouteTableAssociation": thing("rtbassoc"),
    "ec2.NetworkAcl": thing("acl", "network-acl", defaults={"ingress": [], "egress": [], "subnetIds": []}),
    "ec2.FlowLog": thing(
        "fl",
        "vpc-flow-log",
        defaults={
            "logDestinationType": "cloud-watch-logs",
            "maxAggregationInterval": 600,
            "logFormat": _log_format,
            "logDestination": _log_destination,
        },
    ),
    "ec2.VpcDhcpOptions": thing("dopt", "dhcp-options"),
    "ec2.DefaultVpc": ResourceSpec(
        id="vpc-{homehex17}",
        arn=_ARN + "vpc/{id}",
        name="",
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
            **{name: f"{prefix}-{{homehex17}}" for name, prefix in _DEFAULT_PARTS.items()},
        },
    ),
    "ec2.DefaultSubnet": ResourceSpec(
        id=_default_subnet,
        arn=_ARN + "subnet/{id}",
        name="",
        defaults={"mapPublicIpOnLaunch": True, **_SUBNET_DEFAULTS},
        computed={
            "vpcId": "vpc-{homehex17}",
            "cidrBlock": _default_subnet_block,
            "existingDefaultSubnet": True,
            "enableLniAtDeviceIndex": 0,
            "outpostArn": "",
            **_SUBNET_PARTS,
        },
    ),
    "ec2.DefaultSecurityGroup": ResourceSpec(
        id=_default_group,
        arn=_ARN + "security-group/{id}",
        name="",
        defaults={"ingress": [], "egress": []},
        computed={"namePrefix": "", "name": "default", "description": "default VPC security group"},
    ),
}
