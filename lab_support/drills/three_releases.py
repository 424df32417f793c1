"""The three-releases drill: the same program is released three times. Which rules stand, and who reaches whom?

    for release in three_releases(plan).releases:
        print(release.number, [rule.owner.name for rule in release.taken], release.flows)

A security group that lists its rules itself is to have these rules and no others. Its creation leaves the rules of
separate resources alone, because they come later. A refresh then reads all rules of the group in AWS into its state,
and the next update revokes those that its list does not have. The separate rule is still in the engine's state, until
another refresh finds that it is gone; then the update after that creates it anew. Sources: Pulumi Registry,
`aws.ec2.SecurityGroup`; hashicorp/terraform-provider-aws, internal/service/ec2/vpc_security_group.go;
github.com/pulumi/pulumi-eks, issue 1031, which describes the cycle.

Each release after the first begins with a refresh, as with `pulumi up --refresh`. Without one, the same happens later:
any update of the group itself reads all rules, too.

An exclusive set of a group's rules is another owner. It revokes what it does not list as soon as it is created, and
again when a refresh has shown it such a rule (internal/service/ec2/vpc_security_group_rules_exclusive.go).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.group_rules import GROUPS, GroupRule, lists_itself, rules_in
from lab_support.plan.dependencies import comes_after
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = [
    "clients_in",
    "excess_in",
    "servers_in",
    "three_releases",
]  # what notebooks import from lab_support

INTERNET: Final = "the internet"
EXCLUSIVE: Final = "ec2.VpcSecurityGroupRulesExclusive"
_HTTPS: Final = 443
_HOSTS: Final = ("203.0.113.10/32", "64.0.0.10/32")  # in the upper and in the lower half of IPv4
# What waits for connections, the property with its groups, and its usual port.
_SERVERS: Final = {
    "rds.Instance": ("vpc_security_group_ids", 5432),
    "rds.Cluster": ("vpc_security_group_ids", 5432),
    "elasticache.ReplicationGroup": ("security_group_ids", 6379),
}
_PORTS: Final = {"mysql": 3306, "mariadb": 3306, "aurora-mysql": 3306}
# What opens connections, with the block and the property that name its groups.
_CLIENTS: Final = {
    "ecs.Service": ("network_configuration", "security_groups"),
    "lambda.Function": ("vpc_config", "security_group_ids"),
    "ec2.Instance": ("", "vpc_security_group_ids"),
}


@dataclass(frozen=True)
class Component:
    """A resource that opens connections or waits for them, with its security groups."""

    resource: Resource
    groups: tuple[Resource, ...]
    port: int = 0

    @property
    def name(self) -> str:
        return self.resource.name


@dataclass(frozen=True)
class Flow:
    """Connections from a component to another one, or to the internet, and why they fail; empty if they succeed."""

    source: Component
    target: Component | None
    port: int
    blocked: str

    @property
    def target_name(self) -> str:
        return self.target.name if self.target is not None else INTERNET


@dataclass(frozen=True)
class Release:
    """One release: the rules that it takes away, those that it creates anew, those that stand then, and who reaches
    whom."""

    number: int
    taken: tuple[GroupRule, ...]
    returned: tuple[GroupRule, ...]
    standing: tuple[GroupRule, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True)
class ThreeReleases:
    """Three releases of one program."""

    environment: str
    releases: tuple[Release, ...]

    @property
    def rules(self) -> tuple[GroupRule, ...]:
        """All rules that the program declares."""
        return tuple(rule for release in self.releases[:1] for rule in (*release.standing, *release.taken))

    @property
    def taken(self) -> tuple[GroupRule, ...]:
        """All rules that a release takes away."""
        return tuple(rule for release in self.releases for rule in release.taken)

    @property
    def holds(self) -> bool:
        """Whether no release changes what the first one made."""
        return not self.taken


def three_releases(plan: Plan) -> ThreeReleases:
    """What three releases of a plan, with a refresh before the second and the third, make of its security groups."""
    rules = tuple(rules_in(plan))
    overwritten, left_out = tuple(taken_in(rules)), tuple(left_out_in(plan, rules))
    at_once = tuple(rule for rule, exclusive in left_out if _is_there_before(plan, exclusive, rule))
    later = (*overwritten, *(rule for rule, _ in left_out if rule not in at_once))
    # The engine creates its own list anew only where it does not ignore changes to it.
    for_good = {rule for rule in at_once if rule.is_inline and not lists_itself(rule.group, rule.direction)}
    returning = tuple(rule for rule in at_once if rule not in for_good)

    def release(number: int, taken: tuple[GroupRule, ...], returned: tuple[GroupRule, ...]) -> Release:
        gone = {*taken, *for_good}
        standing = tuple(rule for rule in rules if rule not in gone)
        return Release(number, taken, returned, standing, tuple(_flows(plan, standing)))

    return ThreeReleases(
        plan.stack,
        (release(1, at_once, ()), release(2, later, returning), release(3, returning, later)),
    )


def taken_in(rules: Collection[GroupRule]) -> Iterator[GroupRule]:
    """The separate rules that their group revokes once a refresh has shown them: those that its own list lacks."""
    listed = {rule.permission for rule in rules if rule.is_inline}
    for rule in rules:
        if not rule.is_inline and lists_itself(rule.group, rule.direction) and rule.permission not in listed:
            yield rule


def left_out_in(plan: Plan, rules: Collection[GroupRule]) -> Iterator[tuple[GroupRule, Resource]]:
    """The rules that an exclusive set of their group's rules leaves out, each with the set, beside those of `taken_in`.

    Pulumi Registry, `aws.ec2.VpcSecurityGroupRulesExclusive`: it removes all rules of the group that it does not list.
    It cannot list a rule that the group lists itself, because the id of such a rule is no output.
    """
    overwritten = set(taken_in(rules))
    for exclusive in plan.of_type(EXCLUSIVE):
        for rule in rules if exclusive.op != "delete" else ():
            if rule not in overwritten and keeps(plan, exclusive, rule) is False:
                overwritten.add(rule)
                yield rule, exclusive


def keeps(plan: Plan, exclusive: Resource, rule: GroupRule) -> bool | None:
    """Whether an exclusive set leaves a rule alone: it lists it, or is about another group. None if unknown."""
    if plan.resolve(exclusive.get("security_group_id"), *GROUPS) != rule.group:
        return True
    listed = exclusive.get(f"{rule.direction}_rule_ids")
    ids = listed if isinstance(listed, (list, tuple)) else [UNKNOWN]
    if not rule.is_inline and {rule.owner.id, rule.owner.get("security_group_rule_id")} & {*ids}:
        return True
    return None if UNKNOWN in ids else False


def _is_there_before(plan: Plan, exclusive: Resource, rule: GroupRule) -> bool:
    """Whether a rule is created before an exclusive set, which waits for the rules that it lists."""
    return not comes_after(rule.owner.urn, exclusive.urn, plan.resources)


def servers_in(plan: Plan) -> Iterator[Component]:
    """What waits for connections."""
    for server in plan.of_type(*_SERVERS):
        if server.op != "delete":
            name, usual = _SERVERS[server.kind]
            port, engine = server.get("port"), server.get("engine")
            number = int(port) if isinstance(port, (int, float)) and port else _PORTS.get(str(engine), usual)
            yield Component(server, plan.referenced(server, name, *GROUPS), number)


def clients_in(plan: Plan) -> Iterator[Component]:
    """What opens connections."""
    for client in plan.of_type(*_CLIENTS):
        block, name = _CLIENTS[client.kind]
        given = _blocks(client.get(block)) if block else [{name: client.get(name)}]
        ids = [id for values in given for id in _ids(values.get(name))]
        groups = tuple(group for id in ids if (group := plan.resolve(id, *GROUPS)) is not None)
        if client.op != "delete" and groups:
            yield Component(client, groups)


def excess_in(plan: Plan) -> tuple[GroupRule, ...]:
    """Rules that let more through than connections between the components, and HTTPS to the internet, take.

    A rule to a range inside the network counts only where it lets connections in.
    """
    clients, servers = tuple(clients_in(plan)), tuple(servers_in(plan))
    return tuple(
        rule
        for rule in rules_in(plan)
        if any(rule.group in component.groups for component in (*clients, *servers))
        and not _is_needed(rule, clients, servers)
    )


def _is_needed(rule: GroupRule, clients: tuple[Component, ...], servers: tuple[Component, ...]) -> bool:
    opens = [client for client in clients if rule.group in client.groups]
    waits = [server for server in servers if rule.group in server.groups]
    if rule.direction == "ingress":
        ports = {(server.port, server.port) for server in waits}
        callers = {group.id for client in clients for group in client.groups}
        return rule.protocol == "tcp" and rule.ports in ports and rule.peer in callers
    if not opens or (waits and rule.is_public):  # what waits for connections opens none
        return False
    return not rule.is_public or (rule.protocol == "tcp" and rule.ports == (_HTTPS, _HTTPS))


def _ids(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _flows(plan: Plan, rules: tuple[GroupRule, ...]) -> Iterator[Flow]:
    for client in clients_in(plan):
        for server in servers_in(plan):
            yield Flow(client, server, server.port, _blocked(plan, rules, client, server))
        out = all(
            any(rule.contains(host) and rule.covers(_HTTPS) for rule in _of(rules, client, "egress"))
            for host in _HOSTS
        )
        yield Flow(client, None, _HTTPS, "" if out else f"no rule of {_names(client)} lets it out")


def _blocked(plan: Plan, rules: tuple[GroupRule, ...], client: Component, server: Component) -> str:
    """Why a connection fails; empty if it succeeds."""
    for direction, here, there in (("egress", client, server), ("ingress", server, client)):
        fitting = [rule for rule in _of(rules, here, direction) if rule.covers(server.port)]
        if not _lead_to(plan, fitting, there):
            return f"no rule of {_names(here)} lets it {'out' if direction == 'egress' else 'in'}"
    return ""


def _of(rules: tuple[GroupRule, ...], component: Component, direction: str) -> Iterator[GroupRule]:
    return (rule for rule in rules if rule.direction == direction and rule.group in component.groups)


def _lead_to(plan: Plan, rules: Collection[GroupRule], component: Component) -> bool:
    """Whether one of the component's groups is a peer of these rules, or they have all addresses that it may have."""
    if {rule.peer for rule in rules} & {group.id for group in component.groups}:
        return True
    networks = _networks(plan, component)
    return bool(networks) and all(any(rule.contains(network) for rule in rules) for network in networks)


def _networks(plan: Plan, component: Component) -> set[str]:
    """The address ranges of a component's subnets, or of its VPC where they are not known."""
    resource, found = component.resource, list[Resource]()
    for group in plan.referenced(resource, "db_subnet_group_name", "rds.SubnetGroup"):
        found += plan.referenced(group, "subnet_ids", "ec2.Subnet")
    for block in _blocks(resource.get("network_configuration")):
        found += [
            subnet
            for id in block.get("subnets") or ()
            if (subnet := plan.resolve(id, "ec2.Subnet")) is not None
        ]
    networks = found or [
        vpc for group in component.groups for vpc in plan.referenced(group, "vpc_id", "ec2.Vpc")
    ]
    return {block for network in networks if isinstance(block := network.get("cidr_block"), str)}


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, (list, tuple)) else [value]
    return [block for block in listed if isinstance(block, Mapping)]


def _names(component: Component) -> str:
    return " and ".join(group.name for group in component.groups) or f"the groups of {component.name}"
