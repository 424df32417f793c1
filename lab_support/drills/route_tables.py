"""The route tables of a plan: which one a subnet uses, and which of its routes a packet takes.

Source: Amazon VPC User Guide, "Configure route tables": a subnet without an association uses the main route table of
its VPC, and the most specific route that matches a packet counts.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.drills.prefix_lists import prefix_list, ranges_in
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

# Of a separate route, what does not lead anywhere.
_NO_TARGETS: Final = ("id", "route_table_id", "instance_id", "instance_owner_id", "destination_cidr_block")
_DIVIDES: Final = (
    8  # the longest prefix of a route that counts as a part of the internet, not as a partner's network
)


def table_of(plan: Plan, subnet: Resource) -> Resource | None:
    """The route table of a subnet: its own or the main one of its VPC, which may be the VPC itself.

    None where the program does not say, because the VPC is not part of it.
    """
    for association in plan.of_type("ec2.RouteTableAssociation"):
        if association.get("subnet_id") == subnet.id:
            table = plan.resolve(association.get("route_table_id"), "ec2.RouteTable", "ec2.DefaultRouteTable")
            return table or _main_table(plan, association.get("route_table_id"), subnet)
    for association in plan.of_type("ec2.MainRouteTableAssociation"):
        if association.get("vpc_id") == subnet.get("vpc_id"):
            return plan.resolve(association.get("route_table_id"), "ec2.RouteTable")
    vpc = plan.resolve(subnet.get("vpc_id"), "ec2.Vpc", "ec2.DefaultVpc")
    return _main_table(plan, vpc.get("main_route_table_id") if vpc is not None else None, subnet)


def _main_table(plan: Plan, id: Any, subnet: Resource) -> Resource | None:
    """The route table that came with the subnet's VPC, if it has this id: as the program declares it, or the VPC."""
    vpc = plan.resolve(subnet.get("vpc_id"), "ec2.Vpc", "ec2.DefaultVpc")
    if vpc is None or id not in (vpc.get("main_route_table_id"), vpc.get("default_route_table_id")):
        return None
    declared = plan.of_type("ec2.DefaultRouteTable")
    return next((table for table in declared if table.get("default_route_table_id") == id), vpc)


def routes_of(plan: Plan, table: Resource) -> Iterator[Mapping[str, Any] | Any]:
    """The routes of a table, its own and those that are separate resources; UNKNOWN for what is not known yet."""
    ids = {table.id, table.get("default_route_table_id"), table.get("main_route_table_id")} - {None, ""}
    own = () if table.kind.endswith("Vpc") else table.get("routes", ())
    for route in [UNKNOWN] if own is UNKNOWN else own:
        yield from _by_block(plan, route)
    for route in plan.of_type("ec2.Route"):
        if route.get("route_table_id") in ids:
            values = {**route.outputs, **route.inputs}
            given = {name: value for name, value in values.items() if name not in _NO_TARGETS}
            yield from _by_block(plan, {**given, "cidr_block": values.get("destination_cidr_block")})


def _by_block(plan: Plan, route: Any) -> Iterator[Any]:
    """A route to a prefix list of the program as one route for each block in the list; any other route as it is."""
    given = UNKNOWN if route is UNKNOWN else route.get("destination_prefix_list_id")
    prefixes = prefix_list(plan, given)
    if prefixes is None:
        yield route
        return
    route = {name: value for name, value in route.items() if name != "destination_prefix_list_id"}
    for block in ranges_in(plan, prefixes):
        yield UNKNOWN if block is UNKNOWN else {**route, "cidr_block": block}


def route_to(routes: Iterator[Any], host: str) -> Any:
    """The most specific route to an IPv4 host; None for none, UNKNOWN where a route is not known."""
    address, found, length = ipaddress.IPv4Address(host), None, -1
    for route in routes:
        block = route if route is UNKNOWN else route.get("cidr_block")
        if block is UNKNOWN:
            return UNKNOWN
        network = _network(block)
        if network is not None and address in network and network.prefixlen > length:
            found, length = route, network.prefixlen
    return UNKNOWN if found is not None and UNKNOWN in found.values() else found


def hosts_of_routes(plan: Plan, subnet: Resource) -> Iterator[str]:
    """A host on the internet for each route of a subnet: where routes divide it, each part may go another way."""
    table = table_of(plan, subnet)
    for route in routes_of(plan, table) if table is not None else ():
        network = None if route is UNKNOWN else _network(route.get("cidr_block"))
        if network is not None and 0 < network.prefixlen <= _DIVIDES:
            host = network[network.num_addresses // 2 + 10]
            if host.is_global:
                yield str(host)


def _network(block: Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(block, strict=False) if isinstance(block, str) and block else None
    except ValueError:
        return None
