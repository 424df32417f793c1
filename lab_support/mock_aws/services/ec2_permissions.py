"""The rules that a security group has in AWS, from its own list and from separate resources.

hashicorp/terraform-provider-aws, internal/service/ec2/vpc_security_group.go: reading a group puts all of its rules into
its state; updating it revokes what the state has and the program's list lacks, and adds the reverse. Without a list,
the rules are left alone. A separate rule that is gone is dropped from the state when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.default_network import SECURITY_GROUP
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.values import UNKNOWN

Permission = tuple[str, str, str, int, int, str]  # group, direction, protocol, first and last port, peer
_DIRECTIONS: Final = ("ingress", "egress")
_PROTOCOLS: Final = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
# The properties that name peers, of a list's item and of both kinds of separate rules.
_PEERS: Final = (
    *("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups", "sourceSecurityGroupId"),
    *("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"),
)
_RULES: Final = {
    "aws:ec2/securityGroupRule:SecurityGroupRule": "",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ingress",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "egress",
}


def write_group(resource: StoredResource, account: Account, former: Mapping[str, Any] | None) -> Values:
    """Brings a group's rules to its lists, and reads all rules that it has then."""
    for direction in _DIRECTIONS:
        if resource.given.get(direction) is not None:
            wanted = set(_in_list(resource.id, direction, resource.values.get(direction)))
            before = set(_in_list(resource.id, direction, (former or {}).get(direction)))
            account.permissions -= before - wanted
            account.permissions |= wanted - before
    return read_group(resource, account)


def read_group(resource: StoredResource, account: Account) -> Values:
    """All rules that a group has: the items of its lists that stand, and an item for each other rule."""
    return {direction: _read(resource, direction, account) for direction in _DIRECTIONS}


def write_rule(resource: StoredResource, account: Account, former: Mapping[str, Any] | None) -> Values:
    """Adds what a separate rule allows, and takes away what it allowed before."""
    account.permissions -= set(_of_rule(resource.type, former or {}))
    account.permissions |= set(_of_rule(resource.type, resource.values))
    return {}


def read_rule(resource: StoredResource, account: Account) -> Values | None:
    """Nothing new about a separate rule; None if it is gone."""
    return {} if set(_of_rule(resource.type, resource.values)) <= account.permissions else None


def delete_rule(resource: StoredResource, account: Account) -> tuple[StoredResource, ...]:
    """Revokes a separate rule."""
    account.permissions -= set(_of_rule(resource.type, resource.values))
    return ()


def delete_group(resource: StoredResource, account: Account) -> tuple[StoredResource, ...]:
    """Revokes everything in a group that is deleted."""
    account.permissions = {permission for permission in account.permissions if permission[0] != resource.id}
    return ()


def changed_lists(state: Mapping[str, Any], news: Mapping[str, Any]) -> Iterator[str]:
    """The lists of a program that differ from the rules in its group's state."""
    for direction in _DIRECTIONS:
        if news.get(direction) is not None and {*_in_list("", direction, state.get(direction))} != {
            *_in_list("", direction, news[direction])
        }:
            yield direction


def rule_is_new(request: ResourceRequest, values: Values) -> None:
    """EC2 has each rule of a group once (EC2 API Reference, "Error codes": InvalidPermission.Duplicate)."""
    account, current = request.account, request.current
    wanted = list(_of_rule(request.type, values))
    there = {
        permission
        for rule in account.of_type(*_RULES)
        if rule.urn != request.urn and (current is None or rule.id != current.id)
        for permission in _of_rule(rule.type, rule.values)
    }
    group = account.find(values.get("securityGroupId"), SECURITY_GROUP)
    if group is not None and current is None:
        there |= {
            p for direction in _DIRECTIONS for p in _in_list(group.id, direction, group.values.get(direction))
        }
    for permission in wanted:
        if permission in there and not any(
            account.is_made_up(text) for text in (permission[0], permission[5])
        ):
            _, direction, protocol, first, last, peer = permission
            named = "ALL" if protocol == "-1" else protocol.upper()
            ports = "" if protocol == "-1" else f"from port: {first}, to port: {last}, "
            text = f'the specified rule "peer: {peer}, {named}, {ports}ALLOW" already exists'
            call = f"AuthorizeSecurityGroup{direction.title()}"
            raise AwsApiError(
                "EC2", call, "InvalidPermission.Duplicate", text, "creating VPC Security Group Rule"
            )


def _read(resource: StoredResource, direction: str, account: Account) -> list[Any]:
    there = {p for p in account.permissions if p[:2] == (resource.id, direction)}
    standing = []
    for item in resource.values.get(direction) or ():
        own = {*_in_list(resource.id, direction, [item])}
        if own and own <= there:
            standing.append(item)
            there -= own
    return standing + [_item(resource.id, permission) for permission in sorted(there)]


def _item(group: str, permission: Permission) -> dict[str, Any]:
    """A rule as an item of a group's list."""
    _, _, protocol, first, last, peer = permission
    name = "securityGroups" if peer.startswith("sg-") else "prefixListIds" if peer.startswith("pl-") else ""
    name = name or ("ipv6CidrBlocks" if ":" in peer else "cidrBlocks")
    whom = {"self": True} if peer == group else {name: [peer]}
    return {"protocol": protocol, "fromPort": first, "toPort": last, **whom}


def _in_list(group: str, direction: str, items: Any) -> Iterator[Permission]:
    for item in items if isinstance(items, (list, tuple)) else ():
        if isinstance(item, Mapping):
            yield from _permissions(group, direction, item)


def _of_rule(type: str, values: Mapping[str, Any]) -> Iterator[Permission]:
    group, direction = values.get("securityGroupId"), _RULES[type] or values.get("type")
    if isinstance(group, str) and direction in _DIRECTIONS:
        yield from _permissions(group, str(direction), values)


def _permissions(group: str, direction: str, values: Mapping[str, Any]) -> Iterator[Permission]:
    protocol = values.get("protocol", values.get("ipProtocol"))
    ports = [values.get(name) for name in ("fromPort", "toPort")]
    peers = [peer for name in _PEERS for peer in _listed(values.get(name))]
    if values.get("self") is True:
        peers.append(group)
    if UNKNOWN in (protocol, *ports):
        return
    written = _PROTOCOLS.get(str(protocol).lower(), str(protocol).lower())
    first, last = (int(port) if isinstance(port, (int, float)) and written != "-1" else 0 for port in ports)
    for peer in peers:
        if isinstance(peer, str):
            yield group, direction, written, first, last, peer


def _listed(value: Any) -> tuple[Any, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(value)
    return () if value in (None, "") or value is UNKNOWN else (value,)


SEPARATE: Final[dict[str, Any]] = {"on_write": write_rule, "on_delete": delete_rule, "on_read": read_rule}
OWN: Final[dict[str, Any]] = {
    "on_write": write_group,
    "on_delete": delete_group,
    "on_read": read_group,
    "differs": changed_lists,
}
