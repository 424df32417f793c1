"""The topology of a plan: which resources it holds, and which refer to which, small enough to be drawn.

    for edge in topology(plan).edges:
        print(edge.source.label, edge.properties, edge.target.label)

Three things make 75 resources readable. What only completes another resource (an alias, an association, a mount
target) is counted there, and its references become its owner's. Resources of one type that nothing tells apart but
their names become one node. A service with many nodes left becomes one node.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lab_support.plan.areas import by_service, is_satellite, service_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

ALIKE_FROM: Final = 3  # so many resources that nothing tells apart are drawn as one
FOLDED_ABOVE: Final = 8  # nodes of one service
DEPENDS: Final = "depends on"  # a reference that no property carries

Links = Mapping[tuple[Resource, Resource], frozenset[str]]


@dataclass(frozen=True)
class Node:
    """What is drawn as one: a resource, several that are alike, or a whole service; its satellites are only counted."""

    service: str
    members: tuple[Resource, ...]
    satellites: tuple[Resource, ...] = ()

    @property
    def kinds(self) -> Counter[str]:
        """How many resources of which type it stands for, satellites left out."""
        return Counter(resource.kind for resource in self.members)

    @property
    def completed_by(self) -> Counter[str]:
        """How many satellites of which type it has."""
        return Counter(resource.kind for resource in self.satellites)


@dataclass(frozen=True)
class Edge:
    """One or more references from a node to another, by the properties that carry them."""

    source: Node
    target: Node
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Topology:
    """The nodes of a plan in a reviewer's order, and the references between them."""

    environment: str
    size: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def edges_from(self, node: Node) -> tuple[Edge, ...]:
        """The references that leave a node."""
        return tuple(edge for edge in self.edges if edge.source is node)


def topology(plan: Plan) -> Topology:
    """The topology of everything real in a plan; what is deleted and what only groups others is left out."""
    resources = [
        resource for resource in plan if resource.is_custom and resource.op not in ("delete", "read")
    ]
    links = _links(plan, resources)
    owners = _owners(resources, links)
    drawn = [resource for resource in resources if resource not in owners]
    links = _joined(links, {resource: owners.get(resource, resource) for resource in resources})
    satellites: defaultdict[Resource, list[Resource]] = defaultdict(list)
    for satellite, owner in owners.items():
        satellites[owner].append(satellite)
    nodes = tuple(_nodes(drawn, links, satellites))
    node_of = {member: node for node in nodes for member in node.members}
    found: defaultdict[tuple[Node, Node], set[str]] = defaultdict(set)
    for (source, target), properties in links.items():
        if node_of[source] is not node_of[target]:
            found[node_of[source], node_of[target]] |= properties
    edges = [
        Edge(source, target, tuple(sorted(found[source, target])))
        for source in nodes
        for target in nodes
        if (source, target) in found
    ]
    return Topology(plan.stack, len(resources), nodes, tuple(edges))


def _links(plan: Plan, resources: Iterable[Resource]) -> Links:
    """Which resource refers to which, and by which properties: as the engine recorded it, or by what values say."""
    by_urn = {resource.urn: resource for resource in resources}
    found: defaultdict[tuple[Resource, Resource], set[str]] = defaultdict(set)
    for resource in by_urn.values():
        for name in resource.inputs:
            told = [by_urn.get(urn) for urn in resource.properties_from.get(name, ())]
            for target in told or plan.referenced(resource, name):
                if target is not None and target in by_urn.values() and target is not resource:
                    found[resource, target].add(name)
        for urn in resource.depends_on:
            target = by_urn.get(urn)
            if target is not None and target is not resource and (resource, target) not in found:
                found[resource, target].add(DEPENDS)
    return {pair: frozenset(names) for pair, names in found.items()}


def _owners(resources: Iterable[Resource], links: Links) -> dict[Resource, Resource]:
    """For each satellite the resource that it completes: one of its own service if it can be."""
    ordered = [resource for _, group in by_service(resources) for resource in group]
    place = {resource: number for number, resource in enumerate(ordered)}
    first: dict[Resource, Resource] = {}
    for resource in ordered:
        targets = [target for source, target in links if source is resource]
        users = [source for source, target in links if target is resource]
        # A subnet group is told by nobody but the database that uses it.
        near = targets if is_satellite(resource) and not resource.kind.endswith("Group") else users
        mine = [each for each in near if service_of(each) == service_of(resource)]
        if is_satellite(resource) and (mine or near):
            choices = mine or near
            first[resource] = min(
                choices, key=lambda each: (is_satellite(each), _uses(each, choices, links), place[each])
            )
    owners = {}
    for resource in first:
        owner, seen = resource, set()
        while owner in first and owner not in seen:
            seen.add(owner)
            owner = first[owner]
        if owner not in first:
            owners[resource] = owner
    return owners


def _uses(resource: Resource, others: Iterable[Resource], links: Links) -> int:
    """0 where it refers to one of the others, else 1: of a service and its cluster the service is the nearer one."""
    return 0 if any((resource, other) in links for other in others) else 1


def _joined(links: Links, drawn_as: Mapping[Resource, Resource]) -> Links:
    """The references between what is drawn: those of a satellite are its owner's."""
    found: defaultdict[tuple[Resource, Resource], frozenset[str]] = defaultdict(frozenset)
    for (source, target), properties in links.items():
        pair = drawn_as[source], drawn_as[target]
        if pair[0] is not pair[1]:
            found[pair] |= properties
    return found


def _nodes(
    drawn: Iterable[Resource], links: Links, satellites: Mapping[Resource, list[Resource]]
) -> Iterator[Node]:
    looks = _looks(tuple(drawn), links)
    for service, resources in by_service(drawn):
        groups: defaultdict[int, list[Resource]] = defaultdict(list)
        for resource in resources:
            groups[looks[resource]].append(resource)
        members = [
            part
            for group in groups.values()
            for part in ([group] if len(group) >= ALIKE_FROM else [[each] for each in group])
        ]
        if len(members) > FOLDED_ABOVE:
            members = [resources]
        for part in members:
            completed = sorted(
                (each for member in part for each in satellites.get(member, ())), key=lambda r: r.urn
            )
            yield Node(service, tuple(part), tuple(completed))


def _looks(resources: tuple[Resource, ...], links: Links) -> dict[Resource, int]:
    """A number for each resource, the same for those that refer to, and are referred to by, the same kinds of things.

    Colour refinement: two resources look alike as long as their neighbours do, round after round.
    """
    looks: dict[Resource, object] = {resource: resource.kind for resource in resources}
    while True:
        around: dict[Resource, set[tuple[str, frozenset[str], object]]] = {each: set() for each in resources}
        for (source, target), properties in links.items():
            around[source].add(("to", properties, looks[target]))
            around[target].add(("from", properties, looks[source]))
        numbers: dict[object, int] = {}
        refined: dict[Resource, object] = {
            each: numbers.setdefault((looks[each], frozenset(around[each])), len(numbers))
            for each in resources
        }
        if len(set(refined.values())) == len(set(looks.values())):
            return {each: numbers[looks[each], frozenset(around[each])] for each in resources}
        looks = refined
