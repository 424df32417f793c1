"""Hand-made plans of networks: zones with subnets, gateways and tasks, for the drills and rules about ways out."""

from __future__ import annotations

from typing import Any

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource

ZONES = (ZONE_A, ZONE_B, ZONE_C)
EVERYWHERE = "0.0.0.0/0"


def a_table(name: str, *subnets: str, **target: Any) -> tuple[Resource, ...]:
    """A route table with a route to the internet, if it has a target, and its association with each of the subnets."""
    routes = [{"cidr_block": EVERYWHERE, **target}] if target else []
    return (
        a_resource("ec2.RouteTable", name, vpc_id="vpc-id", routes=routes),
        *(
            a_resource(
                "ec2.RouteTableAssociation",
                f"{name}-{subnet}",
                subnet_id=f"{subnet}-id",
                route_table_id=f"{name}-id",
            )
            for subnet in subnets
        ),
    )


def a_subnet(name: str, zone: str, **more: Any) -> Resource:
    return a_resource(
        "ec2.Subnet",
        name,
        vpc_id="vpc-id",
        availability_zone=zone,
        inputs={"availability_zone": zone},
        **more,
    )


def a_gateway(name: str, subnet: str, **more: Any) -> Resource:
    return a_resource("ec2.NatGateway", name, subnet_id=f"{subnet}-id", vpc_id="vpc-id", **more)


def a_service(*subnets: str, name: str = "service", **network: Any) -> Resource:
    return a_resource(
        "ecs.Service",
        name,
        desired_count=3,
        network_configuration={"subnets": [f"{subnet}-id" for subnet in subnets], **network},
    )


def a_network() -> tuple[Resource, ...]:
    """A VPC with an internet gateway, and a public (`out-a`) and a private (`in-a`) subnet in each zone."""
    return (
        a_resource("ec2.Vpc", "vpc", main_route_table_id="rtb-main", default_route_table_id="rtb-main"),
        a_resource("ec2.InternetGateway", "igw", vpc_id="vpc-id"),
        *(a_subnet(f"{kind}-{zone[-1]}", zone) for zone in ZONES for kind in ("out", "in")),
        *a_table("public", "out-a", "out-b", "out-c", gateway_id="igw-id"),
    )


PRIVATE = ("in-a", "in-b", "in-c")


def one_gateway(*more: Resource) -> Plan:
    """Three zones, and one NAT gateway, in zone a."""
    table = a_table("private", *PRIVATE, nat_gateway_id="nat-id")
    return a_plan(*a_network(), a_gateway("nat", "out-a"), *table, *more)


def gateway_per_zone(*more: Resource) -> Plan:
    """Three zones with a NAT gateway and a route table each."""
    own = [
        resource
        for letter in "abc"
        for resource in (
            a_gateway(f"nat-{letter}", f"out-{letter}"),
            *a_table(f"private-{letter}", f"in-{letter}", nat_gateway_id=f"nat-{letter}-id"),
        )
    ]
    return a_plan(*a_network(), *own, *more)
