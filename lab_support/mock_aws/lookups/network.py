"""EC2's networks: VPCs, subnets, route tables, security groups, gateways, prefix lists."""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.lookups.holdings import Listed, fits
from lab_support.mock_aws.lookups.lookup import DataSource, Lookup, Values, not_found, single
from lab_support.mock_aws.zones import zones_of

_RULES: Final = ("vpc.SecurityGroupIngressRule", "vpc.SecurityGroupEgressRule")


def _vpc(lookup: Lookup) -> Values:
    by = {"id": "id", "cidrBlock": "cidrBlock", "dhcpOptionsId": "dhcpOptionsId", "default": "default"}
    vpc = single(_fitting(lookup, "ec2.Vpc", by), "EC2 VPC")
    block = {"associationId": f"vpc-cidr-assoc-{vpc.id[4:]}", "cidrBlock": vpc.values.get("cidrBlock")}
    return {
        "default": False,
        "state": "available",
        **vpc.values,
        "id": vpc.id,
        "cidrBlockAssociations": [{**block, "state": "associated"}],
    }


def _subnet(lookup: Lookup) -> Values:
    names = ("availabilityZone", "availabilityZoneId", "cidrBlock", "defaultForAz", "vpcId")
    subnet = single(
        _fitting(lookup, "ec2.Subnet", {"id": "id", **{name: name for name in names}}), "EC2 Subnet"
    )
    free = {"defaultForAz": False, "state": "available", "availableIpAddressCount": 251}
    return {**free, **subnet.values, "id": subnet.id}


def _security_group(lookup: Lookup) -> Values:
    group = single(
        _fitting(lookup, "ec2.SecurityGroup", {"id": "id", "name": "name", "vpcId": "vpcId"}),
        "EC2 Security Group",
    )
    return {**group.values, "id": group.id}


def _route_table(lookup: Lookup) -> Values:
    """A route table, also by the subnet or gateway that is associated with it."""
    associations = list(lookup.resources("ec2.RouteTableAssociation"))
    found = _fitting(lookup, "ec2.RouteTable", {"routeTableId": "id", "vpcId": "vpcId"})
    asked = dict(lookup.args)
    for each in asked.get("filters") or ():
        if each.get("name") == "association.subnet-id":
            asked["subnetId"] = next(iter(each.get("values") or ()), None)
    for end in ("subnetId", "gatewayId"):
        if asked.get(end) is not None:
            tables = {a.values.get("routeTableId") for a in associations if a.values.get(end) == asked[end]}
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


def _internet_gateway(lookup: Lookup) -> Values:
    gateway = single(
        _fitting(lookup, "ec2.InternetGateway", {"internetGatewayId": "id"}), "EC2 Internet Gateway"
    )
    vpc = gateway.values.get("vpcId")
    attached = [{"state": "available", "vpcId": vpc}] if vpc else []
    return {**gateway.values, "id": gateway.id, "internetGatewayId": gateway.id, "attachments": attached}


def _prefix_list(lookup: Lookup) -> Values:
    """A list of address ranges: the account's own, or one that AWS keeps for a service of the region."""
    own = _fitting(lookup, "ec2.ManagedPrefixList", {"id": "id", "prefixListId": "id", "name": "name"})
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


def _endpoint_service(lookup: Lookup) -> Values:
    """A service that a VPC endpoint can lead to; those of AWS itself are there in every region."""
    service = lookup.args.get("service")
    default = f"{lookup.partition.reverse_dns_prefix}.{lookup.region}.{service}"
    name = str(lookup.args.get("serviceName") or default)
    kind = lookup.args.get("serviceType") or (
        "Gateway" if name.rpartition(".")[2] in ("s3", "dynamodb") else "Interface"
    )
    host = ".".join(reversed(name.split(".")))
    return {
        "id": identifiers.hexadecimal(name, 10),
        "serviceName": name,
        "serviceType": kind,
        "serviceId": f"vpce-svc-{identifiers.hexadecimal(name, 17)}",
        "arn": lookup.arn("ec2", f"vpc-endpoint-service/vpce-svc-{identifiers.hexadecimal(name, 17)}"),
        "acceptanceRequired": False,
        "availabilityZones": list(zones_of(lookup.region)),
        "baseEndpointDnsNames": [host],
        "managesVpcEndpoints": False,
        "owner": "amazon",
        "privateDnsName": host,
        "privateDnsNames": [host],
        "serviceRegion": lookup.region,
        "supportedIpAddressTypes": ["ipv4"],
        "vpcEndpointPolicySupported": True,
    }


def _filter(lookup: Lookup, name: str) -> Any:
    for each in lookup.args.get("filters") or ():
        if each.get("name") == name:
            return next(iter(each.get("values") or ()), None)
    return None


def _fitting(lookup: Lookup, kind: str, by: dict[str, str]) -> list[StoredResource]:
    return [thing for thing in lookup.resources(kind) if fits(thing, lookup, by, kind)]


def _rule(lookup: Lookup) -> Values:
    wanted = lookup.args.get("securityGroupRuleId")
    found = [rule for rule in lookup.resources(*_RULES) if wanted in (None, rule.id)]
    rule = single(found, "EC2 Security Group ApiRule")
    return {**rule.values, "id": rule.id, "isEgress": "Egress" in rule.type}


DATA_SOURCES: Final[dict[str, DataSource]] = {
    "ec2.getInternetGateway": _internet_gateway,
    "ec2.getManagedPrefixList": _prefix_list,
    "ec2.getPrefixList": _prefix_list,
    "ec2.getRouteTable": _route_table,
    "ec2.getRouteTables": Listed("ec2.RouteTable", {"ids": "id"}, {"vpcId": "vpcId"}),
    "ec2.getSecurityGroup": _security_group,
    "ec2.getSecurityGroups": Listed("ec2.SecurityGroup", {"ids": "id", "arns": "arn", "vpcIds": "vpcId"}),
    "ec2.getSubnet": _subnet,
    "ec2.getSubnets": Listed("ec2.Subnet", {"ids": "id"}),
    "ec2.getVpc": _vpc,
    "ec2.getVpcEndpointService": _endpoint_service,
    "ec2.getVpcs": Listed("ec2.Vpc", {"ids": "id"}),
    "vpc.getSecurityGroupRule": _rule,
    "vpc.getSecurityGroupRules": lambda lookup: {
        "ids": [rule.id for rule in lookup.resources(*_RULES) if fits(rule, lookup, {}, "")]
    },
}
