"""Whether security groups let HTTPS out to the internet (Amazon VPC User Guide, "Security group rules")."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

_PORT: Final = 443
_HOST: Final = ipaddress.IPv4Address("203.0.113.10")
_RULES: Final = ("vpc.SecurityGroupEgressRule", "ec2.SecurityGroupRule")


def lets_out(plan: Plan, subnet: Resource, groups: tuple[Any, ...]) -> str:
    """Why security groups let nothing out on port 443; empty if they do, or if the plan does not say.

    Without `groups` it is the default group of the subnet's VPC, which lets everything out unless the program declares
    it.
    """
    vpc = plan.resolve(subnet.get("vpc_id"), "ec2.Vpc", "ec2.DefaultVpc")
    ids = groups or ((vpc.get("default_security_group_id"),) if vpc is not None else ())
    found = [plan.resolve(id, "ec2.SecurityGroup", "ec2.DefaultSecurityGroup") for id in ids]
    known = [group for group in found if group is not None]
    if len(known) < len(found) or not known:
        return ""
    if any(_lets_out(rule) for group in known for rule in _egress_of(plan, group)):
        return ""
    return f"{' and '.join(group.name for group in known)} lets no HTTPS out"


def _egress_of(plan: Plan, group: Resource) -> Iterator[Mapping[str, Any]]:
    """The outbound rules of a group: its own and those that are separate resources; one that is unknown lets out."""
    own = group.get("egress")
    yield from [{"unknown": UNKNOWN}] if own is UNKNOWN else own or ()
    for rule in plan.of_type(*_RULES):
        if rule.get("security_group_id") == group.id and rule.get("type", "egress") == "egress":
            yield {**rule.outputs, **rule.inputs}


def _lets_out(rule: Mapping[str, Any]) -> bool:
    """Whether a rule lets a packet out to a host on the internet, on port 443; one that is unknown does."""
    if UNKNOWN in rule.values():
        return True
    blocks = rule.get("cidr_blocks") or [rule.get("cidr_ipv4")]
    protocol = rule.get("protocol", rule.get("ip_protocol"))
    first, last = rule.get("from_port"), rule.get("to_port")
    if str(protocol) not in ("-1", "all", "tcp", "6"):
        return False
    if str(protocol) in ("tcp", "6") and not (_number(first) <= _PORT <= _number(last)):
        return False
    return any(_HOST in ipaddress.IPv4Network(block, strict=False) for block in blocks if _is_block(block))


def _number(port: Any) -> int:
    return int(port) if isinstance(port, (int, float)) else -1


def _is_block(block: Any) -> bool:
    try:
        ipaddress.IPv4Network(block, strict=False)
    except (TypeError, ValueError):
        return False
    return isinstance(block, str)
