"""The network that AWS gives to every account, and what comes with every VPC.

Every region of a new account has a default VPC with a public subnet in each zone (Amazon VPC User Guide, "Default
VPCs"); `Account(default_network=False)` is an account that has deleted them. Each VPC, a deployed one too, comes with a
default security group and a main route table.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any, Final

from lab_support.iam.regions import partition_of
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import ACCOUNT_ID, StoredResource
from lab_support.mock_aws.zones import zone_id, zones_of

VPC: Final = "aws:ec2/vpc:Vpc"
VPCS: Final = (VPC, "aws:ec2/defaultVpc:DefaultVpc")  # the second adopts the first
SUBNET: Final = "aws:ec2/subnet:Subnet"
SUBNETS: Final = (SUBNET, "aws:ec2/defaultSubnet:DefaultSubnet")
SECURITY_GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
INTERNET_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"


@cache
def default_network(account_id: str, region: str) -> tuple[StoredResource, ...]:
    home, own = f"{account_id}:{region}", partial(_resource, account_id, region)
    ids = {
        prefix: f"{prefix}-{identifiers.hexadecimal(home, 17)}"
        for prefix in ("acl", "dopt", "igw", "rtb", "sg", "vpc")
    }
    vpc = own(
        VPC,
        ids["vpc"],
        cidrBlock="172.31.0.0/16",
        default=True,
        instanceTenancy="default",
        enableDnsSupport=True,
        enableDnsHostnames=True,
        mainRouteTableId=ids["rtb"],
        defaultSecurityGroupId=ids["sg"],
        defaultNetworkAclId=ids["acl"],
        dhcpOptionsId=ids["dopt"],
        state="available",
    )
    subnets = [
        own(
            SUBNET,
            f"subnet-{identifiers.hexadecimal(f'{home}:{zone}', 17)}",
            vpcId=vpc.id,
            cidrBlock=f"172.31.{16 * number}.0/20",
            availabilityZone=zone,
            availabilityZoneId=zone_id(zone),
            defaultForAz=True,
            mapPublicIpOnLaunch=True,
            assignIpv6AddressOnCreation=False,
            availableIpAddressCount=4091,
            state="available",
        )
        for number, zone in enumerate(zones_of(region))
    ]
    gateway = own(INTERNET_GATEWAY, ids["igw"], vpcId=vpc.id)
    return (vpc, *subnets, gateway, *parts_of(vpc, gateway.id))


def parts_of(vpc: StoredResource, gateway_id: str = "") -> tuple[StoredResource, ...]:
    """The default security group and the main route table of a VPC."""
    own = partial(_resource, str(vpc.values.get("ownerId") or ACCOUNT_ID), vpc.region)
    group, table = vpc.values.get("defaultSecurityGroupId"), vpc.values.get("mainRouteTableId")
    local = {"cidrBlock": vpc.values.get("cidrBlock"), "gatewayId": "local"}
    public = [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway_id}] if gateway_id else []
    main = [{"main": True, "routeTableId": table}]
    text = "default VPC security group"
    return (
        own(SECURITY_GROUP, str(group), vpcId=vpc.id, name="default", description=text),
        own(ROUTE_TABLE, str(table), vpcId=vpc.id, routes=[local, *public], associations=main, main=True),
    )


_RESOURCES: Final = {
    VPC: "vpc",
    SUBNET: "subnet",
    SECURITY_GROUP: "security-group",
    ROUTE_TABLE: "route-table",
    INTERNET_GATEWAY: "internet-gateway",
}


def _resource(account_id: str, region: str, token: str, identity: str, **values: Any) -> StoredResource:
    arn = f"arn:{partition_of(region).name}:ec2:{region}:{account_id}:{_RESOURCES[token]}/{identity}"
    facts = {"arn": arn, "ownerId": account_id, "region": region, "tags": {}, "tagsAll": {}}
    return StoredResource(
        f"urn:pulumi:aws::{account_id}::{token}::{identity}", token, identity, region, {**facts, **values}
    )
