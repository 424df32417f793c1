"""EC2's ways out of a VPC: gateways, elastic IPs, endpoints, peerings, VPNs and transit gateways."""

from __future__ import annotations

import json
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services import ec2_rules as rules
from lab_support.mock_aws.services import placement
from lab_support.mock_aws.services.ec2 import thing
from lab_support.plan.values import UNKNOWN


def _elastic_ip(property: str) -> Any:
    """A property of the elastic IP that a NAT gateway or an association uses."""

    def value(request: ResourceRequest, values: Values) -> Any:
        eip = request.account.find(values.get("allocationId"), "aws:ec2/eip:Eip")
        return eip.values.get(property) if eip else UNKNOWN

    return value


def _vpc_id(request: ResourceRequest, values: Values) -> Any:
    return placement.of_subnet("vpcId")(request, values)


def _is_interface(values: Values) -> bool:
    return values.get("vpcEndpointType") in ("Interface", "GatewayLoadBalancer")


def _endpoint_names(request: ResourceRequest, values: Values) -> Any:
    """The DNS names of an interface endpoint (AWS PrivateLink Guide, "Access an AWS service")."""
    service = values.get("serviceName")
    if not _is_interface(values):
        return []
    if not isinstance(service, str):
        return UNKNOWN
    name = f"{values['id']}-{identifiers.lower(request.seed, 8)}.{service.rpartition('.')[2]}"
    zone = f"Z{identifiers.upper(f'vpce:{request.region}', 13)}"
    return [{"dnsName": f"{name}.{request.region}.vpce.amazonaws.com", "hostedZoneId": zone}]


def _endpoint_interfaces(request: ResourceRequest, values: Values) -> Any:
    subnets = values.get("subnetIds")
    if not _is_interface(values) or not isinstance(subnets, (list, tuple)):
        return []
    return [f"eni-{identifiers.hexadecimal(f'{request.seed}:{n}', 17)}" for n, _ in enumerate(subnets)]


def _prefix_list(request: ResourceRequest, values: Values) -> str:
    if _is_interface(values):
        return ""
    seed = f"{request.region}:{values.get('serviceName')}"
    return f"pl-{identifiers.hexadecimal(seed, 8)}"


_EVERYTHING = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}


ROWS = {
    "ec2.InternetGateway": thing("igw", "internet-gateway", rules=(rules.one_gateway_a_vpc,)),
    "ec2.InternetGatewayAttachment": ResourceSpec(id="{internetGatewayId}:{vpcId}", name=""),
    "ec2.EgressOnlyInternetGateway": thing("eigw"),
    "ec2.NatGateway": thing(
        "nat",
        defaults={
            "connectivityType": "public",
            "availabilityMode": "zonal",
            "vpcId": _vpc_id,
            "privateIp": placement.private_address,
            "secondaryAllocationIds": [],
            "secondaryPrivateIpAddressCount": 0,
            "secondaryPrivateIpAddresses": [],
        },
        computed={
            "associationId": "eipassoc-{hex17}",
            "networkInterfaceId": "eni-{hex17}",
            "publicIp": _elastic_ip("publicIp"),
            "autoProvisionZones": "",
            "autoScalingIps": "",
            "regionalNatGatewayAddresses": [],
            "regionalNatGatewayAutoMode": "",
            "routeTableId": "",
        },
    ),
    "ec2.Eip": thing(
        "eipalloc",
        "elastic-ip",
        defaults={
            "domain": "vpc",
            "networkBorderGroup": "{region}",
            "publicIpv4Pool": "amazon",
            "instance": "",
            "networkInterface": "",
        },
        computed={
            "allocationId": "{id}",
            "publicIp": placement.public_address,
            "publicDns": lambda request, values: placement.public_name(request.region, values["publicIp"]),
            "associationId": "",
            "privateIp": "",
            "privateDns": "",
            "carrierIp": "",
            "customerOwnedIp": "",
            "ptrRecord": "",
        },
    ),
    "ec2.EipAssociation": thing("eipassoc", defaults={"publicIp": _elastic_ip("publicIp")}),
    "ec2.VpcEndpoint": thing(
        "vpce",
        "vpc-endpoint",
        defaults={
            "vpcEndpointType": "Gateway",
            "privateDnsEnabled": False,
            "ipAddressType": "ipv4",
            "routeTableIds": [],
            "securityGroupIds": [],
            "subnetIds": [],
            "serviceRegion": "{region}",
            "policy": json.dumps(_EVERYTHING),
        },
        computed={
            "state": "available",
            "requesterManaged": False,
            "cidrBlocks": [],
            "prefixListId": _prefix_list,
            "dnsEntries": _endpoint_names,
            "networkInterfaceIds": _endpoint_interfaces,
        },
    ),
    "ec2.VpcPeeringConnection": thing(
        "pcx",
        defaults={"peerOwnerId": "{account}", "peerRegion": "{region}"},
        computed={
            "acceptStatus": lambda request, values: (
                "active" if values.get("autoAccept") is True else "pending-acceptance"
            )
        },
    ),
    "ec2.CustomerGateway": thing("cgw", "customer-gateway"),
    "ec2.VpnGateway": thing("vgw", "vpn-gateway", defaults={"amazonSideAsn": "64512"}),
    "ec2transitgateway.TransitGateway": thing(
        "tgw",
        "transit-gateway",
        defaults={
            "amazonSideAsn": 64512,
            "autoAcceptSharedAttachments": "disable",
            "defaultRouteTableAssociation": "enable",
            "defaultRouteTablePropagation": "enable",
            "dnsSupport": "enable",
            "encryptionSupport": "disable",
            "multicastSupport": "disable",
            "securityGroupReferencingSupport": "disable",
            "vpnEcmpSupport": "enable",
        },
        computed={
            "associationDefaultRouteTableId": "tgw-rtb-{hex17}",
            "propagationDefaultRouteTableId": "tgw-rtb-{hex17}",
        },
    ),
    "ec2transitgateway.VpcAttachment": thing(
        "tgw-attach",
        "transit-gateway-attachment",
        defaults={
            "applianceModeSupport": "disable",
            "dnsSupport": "enable",
            "ipv6Support": "disable",
            "securityGroupReferencingSupport": "enable",
            "transitGatewayDefaultRouteTableAssociation": True,
            "transitGatewayDefaultRouteTablePropagation": True,
        },
        computed={"vpcOwnerId": "{account}"},
    ),
    "ec2transitgateway.RouteTable": thing("tgw-rtb", "transit-gateway-route-table"),
    "ec2transitgateway.Route": ResourceSpec(
        id="{transitGatewayRouteTableId}_{destinationCidrBlock}", name="", defaults={"blackhole": False}
    ),
    "ec2transitgateway.RouteTableAssociation": ResourceSpec(
        id="{transitGatewayRouteTableId}_{transitGatewayAttachmentId}",
        name="",
        computed={"resourceType": "vpc"},
    ),
    "ec2transitgateway.RouteTablePropagation": ResourceSpec(
        id="{transitGatewayRouteTableId}_{transitGatewayAttachmentId}",
        name="",
        computed={"resourceType": "vpc"},
    ),
}
