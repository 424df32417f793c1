"""The topology of a plan: its resources and the references between them, condensed for drawing.

    for edge in topology(plan).edges:
        print(edge.source.label, edge.properties, edge.target.label)

Three rules make 75 resources readable. A satellite, which only completes another resource (an alias, an association, a
mount target), is counted with its owner, which inherits its references. Resources of one type that differ only in
their names become one node. A service that still has many nodes becomes one node.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lab_support.plan.areas import by_service, is_satellite, service_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

ALIKE_FROM: Final = 3  # this many indistinguishable resources are drawn as one node
FOLDED_ABOVE: Final = 8  # a service with more nodes than this is drawn as one node
DEPENDS: Final = "depends on"  # labels a reference that no property carries

Links = Mapping[tuple[Resource, Resource], frozenset[str]]


@dataclass(frozen=True)
class Node:
    """One node of the drawing: a resource, several that are alike, or a whole service. Satellites are only counted."""

    service: str
    members: tuple[Resource, ...]
    satellites: tuple[Resource, ...] = ()

    @property
    def kinds(self) -> Counter[str]:
        """The number of resources of each type, without satellites."""
        return Counter(resource.kind for resource in self.members)

    @property
    def completed_by(self) -> Counter[str]:
        """The number of satellites of each type."""
        return Counter(resource.kind for resource in self.satellites)


@dataclass(frozen=True)
class Edge:
    """References from one node to another, and the properties that carry them."""

    source: Node
    target: Node
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Topology:
    """The nodes of a plan in review order, and the references between them."""

    environment: str
    size: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def edges_from(self, node: Node) -> tuple[Edge, ...]:
        """The edges that start at a node."""
        return tuple(edge for edge in self.edges if edge.source is node)


def topology(plan: Plan) -> Topology:
    """The topology of a plan's custom resources, without those that are deleted or only read."""
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
    """Which resource refers to which, through which properties, as recorded by the engine: equal texts mean nothing."""
    by_urn = {resource.urn: resource for resource in resources}
    found: defaultdict[tuple[Resource, Resource], set[str]] = defaultdict(set)
    for resource in by_urn.values():
        for name in resource.inputs:
            recorded = [by_urn.get(urn) for urn in resource.properties_from.get(name, ())]
            for target in recorded:
                if target is not None and target in by_urn.values() and target is not resource:
                    found[resource, target].add(name)
        for urn in resource.depends_on:
            target = by_urn.get(urn)
            if target is not None and target is not resource and (resource, target) not in found:
                found[resource, target].add(DEPENDS)
    return {pair: frozenset(names) for pair, names in found.items()}


def _owners(resources: Iterable[Resource], links: Links) -> dict[Resource, Resource]:
    """The owner of each satellite: the resource that it completes, preferably of the same service."""
    ordered = [resource for _, group in by_service(resources) for resource in group]
    position = {resource: number for number, resource in enumerate(ordered)}
    first: dict[Resource, Resource] = {}
    for resource in ordered:
        targets = [target for source, target in links if source is resource]
        users = [source for source, target in links if target is resource]
        # A subnet group refers to subnets but completes the database that refers to it.
        near = targets if is_satellite(resource) and not resource.kind.endswith("Group") else users
        same_service = [candidate for candidate in near if service_of(candidate) == service_of(resource)]
        if is_satellite(resource) and (same_service or near):
            candidates = same_service or near
            first[resource] = min(
                candidates,
                key=lambda owner: (is_satellite(owner), _uses(owner, candidates, links), position[owner]),
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
    """0 if the resource refers to one of the others, else 1: given a service and its cluster, prefer the service."""
    return 0 if any((resource, other) in links for other in others) else 1


def _joined(links: Links, drawn_as: Mapping[Resource, Resource]) -> Links:
    """The references between drawn resources; an owner inherits those of its satellites."""
    found: defaultdict[tuple[Resource, Resource], frozenset[str]] = defaultdict(frozenset)
    for (source, target), properties in links.items():
        pair = drawn_as[source], drawn_as[target]
        if pair[0] is not pair[1]:
            found[pair] |= properties
    return found


def _nodes(
    drawn: Iterable[Resource], links: Links, satellites: Mapping[Resource, list[Resource]]
) -> Iterator[Node]:
    colours = _colours(tuple(drawn), links)
    for service, resources in by_service(drawn):
        groups: defaultdict[int, list[Resource]] = defaultdict(list)
        for resource in resources:
            groups[colours[resource]].append(resource)
        members = [
            part
            for group in groups.values()
            for part in ([group] if len(group) >= ALIKE_FROM else [[resource] for resource in group])
        ]
        if len(members) > FOLDED_ABOVE:
            members = [resources]
        for part in members:
            completed = [satellite for member in part for satellite in satellites.get(member, ())]
            yield Node(service, tuple(part), tuple(sorted(completed, key=lambda satellite: satellite.urn)))


def _colours(resources: tuple[Resource, ...], links: Links) -> dict[Resource, int]:
    """A colour for each resource: indistinguishable resources, which differ only in their names, have the same one.

    Colour refinement: two resources keep the same colour as long as their neighbours do, round after round.
    """
    colours: dict[Resource, object] = {resource: resource.kind for resource in resources}
    while True:
        neighbours: dict[Resource, set[tuple[str, frozenset[str], object]]] = {
            resource: set() for resource in resources
        }
        for (source, target), properties in links.items():
            neighbours[source].add(("to", properties, colours[target]))
            neighbours[target].add(("from", properties, colours[source]))
        numbers: dict[object, int] = {}
        refined = {
            resource: numbers.setdefault((colours[resource], frozenset(neighbours[resource])), len(numbers))
            for resource in resources
        }
        if len(numbers) == len(set(colours.values())):
            return refined
        colours = dict(refined)
