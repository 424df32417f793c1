"""The way of a packet from a subnet to the internet: which route it takes, and through what.

    way = way_out(plan, subnet)
    way.hops       # the gateways on the way, each with its zone
    way.blocked    # why the packet gets no further; empty if it reaches the internet

Sources: Amazon VPC User Guide, "Configure route tables" (the most specific route counts; a subnet without an
association uses the main route table), "NAT gateway basics" and "Regional NAT gateways".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.route_tables import hosts_of_routes, route_to, routes_of, table_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

INTERNET: Final = ("203.0.113.10", "64.0.0.10")  # hosts in the upper and in the lower half of IPv4
# Routes to these lead into another network, where the packet cannot be followed.
_ELSEWHERE: Final = {
    "vpc_peering_connection_id": "a VPC peering connection",
    "core_network_arn": "a core network",
    "local_gateway_id": "a local gateway",
    "carrier_gateway_id": "a carrier gateway",
}


@dataclass(frozen=True)
class Hop:
    """A gateway or an instance on the way out; `zone` is the one that it stands in, or empty if it spans all."""

    resource: Resource
    what: str
    zone: str


@dataclass(frozen=True)
class WayOut:
    """The way from a subnet to a host on the internet.

    `blocked` says why the packet does not arrive, `unknown` why that cannot be told from the plan; both are empty for a
    way that leads out.
    """

    subnet: Resource
    hops: tuple[Hop, ...] = ()
    blocked: str = ""
    unknown: str = ""


def ways_out_of(plan: Plan, subnet: Resource, has_public_address: bool = False) -> tuple[WayOut, ...]:
    """The different ways from a subnet to the internet: several where routes divide it."""
    hosts = [*INTERNET, *hosts_of_routes(plan, subnet)]
    ways = [way_out(plan, subnet, host, has_public_address) for host in hosts]
    return tuple(dict.fromkeys(ways))


def way_out(
    plan: Plan,
    subnet: Resource,
    host: str = INTERNET[0],
    has_public_address: bool = False,
    passed: tuple[Hop, ...] = (),
) -> WayOut:
    """The way of a packet from a subnet to an IPv4 host on the internet.

    `has_public_address`: whether the sender, or the last of the hops that it has `passed`, has one.
    """
    if len(passed) > 4:
        return WayOut(subnet, passed, "its routes lead in a circle")
    table = table_of(plan, subnet)
    if table is None:
        return WayOut(subnet, passed, unknown="its route table is not part of this program")
    route = route_to(routes_of(plan, table), host)
    if route is None:
        return WayOut(subnet, passed, f"{_named(table)} has no route to the internet")
    if route is UNKNOWN:
        return WayOut(subnet, passed, unknown=f"a route of {_named(table)} is unknown until deployment")
    return _next(plan, subnet, host, has_public_address, passed, route)


def is_public(plan: Plan, subnet: Resource) -> bool:
    """Whether a subnet's packets go straight to an internet gateway (VPC User Guide, "Subnet types")."""
    way = way_out(plan, subnet, has_public_address=True)
    return not way.blocked and len(way.hops) == 1 and way.hops[0].resource.kind == "ec2.InternetGateway"


def nat_gateways_of(plan: Plan) -> tuple[Hop, ...]:
    """The NAT gateways in the subnets of a plan, whether a route leads to them or not; regional ones are in none."""
    stands = {nat: plan.referenced(nat, "subnet_id", "ec2.Subnet") for nat in plan.of_type("ec2.NatGateway")}
    return tuple(Hop(nat, "NAT gateway", _zone(subnets[0])) for nat, subnets in stands.items() if subnets)


def _next(
    plan: Plan,
    subnet: Resource,
    host: str,
    has_public_address: bool,
    passed: tuple[Hop, ...],
    route: Mapping[str, Any],
) -> WayOut:
    """The way from a route's target on."""
    name, target = next(
        ((key, value) for key, value in route.items() if value and key.endswith(("_id", "_arn"))), ("", "")
    )
    if name == "transit_gateway_id":
        return _through_transit(plan, subnet, host, passed, target)
    if name in _ELSEWHERE:
        return WayOut(subnet, passed, unknown=f"it leads into {_ELSEWHERE[name]}, and from there on unseen")
    gateway = plan.resolve(target, "ec2.InternetGateway")
    if gateway is not None:
        hops = (*passed, Hop(gateway, "internet gateway", ""))
        return WayOut(subnet, hops, _stopped_at(plan, gateway, subnet, has_public_address))
    nat = plan.resolve(target, "ec2.NatGateway")
    if nat is not None:
        return _through_nat(plan, subnet, host, passed, nat)
    endpoint = plan.resolve(target, "ec2.VpcEndpoint")
    inside = plan.referenced(endpoint, "subnet_ids", "ec2.Subnet") if endpoint is not None else ()
    if endpoint is not None and inside:
        hops = (*passed, Hop(endpoint, "gateway endpoint", _zone(inside[0])))
        return _from(subnet, way_out(plan, inside[0], host, has_public_address, hops))
    machine = _machine(plan, target) if name == "network_interface_id" else None
    if machine is not None:
        return _through_machine(plan, subnet, host, passed, machine)
    what = "something" if not name else name.rpartition("_")[0].replace("_", " ")
    return WayOut(subnet, passed, unknown=f"it leads to a {what} that is not part of this program")


def _through_nat(plan: Plan, subnet: Resource, host: str, passed: tuple[Hop, ...], nat: Resource) -> WayOut:
    if nat.get("connectivity_type") == "private":
        return WayOut(subnet, passed, f"{nat.name} is a private NAT gateway, which leads to no internet")
    if nat.get("availability_mode") == "regional":
        hops = (*passed, Hop(nat, "regional NAT gateway", _zone_served(nat, subnet)))
        gateway = _gateway_of(plan, nat.get("vpc_id"))
        if gateway is None:
            return WayOut(subnet, hops, f"the VPC of {nat.name} has no internet gateway")
        return WayOut(subnet, (*hops, Hop(gateway, "internet gateway", "")))
    stands = next(iter(plan.referenced(nat, "subnet_id", "ec2.Subnet")), None)
    if stands is None:
        return WayOut(subnet, passed, unknown=f"the subnet of {nat.name} is not part of this program")
    hops = (*passed, Hop(nat, "NAT gateway", _zone(stands)))
    return _from(subnet, way_out(plan, stands, host, True, hops))


def _through_transit(plan: Plan, subnet: Resource, host: str, passed: tuple[Hop, ...], id: Any) -> WayOut:
    """Through a transit gateway into the VPC to which its own route to the internet leads.

    It enters and leaves by an attachment's subnet in the packet's own zone; where the second VPC has none there, by
    another one (Amazon VPC Transit Gateways, "Availability Zones").
    """
    attached = [
        a for a in plan.of_type("ec2transitgateway.VpcAttachment") if a.get("transit_gateway_id") == id
    ]
    outward = {
        route.get("transit_gateway_attachment_id")
        for route in plan.of_type("ec2transitgateway.Route")
        if route.get("destination_cidr_block") == "0.0.0.0/0"
    }
    gateway = plan.resolve(id, "ec2transitgateway.TransitGateway")
    ins = [a for a in attached if a.get("vpc_id") == subnet.get("vpc_id")]
    outs = [a for a in attached if a.id in outward and a not in ins]
    exits = [s for a in outs for s in plan.referenced(a, "subnet_ids", "ec2.Subnet")]
    if gateway is None or not ins or not exits:
        return WayOut(subnet, passed, unknown="it leads into a transit gateway, and from there on unseen")
    entries = {_zone(s) for a in ins for s in plan.referenced(a, "subnet_ids", "ec2.Subnet")}
    if _zone(subnet) not in entries:
        return WayOut(subnet, passed, f"{gateway.name} has no attachment in {_zone(subnet)}")
    own = next((s for s in exits if _zone(s) == _zone(subnet)), exits[0])
    hops = (*passed, Hop(gateway, "transit gateway", _zone(own)))
    return _from(subnet, way_out(plan, own, host, False, hops))


def _through_machine(
    plan: Plan, subnet: Resource, host: str, passed: tuple[Hop, ...], machine: Resource
) -> WayOut:
    """Through an instance that does NAT, or its network interface."""
    stands = next(iter(plan.referenced(machine, "subnet_id", "ec2.Subnet")), None)
    if stands is None:
        return WayOut(subnet, passed, unknown=f"the subnet of {machine.name} is not part of this program")
    hops = (*passed, Hop(machine, "NAT instance", _zone(stands)))
    if machine.get("source_dest_check", True) is not False:
        return WayOut(subnet, hops, f"{machine.name} drops what is not addressed to it (source_dest_check)")
    has_address = (
        machine.get("associate_public_ip_address") is True
        or stands.get("map_public_ip_on_launch") is True
        or any(
            machine.id in (address.get("instance"), address.get("network_interface"))
            or machine.id in (address.get("instance_id"), address.get("network_interface_id"))
            or machine.get("primary_network_interface_id", "") == address.get("network_interface_id")
            for address in plan.of_type("ec2.Eip", "ec2.EipAssociation")
        )
    )
    return _from(subnet, way_out(plan, stands, host, has_address, hops))


def _from(subnet: Resource, way: WayOut) -> WayOut:
    """The same way, as that of the subnet in which it begins."""
    return WayOut(subnet, way.hops, way.blocked, way.unknown)


def _stopped_at(plan: Plan, gateway: Resource, subnet: Resource, has_public_address: bool) -> str:
    """Why an internet gateway does not let a packet out; empty if it does."""
    vpcs = {gateway.get("vpc_id")} | {
        attachment.get("vpc_id")
        for attachment in plan.of_type("ec2.InternetGatewayAttachment")
        if attachment.get("internet_gateway_id") == gateway.id
    }
    if subnet.get("vpc_id") not in vpcs and None not in (subnet.get("vpc_id"), *vpcs):
        return f"{gateway.name} is not attached to its VPC"
    return "" if has_public_address else f"{gateway.name} lets out only what has a public address"


def _gateway_of(plan: Plan, vpc: Any) -> Resource | None:
    """The internet gateway of a VPC."""
    attached = {
        attachment.get("internet_gateway_id")
        for attachment in plan.of_type("ec2.InternetGatewayAttachment")
        if attachment.get("vpc_id") == vpc
    }
    gateways = plan.of_type("ec2.InternetGateway")
    return next((g for g in gateways if g.get("vpc_id") == vpc or g.id in attached), None)


def _zone_served(nat: Resource, subnet: Resource) -> str:
    """The zone in which a regional NAT gateway serves a subnet; empty where it adds zones by itself.

    With addresses given by zone it stands in these zones only, and a subnet in another one goes through one of them.
    """
    addresses = nat.get("availability_zone_addresses", ())
    given = [
        address.get("availability_zone", address.get("availability_zone_id"))
        for address in (() if addresses is UNKNOWN else addresses)
    ]
    if not given or {_zone(subnet), subnet.get("availability_zone_id")} & set(given):
        return _zone(subnet) if given else ""
    return str(given[0])


def _machine(plan: Plan, interface: str) -> Resource | None:
    """The network interface of this id, or the instance whose first one it is."""
    own = plan.resolve(interface, "ec2.NetworkInterface")
    instances = plan.of_type("ec2.Instance")
    return own or next((i for i in instances if i.get("primary_network_interface_id") == interface), None)


def _zone(subnet: Resource) -> str:
    zone = subnet.get("availability_zone")
    return zone if isinstance(zone, str) else ""


def _named(table: Resource) -> str:
    return f"the main route table of {table.name}" if table.kind.endswith("Vpc") else table.name
