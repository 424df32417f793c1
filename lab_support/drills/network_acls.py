"""Whether network ACLs let HTTPS requests out and their answers in.

An ACL keeps no state: an answer needs a rule of its own, for the port that the client chose, on Linux 32768 to 60999,
and for a NAT gateway 1024 to 65535. The rule with the lowest number that matches decides, and what none matches is
denied (Amazon VPC User Guide, "Network ACL rules" and "Custom network ACLs").
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

_HOST: Final = ipaddress.IPv4Address("203.0.113.10")
_REQUEST: Final = (443,)
_ANSWERS: Final = (32768, 60999)
_ANSWERS_TO_NAT: Final = (1024, 65535)


def acl_problem(plan: Plan, subnet: Resource) -> str:
    """Why the subnet's ACL keeps HTTPS from working; empty if it does not, or if the plan does not say."""
    return _first_problem(
        plan,
        subnet,
        (True, _REQUEST, _HOST, "lets no HTTPS out"),
        (False, _ANSWERS, _HOST, "lets no answers in"),
    )


def relay_problem(plan: Plan, subnet: Resource, senders: Resource, is_gateway: bool) -> str:
    """Why the ACL of a subnet in which NAT happens keeps HTTPS of another subnet from working; empty as above.

    `is_gateway`: whether a NAT gateway does it, or else an instance.
    """
    sender = _host_in(senders)
    inside = (
        (False, _REQUEST, sender, f"lets no HTTPS in from {senders.name}"),
        (True, _ANSWERS, sender, f"lets no answers out to {senders.name}"),
    )
    return _first_problem(
        plan,
        subnet,
        (True, _REQUEST, _HOST, "lets no HTTPS out"),
        (False, _ANSWERS_TO_NAT if is_gateway else _ANSWERS, _HOST, "lets no answers in"),
        *(inside if sender is not None and subnet.id != senders.id else ()),
    )


def _first_problem(
    plan: Plan, subnet: Resource, *wanted: tuple[bool, tuple[int, ...], ipaddress.IPv4Address | None, str]
) -> str:
    """The first of the wanted packets that the subnet's ACL denies: the direction, ports and peer, and what to say."""
    acl = _acl_of(plan, subnet)
    if acl is None:
        return ""
    for egress, ports, host, what in wanted:
        rules = list(_rules_of(plan, acl, egress))
        if any(UNKNOWN in rule.values() for rule in rules):
            return ""
        if host is not None and not all(_allows(rules, port, host) for port in ports):
            return f"{acl.name} {what}"
    return ""


def _host_in(subnet: Resource) -> ipaddress.IPv4Address | None:
    """An address of a subnet; None where its range is unknown."""
    try:
        return ipaddress.IPv4Network(subnet.get("cidr_block"), strict=False)[4]
    except (TypeError, ValueError, IndexError):
        return None


def _acl_of(plan: Plan, subnet: Resource) -> Resource | None:
    """The ACL of this program that a subnet has; None for the one that came with the VPC, which allows everything."""
    for association in plan.of_type("ec2.NetworkAclAssociation"):
        if association.get("subnet_id") == subnet.id:
            return plan.resolve(association.get("network_acl_id"), "ec2.NetworkAcl")
    for acl in plan.of_type("ec2.NetworkAcl", "ec2.DefaultNetworkAcl"):
        listed = acl.get("subnet_ids", ())
        if listed is not UNKNOWN and subnet.id in listed:
            return acl
    vpc = plan.resolve(subnet.get("vpc_id"), "ec2.Vpc", "ec2.DefaultVpc")
    given = vpc.get("default_network_acl_id") if vpc is not None else None
    declared = plan.of_type("ec2.DefaultNetworkAcl")
    return next((acl for acl in declared if given and acl.get("default_network_acl_id") == given), None)


def _rules_of(plan: Plan, acl: Resource, egress: bool) -> Iterator[Mapping[str, Any]]:
    """The rules of an ACL in one direction, its own and those that are separate resources."""
    own = acl.get("egress" if egress else "ingress", ())
    for rule in [{"unknown": UNKNOWN}] if own is UNKNOWN else own:
        yield {"number": rule.get("rule_no"), **rule}
    for resource in plan.of_type("ec2.NetworkAclRule"):
        if resource.get("network_acl_id") == acl.id and resource.get("egress", False) is egress:
            names = ("protocol", "cidr_block", "from_port", "to_port")
            given = {name: resource.get(name) for name in names}
            yield {"number": resource.get("rule_number"), "action": resource.get("rule_action"), **given}


def _allows(rules: list[Mapping[str, Any]], port: int, host: ipaddress.IPv4Address) -> bool:
    matching = [rule for rule in rules if _matches(rule, port, host)]
    first = min(matching, key=lambda rule: float(rule["number"] or 0), default={})
    return str(first.get("action")).lower() == "allow"


def _matches(rule: Mapping[str, Any], port: int, host: ipaddress.IPv4Address) -> bool:
    """Whether a rule is about TCP packets that a host sends, or is sent, on a port."""
    protocol, block = str(rule.get("protocol")).lower(), rule.get("cidr_block")
    if not isinstance(block, str) or not block or host not in ipaddress.IPv4Network(block, strict=False):
        return False
    if protocol in ("-1", "all"):
        return True
    is_tcp = protocol in ("tcp", "6")
    return is_tcp and float(rule.get("from_port") or 0) <= port <= float(rule.get("to_port") or 0)
