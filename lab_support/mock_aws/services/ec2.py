"""EC2 networking: VPCs, subnets, routes and security groups."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.answers import Answer, Request, Values
from lab_support.mock_aws.refusal import Refusal
from lab_support.mock_aws.zones import zone_id, zone_named

_ARN = "arn:{partition}:ec2:{region}:{account}:"
_OWNER = {"ownerId": "{account}"}


def _zone(request: Request, values: Values) -> Any:
    """AWS chooses a zone for a subnet that names none, by name or by id."""
    return zone_named(values.get("availabilityZoneId"), request.region) or identifiers.pick(
        request.urn, request.zones
    )


def _zone_id(request: Request, values: Values) -> Any:
    return zone_id(values.get("availabilityZone"))


def _zone_exists(request: Request, values: Values) -> None:
    zone = values.get("availabilityZone")
    if isinstance(zone, str) and zone not in request.zones:
        raise Refusal(
            "EC2",
            "CreateSubnet",
            "InvalidParameterValue",
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
            f"the following availability zones: {', '.join(request.zones)}.",
            doing="creating EC2 Subnet",
        )


def _in_a_vpc(request: Request, values: Values) -> None:
    vpc = values.get("vpcId")
    known = request.account.find(vpc, "aws:ec2/vpc:Vpc")
    if known is not None and known.region != values["region"]:
        raise Refusal(
            "EC2",
            "CreateSubnet",
            "InvalidVpcID.NotFound",
            f"The vpc ID '{vpc}' does not exist",
            doing="creating EC2 Subnet",
        )


def _thing(prefix: str, resource: str = "", **more: Any) -> Answer:
    """A row for a thing whose id is a prefix and 17 hexadecimal digits."""
    arn = f"{_ARN}{resource}/{{id}}" if resource else ""
    computed = {**_OWNER, **more.pop("computed", {})}
    return Answer(id=f"{prefix}-{{hex17}}", arn=arn, name=more.pop("name", ""), computed=computed, **more)


ROWS = {
    "ec2.Vpc": _thing(
        "vpc",
        "vpc",
        defaults={"instanceTenancy": "default", "enableDnsSupport": True, "enableDnsHostnames": False},
        computed={
            "mainRouteTableId": "rtb-{hex17}",
            "defaultRouteTableId": "rtb-{hex17}",
            "defaultSecurityGroupId": "sg-{hex17}",
            "defaultNetworkAclId": "acl-{hex17}",
            "dhcpOptionsId": "dopt-{hex8}",
        },
    ),
    "ec2.Subnet": _thing(
        "subnet",
        "subnet",
        defaults={
            "availabilityZone": _zone,
            "mapPublicIpOnLaunch": False,
            "assignIpv6AddressOnCreation": False,
        },
        computed={"availabilityZoneId": _zone_id},
        rules=(_zone_exists, _in_a_vpc),
    ),
    "ec2.SecurityGroup": _thing(
        "sg", "security-group", name="name", defaults={"description": "Managed by Pulumi"}
    ),
    "ec2.SecurityGroupRule": Answer(id="sgrule-{hex10}", name=""),
    "vpc.SecurityGroupIngressRule": Answer(id="sgr-{hex17}", name=""),
    "vpc.SecurityGroupEgressRule": Answer(id="sgr-{hex17}", name=""),
    "ec2.InternetGateway": _thing("igw", "internet-gateway"),
    "ec2.NatGateway": _thing("nat", defaults={"connectivityType": "public"}),
    "ec2.Eip": _thing("eipalloc", "elastic-ip", computed={"allocationId": "{id}", "domain": "vpc"}),
    "ec2.RouteTable": _thing("rtb", "route-table"),
    "ec2.Route": Answer(id="r-{hex17}", name="", computed={"origin": "CreateRoute", "state": "active"}),
    "ec2.RouteTableAssociation": Answer(id="rtbassoc-{hex17}", name=""),
    "ec2.MainRouteTableAssociation": Answer(id="rtbassoc-{hex17}", name=""),
    "ec2.VpcEndpoint": _thing("vpce", "vpc-endpoint", defaults={"vpcEndpointType": "Gateway"}),
    "ec2.NetworkAcl": _thing("acl", "network-acl"),
    "ec2.FlowLog": _thing("fl", "vpc-flow-log"),
    "ec2.Instance": _thing("i", "instance"),
}
