"""The rules of security groups: those that a group lists itself and those that are resources of their own.

Sources: Pulumi Registry, `aws.ec2.SecurityGroup` ("removing these arguments ... will not cause the provider to destroy
the managed rules"; with `ingress=[]` it does); EC2 API Reference, "IpPermission".
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.prefix_lists import prefix_list, ranges_in
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
GROUPS: Final = ("ec2.SecurityGroup", "ec2.DefaultSecurityGroup")
DIRECTIONS: Final = ("ingress", "egress")
# The types of separate rules, with their direction; the older type says it in its `type`.
SEPARATE: Final = {
    "vpc.SecurityGroupIngressRule": "ingress",
    "vpc.SecurityGroupEgressRule": "egress",
    "ec2.SecurityGroupRule": "",
}
_PEERS: Final = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
_PEERS_OF_RULE: Final = (
    *_PEERS[:3],
    "source_security_group_id",
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_id",
    "referenced_security_group_id",
)
_PROTOCOLS: Final = {"-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


@dataclass(frozen=True)
class GroupRule:
    """A rule as EC2 keeps it: one direction, one range of ports, one peer.

    `peer` is an address range, or the id of a group or a prefix list; `peer_name` names such a group or list where the
    program has it. `owner` is the resource that declares the rule: the group itself, or a separate one. `ranges` are
    the address ranges of the peer, where it is one or a prefix list of the program.
    """

    group: Resource
    direction: str
    protocol: str
    ports: tuple[int, int]
    peer: str
    peer_name: str
    owner: Resource
    ranges: tuple[str, ...] = ()

    @property
    def is_inline(self) -> bool:
        """Whether the group lists it itself."""
        return self.owner is self.group

    @property
    def permission(self) -> tuple[str, str, str, tuple[int, int], str]:
        """What EC2 knows it by: a group has each permission once."""
        return self.group.urn, self.direction, self.protocol, self.ports, self.peer

    @property
    def is_public(self) -> bool:
        """Whether a range of its peer is not entirely of private addresses."""
        return any(not network.is_private for network in self._networks())

    @property
    def words(self) -> str:
        """The rule in words: `TCP 5432 out to the-database-group`."""
        first, last = self.ports
        ports = (
            "all ports" if self.ports == (0, 65535) else f"{first}" if first == last else f"{first} to {last}"
        )
        protocol = "" if self.protocol == "all" else f"{self.protocol.upper()} "
        return f"{protocol}{ports} {'in from' if self.direction == 'ingress' else 'out to'} {self.peer_name}"

    def covers(self, port: int) -> bool:
        """Whether it lets TCP on this port through."""
        return self.protocol == "all" or (self.protocol == "tcp" and self.ports[0] <= port <= self.ports[1])

    def contains(self, network: str) -> bool:
        """Whether a range of its peer has all of these addresses."""
        try:
            inner = ipaddress.ip_network(network)
        except ValueError:
            return False
        return any(_is_in(inner, outer) for outer in self._networks())

    def _networks(self) -> Iterator[_Network]:
        for block in self.ranges:
            with contextlib.suppress(ValueError):
                yield ipaddress.ip_network(block, strict=False)


def _is_in(inner: _Network, outer: _Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    return (
        isinstance(inner, ipaddress.IPv6Network)
        and isinstance(outer, ipaddress.IPv6Network)
        and inner.subnet_of(outer)
    )


def lists_itself(group: Resource, direction: str) -> bool:
    """Whether a group's own list of rules is authoritative: anything but the rules in it is to go.

    It is where the program gives the list, an empty one, too, and does not have the engine ignore its changes.
    """
    given = group.inputs.get(direction)
    ignored = {"*", direction} & {*group.ignore_changes}
    return group.op not in ("read", "delete") and given is not None and given is not UNKNOWN and not ignored


def direction_of(rule: Resource) -> str:
    """`ingress` or `egress` for a separate rule; empty where that is unknown."""
    direction = SEPARATE[rule.kind] or rule.get("type")
    return direction if direction in DIRECTIONS else ""


def group_of(plan: Plan, rule: Resource) -> Resource | None:
    """The group of a separate rule, if the program has it."""
    return plan.resolve(rule.get("security_group_id"), *GROUPS)


def rules_in(plan: Plan) -> Iterator[GroupRule]:
    """The rules of all groups of a plan, as far as it knows them: those in the groups first."""
    for group in plan.of_type(*GROUPS):
        for direction in DIRECTIONS if group.op not in ("read", "delete") else ():
            for listed in _listed(group.inputs.get(direction)):
                if isinstance(listed, Mapping):
                    yield from _rules(plan, group, group, direction, listed, _PEERS)
    for rule in plan.of_type(*SEPARATE):
        found, direction = group_of(plan, rule), direction_of(rule)
        if found is not None and direction and rule.op not in ("read", "delete"):
            yield from _rules(plan, found, rule, direction, {**rule.outputs, **rule.inputs}, _PEERS_OF_RULE)


def _rules(
    plan: Plan,
    group: Resource,
    owner: Resource,
    direction: str,
    given: Mapping[str, Any],
    names: tuple[str, ...],
) -> Iterator[GroupRule]:
    protocol = str(given.get("protocol", given.get("ip_protocol"))).lower()
    protocol = _PROTOCOLS.get(protocol, protocol)
    ports = (_port(given.get("from_port"), 0), _port(given.get("to_port"), 65535))
    if protocol == "all":
        ports = (0, 65535)
    peers = [peer for name in names for peer in _listed(given.get(name))]
    if given.get("self") is True:
        peers.append(group.id)
    for peer in peers:
        if isinstance(peer, str):
            prefixes = prefix_list(plan, peer)
            other = prefixes or plan.resolve(peer, *GROUPS)
            ranges = (peer,) if prefixes is None else tuple(ranges_in(plan, prefixes))
            known = tuple(block for block in ranges if isinstance(block, str))
            yield GroupRule(
                group, direction, protocol, ports, peer, other.name if other else peer, owner, known
            )


def _listed(value: Any) -> tuple[Any, ...]:
    if value is None or value is UNKNOWN:
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _port(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, (int, float)) else otherwise
