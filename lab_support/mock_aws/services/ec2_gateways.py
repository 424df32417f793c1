"""EC2's ways out of a VPC: gateways, elastic IPs, endpoints, peerings and VPNs."""

from __future__ import annotations

import json
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET, VPC
from lab_support.mock_aws.find_resources import FindAll, FindOne, fitting
from lab_support.mock_aws.follows import of_named, when
from lab_support.mock_aws.lookup import Lookup, Values, single
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Reference
from lab_support.mock_aws.services import ec2_rules, ec2_subnets
from lab_support.mock_aws.services.ec2_common import SUBNET_EXISTS, VPC_EXISTS, ec2_spec
from lab_support.mock_aws.zones import zones_of
from lab_support.plan.values import UNKNOWN

_ELASTIC_IP = of_named("allocationId", "aws:ec2/eip:Eip", "publicIp")


def _regional(automatic: str, by_hand: str) -> Any:
    """A property of a regional NAT gateway, which adds zones by itself unless addresses are given for each; empty for
    a zonal one (EC2 API Reference, "NatGateway")."""

    def value(request: ResourceRequest, values: Values) -> str:
        if values.get("availabilityMode") != "regional":
            return ""
        return by_hand if values.get("availabilityZoneAddresses") else automatic

    return value


def _regional_table(request: ResourceRequest, values: Values) -> str:
    """The route table that AWS makes for a regional NAT gateway (VPC User Guide, "Regional NAT gateways")."""
    return (
        f"rtb-{identifiers.hexadecimal(f'{request.seed}:routes', 17)}"
        if _regional("y", "y")(request, values)
        else ""
    )


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
    return [{"dnsName": f"{name}.{request.region}.vpce.{request.dns_suffix}", "hostedZoneId": zone}]


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


def _find_internet_gateway(lookup: Lookup) -> Values:
    gateway = single(fitting(lookup, {"internetGatewayId": "id"}), "EC2 Internet Gateway")
    vpc = gateway.values.get("vpcId")
    attached = [{"state": "available", "vpcId": vpc}] if vpc else []
    return {**gateway.values, "id": gateway.id, "internetGatewayId": gateway.id, "attachments": attached}


def _find_endpoint_service(lookup: Lookup) -> Values:
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


SPECS = {
    "ec2.InternetGateway": ec2_spec(
        "igw",
        "internet-gateway",
        creation=("EC2", "AttachInternetGateway", "attaching EC2 Internet Gateway to VPC ({vpcId})"),
        holds={"vpcId": VPC},
        rules=(ec2_rules.one_gateway_a_vpc,),
        references=(VPC_EXISTS,),
        data_sources={"ec2.getInternetGateway": _find_internet_gateway},
    ),
    "ec2.EgressOnlyInternetGateway": ec2_spec("eigw"),
    "ec2.NatGateway": ec2_spec(
        "nat",
        creation=("EC2", "CreateNatGateway", "creating EC2 NAT Gateway"),
        holds={"subnetId": SUBNET},
        defaults={
            "vpcId": ec2_subnets.of_subnet("vpcId"),
            "privateIp": ec2_subnets.private_address,
            "secondaryAllocationIds": [],
            "secondaryPrivateIpAddressCount": 0,
            "secondaryPrivateIpAddresses": [],
        },
        computed={
            "associationId": "eipassoc-{hex17}",
            "networkInterfaceId": "eni-{hex17}",
            "publicIp": _ELASTIC_IP,
            "autoProvisionZones": _regional("enabled", "disabled"),
            "autoScalingIps": _regional("enabled", "disabled"),
            "regionalNatGatewayAddresses": [],
            "regionalNatGatewayAutoMode": _regional("enabled", "disabled"),
            "routeTableId": _regional_table,
        },
        rules=(
            ec2_rules.nat_gateway_has_an_address,
            ec2_rules.private_address_is_in_the_subnet,
            ec2_rules.regional_gateway_is_in_no_subnet,
            ec2_rules.elastic_ip_is_free,
        ),
        references=(
            SUBNET_EXISTS,
            Reference(
                "InvalidAllocationID.NotFound",
                "The allocation ID '{value}' does not exist",
                name="allocationId",
                target="ec2.Eip",
            ),
        ),
        data_sources={
            "ec2.getNatGateway": FindOne({"id": "id", "subnetId": "subnetId"}, what="EC2 NAT Gateway"),
            "ec2.getNatGateways": FindAll({"ids": "id"}),
        },
        force_new=("privateIp",),
    ),
    "ec2.Eip": ec2_spec(
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
            "publicIp": ec2_subnets.public_address,
            "publicDns": lambda request, values: ec2_subnets.public_name(request.region, values["publicIp"]),
            **dict.fromkeys(("associationId", "privateIp", "privateDns", "carrierIp", "customerOwnedIp"), ""),
            "ptrRecord": "",
        },
        data_sources={
            "ec2.getEips": FindAll({"allocationIds": "id", "publicIps": "publicIp"}),
            "ec2.getElasticIp": FindOne({"id": "id", "publicIp": "publicIp"}, what="EC2 EIP"),
        },
        force_new=("customerOwnedIpv4Pool", "domain", "publicIpv4Pool"),
    ),
    "ec2.EipAssociation": ec2_spec("eipassoc", defaults={"publicIp": _ELASTIC_IP}),
    "ec2.VpcEndpoint": ec2_spec(
        "vpce",
        "vpc-endpoint",
        holds={"vpcId": VPC, "subnetIds": SUBNET, "securityGroupIds": SECURITY_GROUP},
        defaults={
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
        creation=("EC2", "CreateVpcEndpoint", "creating EC2 VPC Endpoint ({serviceName})"),
        references=(
            Reference("InvalidVpcId.NotFound", "The Vpc Id {value} does not exist", name="vpcId", target=VPC),
        ),
        data_sources={
            "ec2.getVpcEndpoint": FindOne(
                {"id": "id", "vpcId": "vpcId", "serviceName": "serviceName"}, what="EC2 VPC Endpoint"
            )
        },
    ),
    "ec2.VpcPeeringConnection": ec2_spec(
        "pcx",
        defaults={"peerOwnerId": "{account}", "peerRegion": "{region}"},
        computed={"acceptStatus": when("autoAccept", True, "active", "pending-acceptance")},
        data_sources={
            "ec2.getVpcPeeringConnection": FindOne(
                {"id": "id", "vpcId": "vpcId"}, what="EC2 VPC Peering Connection"
            )
        },
    ),
    "ec2.CustomerGateway": ec2_spec("cgw", "customer-gateway"),
    "ec2.VpnGateway": ec2_spec("vgw", "vpn-gateway", defaults={"amazonSideAsn": "64512"}),
}
DATA_SOURCES = {"ec2.getVpcEndpointService": _find_endpoint_service}
