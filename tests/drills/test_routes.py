"""The way of a packet from a subnet to the internet, through each kind of gateway, and where it ends."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.routes import WayOut, is_public, way_out, ways_out_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.network_plans import (
    EVERYWHERE,
    a_gateway,
    a_network,
    a_subnet,
    a_table,
    gateway_per_zone,
    one_gateway,
)
from tests.plans import ZONE_A, ZONE_B, a_plan, a_resource


def way(*more: Resource, subnet: str = "in-b", **options: Any) -> WayOut:
    """The way out of a private subnet of the network, with these resources added."""
    plan = a_plan(*a_network(), *more)
    return way_out(plan, plan.named(subnet), **options)


def hops(found: WayOut) -> list[tuple[str, str]]:
    return [(hop.resource.name, hop.zone) for hop in found.hops]


def test_a_nat_gateway_leads_out_from_its_own_zone() -> None:
    found = way(a_gateway("nat", "out-a"), *a_table("private", "in-b", nat_gateway_id="nat-id"))
    assert hops(found) == [("nat", ZONE_A), ("igw", "")]
    assert (found.blocked, found.unknown) == ("", "")


def test_a_regional_nat_gateway_is_in_no_zone() -> None:
    nat = a_resource("ec2.NatGateway", "nat", availability_mode="regional", vpc_id="vpc-id")
    found = way(nat, *a_table("private", "in-b", nat_gateway_id="nat-id"))
    assert hops(found) == [("nat", ""), ("igw", "")]
    assert not found.blocked


@pytest.mark.parametrize(("zones", "zone"), [((ZONE_A, ZONE_B), ZONE_B), ((ZONE_A,), ZONE_A)])
def test_a_regional_nat_gateway_with_addresses_serves_in_their_zones(
    zones: tuple[str, ...], zone: str
) -> None:
    addresses = [{"availability_zone": name} for name in zones]
    nat = a_resource(
        "ec2.NatGateway",
        "nat",
        availability_mode="regional",
        vpc_id="vpc-id",
        availability_zone_addresses=addresses,
    )
    assert hops(way(nat, *a_table("private", "in-b", nat_gateway_id="nat-id")))[0] == ("nat", zone)


BLOCKED = {
    "no route": (a_table("private", "in-b"), "private has no route to the internet"),
    "main table without a route": ((), "the main route table of vpc has no route to the internet"),
    "straight to the internet gateway": (
        a_table("private", "in-b", gateway_id="igw-id"),
        "igw lets out only what has a public address",
    ),
    "private NAT gateway": (
        (
            a_gateway("nat", "out-b", connectivity_type="private"),
            *a_table("t", "in-b", nat_gateway_id="nat-id"),
        ),
        "nat is a private NAT gateway, which leads to no internet",
    ),
    "gateway in a private subnet": (
        (a_gateway("nat", "in-b"), *a_table("t", "in-b", nat_gateway_id="nat-id")),
        "its routes lead in a circle",
    ),
    "gateway of another VPC": (
        (
            a_resource("ec2.InternetGateway", "other", vpc_id="vpc-other"),
            *a_table("t", "in-b", gateway_id="other-id"),
        ),
        "other is not attached to its VPC",
    ),
    "NAT instance that checks destinations": (
        (
            a_resource("ec2.Instance", "nat", subnet_id="out-b-id", primary_network_interface_id="eni-1"),
            *a_table("t", "in-b", network_interface_id="eni-1"),
        ),
        "nat drops what is not addressed to it (source_dest_check)",
    ),
    "NAT instance without a public address": (
        (
            a_resource(
                "ec2.Instance",
                "nat",
                subnet_id="out-b-id",
                primary_network_interface_id="eni-1",
                source_dest_check=False,
            ),
            *a_table("t", "in-b", network_interface_id="eni-1"),
        ),
        "igw lets out only what has a public address",
    ),
}


@pytest.mark.parametrize(("resources", "why"), BLOCKED.values(), ids=BLOCKED.keys())
def test_a_packet_that_gets_no_further_says_why(resources: tuple[Resource, ...], why: str) -> None:
    found = way(*resources)
    assert (found.blocked, found.unknown) == (why, "")


@pytest.mark.parametrize(
    "target",
    [
        {"transit_gateway_id": "tgw-1"},
        {"vpc_peering_connection_id": "pcx-1"},
        {"nat_gateway_id": "nat-of-another-program"},
        {"nat_gateway_id": UNKNOWN},
        {"vpc_endpoint_id": "vpce-1"},
    ],
)
def test_a_way_that_leaves_the_plan_is_unknown(target: dict[str, Any]) -> None:
    found = way(*a_table("private", "in-b", **target))
    assert found.unknown
    assert not found.blocked


def test_a_subnet_of_a_vpc_elsewhere_has_an_unknown_way() -> None:
    subnet = a_resource("ec2.Subnet", "alone", vpc_id="vpc-elsewhere", availability_zone=ZONE_A)
    assert way_out(a_plan(subnet), subnet).unknown


def test_a_nat_instance_leads_out_from_its_zone() -> None:
    machine = a_resource(
        "ec2.Instance",
        "nat",
        subnet_id="out-b-id",
        primary_network_interface_id="eni-1",
        source_dest_check=False,
        associate_public_ip_address=True,
    )
    found = way(machine, *a_table("t", "in-b", network_interface_id="eni-1"))
    assert hops(found) == [("nat", ZONE_B), ("igw", "")]
    assert not found.blocked


def test_an_inspecting_endpoint_is_passed_before_the_gateway() -> None:
    inspected = (
        a_subnet("inspect-b", ZONE_B),
        a_resource("ec2.VpcEndpoint", "inspection", subnet_ids=["inspect-b-id"]),
        a_gateway("nat", "out-b"),
        *a_table("t", "in-b", vpc_endpoint_id="inspection-id"),
        *a_table("u", "inspect-b", nat_gateway_id="nat-id"),
    )
    assert [name for name, _ in hops(way(*inspected))] == ["inspection", "nat", "igw"]


def transit(*zones: str, entry: str = "in-b") -> tuple[Resource, ...]:
    """A transit gateway to a second VPC, with attachments in these zones of it and a NAT gateway in each."""
    own = [
        resource
        for zone in zones
        for resource in (
            a_resource("ec2.Subnet", f"exit-{zone[-1]}", vpc_id="egress-id", availability_zone=zone),
            a_gateway(f"nat-{zone[-1]}", f"out-{zone[-1]}"),
            *a_table(f"exit-{zone[-1]}-routes", f"exit-{zone[-1]}", nat_gateway_id=f"nat-{zone[-1]}-id"),
        )
    ]
    return (
        *own,
        a_resource("ec2.Vpc", "egress", main_route_table_id="rtb-other"),
        a_resource("ec2transitgateway.TransitGateway", "hub"),
        a_resource(
            "ec2transitgateway.VpcAttachment",
            "in",
            transit_gateway_id="hub-id",
            vpc_id="vpc-id",
            subnet_ids=[f"{entry}-id"],
        ),
        a_resource(
            "ec2transitgateway.VpcAttachment",
            "out",
            transit_gateway_id="hub-id",
            vpc_id="egress-id",
            subnet_ids=[f"exit-{zone[-1]}-id" for zone in zones],
        ),
        a_resource(
            "ec2transitgateway.Route",
            "default",
            destination_cidr_block=EVERYWHERE,
            transit_gateway_attachment_id="out-id",
        ),
        *a_table("private", "in-b", transit_gateway_id="hub-id"),
    )


@pytest.mark.parametrize(("zones", "zone"), [((ZONE_A, ZONE_B), ZONE_B), ((ZONE_A,), ZONE_A)])
def test_a_transit_gateway_leads_through_the_second_vpc_in_its_own_zone_if_it_can(
    zones: tuple[str, ...], zone: str
) -> None:
    found = way(*transit(*zones))
    assert hops(found) == [("hub", zone), (f"nat-{zone[-1]}", zone), ("igw", "")]
    assert not found.blocked


def test_a_transit_gateway_is_entered_in_the_zone_of_the_subnet_only() -> None:
    assert way(*transit(ZONE_B, entry="in-a")).blocked == f"hub has no attachment in {ZONE_B}"


def test_separate_routes_and_the_main_table_count() -> None:
    route = a_resource(
        "ec2.Route",
        "route",
        route_table_id="rtb-main",
        inputs={"destination_cidr_block": EVERYWHERE, "nat_gateway_id": "nat-id"},
    )
    assert hops(way(a_gateway("nat", "out-b"), route))[0] == ("nat", ZONE_B)


@pytest.mark.parametrize("blocks", [["10.9.0.0/16", EVERYWHERE], []])
@pytest.mark.parametrize("is_separate", [False, True])
def test_a_route_to_a_prefix_list_leads_to_each_block_in_it(blocks: list[str], is_separate: bool) -> None:
    entries = [{"cidr": block} for block in blocks]
    prefixes = a_resource("ec2.ManagedPrefixList", "world", entries=[] if is_separate else entries)
    separate = [
        a_resource("ec2.ManagedPrefixListEntry", f"entry-{n}", prefix_list_id="world-id", **entry)
        for n, entry in enumerate(entries if is_separate else [])
    ]
    route = a_resource(
        "ec2.Route",
        "route",
        route_table_id="rtb-main",
        inputs={"destination_prefix_list_id": "world-id", "nat_gateway_id": "nat-id"},
    )
    found = way(a_gateway("nat", "out-b"), prefixes, *separate, route)
    assert (hops(found)[:1], bool(found.blocked)) == ([("nat", ZONE_B)] if blocks else [], not blocks)


def test_the_most_specific_route_counts_and_routes_may_divide_the_internet() -> None:
    routes = [
        {"cidr_block": EVERYWHERE, "nat_gateway_id": "nat-a-id"},
        {"cidr_block": "128.0.0.0/1", "nat_gateway_id": "nat-b-id"},
    ]
    plan: Plan = a_plan(
        *a_network(),
        a_gateway("nat-a", "out-a"),
        a_gateway("nat-b", "out-b"),
        a_resource("ec2.RouteTable", "t", vpc_id="vpc-id", routes=routes),
        a_resource("ec2.RouteTableAssociation", "x", subnet_id="in-b-id", route_table_id="t-id"),
    )
    found = ways_out_of(plan, plan.named("in-b"))
    assert [hops(way)[0] for way in found] == [("nat-b", ZONE_B), ("nat-a", ZONE_A)]


def test_a_subnet_is_public_where_its_packets_go_straight_to_the_internet_gateway() -> None:
    plan = one_gateway()
    assert is_public(plan, plan.named("out-a"))
    assert not is_public(plan, plan.named("in-a"))
    assert not is_public(gateway_per_zone(), plan.named("in-b"))
