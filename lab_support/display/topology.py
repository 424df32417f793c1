"""Shows a topology: as a drawing with arrows from each resource to what it refers to, and as text."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile
from typing import Final

from lab_support.display.html import escape, view
from lab_support.display.topology_drawing import drawing
from lab_support.display.view import View
from lab_support.plan.areas import area_of
from lab_support.plan.topology import Edge, Node, Topology
from lab_support.reporting import counted

_NAMED: Final = 3  # properties on an edge, and members of a node, that a label has room for
_WRAP: Final = textwrap.TextWrapper(30, break_long_words=False, break_on_hyphens=False)  # of a box's lines


def topologies_view(topologies: tuple[Topology, ...]) -> View:
    """The topologies, one below the other."""
    return view(
        "".join(map(_figure, topologies)), "\n\n".join("\n".join(_lines(drawn)) for drawn in topologies)
    )


def _title(drawn: Topology) -> str:
    return f"Environment {drawn.environment}: {counted(drawn.size, 'resource')} and what they refer to"


def _census(kinds: Counter[str]) -> str:
    """Types with their numbers, most frequent first: `2 Role, 1 Policy`."""
    return ", ".join(
        f"{number} {kind.rpartition('.')[2]}"
        for kind, number in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    )


def _of_service(nodes: Iterable[Node]) -> Iterator[tuple[str, list[Node]]]:
    for service, group in groupby(nodes, lambda node: node.service):
        yield service, list(group)


def _names(node: Node) -> str:
    return ", ".join(member.name for member in node.members)


def _lines(drawn: Topology) -> Iterator[str]:
    yield _title(drawn)
    for service, nodes in _of_service(drawn.nodes):
        yield from ("", f"{service} ({area_of(service)})")
        for node in nodes:
            completed = f", with {_census(node.completed_by)}" if node.satellites else ""
            if len(node.members) == 1:
                yield f"  {node.members[0].kind}  {node.members[0].name}{completed}"
            else:
                yield f"  {_census(node.kinds)}{completed}: {_names(node)}"
            for edge in drawn.edges_from(node):
                yield f"      {', '.join(edge.properties)} → {_target(edge.target)}"


def _target(node: Node) -> str:
    return node.members[0].name if len(node.members) == 1 else f"{node.service} ({_census(node.kinds)})"


def _figure(drawn: Topology) -> str:
    """The drawing at a size at which words can be read, in a frame that scrolls; a box shows all of it at once."""
    title = escape(_title(drawn))
    cut = _Shortened(resource.name for node in drawn.nodes for resource in node.members)

    def label(node: Node) -> list[str]:
        return _label(drawn, node, cut)

    picture = drawing(drawn, label, f"{_title(drawn)}. {_described(drawn)}")
    return (
        f'<figure class="lab-topology"><figcaption>{title}</figcaption>'
        '<label><input type="checkbox" class="lab-fit"/> Show all of it at once</label> '
        "<small>Point at a box to see its arrows.</small>"
        f'<div class="lab-scroll" tabindex="0">{picture}</div></figure>'
    )


def _described(drawn: Topology) -> str:
    """The drawing in sentences, for screen readers."""
    services = ", ".join(f"{service} ({area_of(service)})" for service, _ in _of_service(drawn.nodes))
    references = ". ".join(
        f"{_target(edge.source)} refers to {_target(edge.target)} by {', '.join(edge.properties)}"
        for edge in drawn.edges
    )
    return f"Services: {services or 'none'}. {references or 'No resource refers to another'}."


def _label(drawn: Topology, node: Node, cut: _Shortened) -> list[str]:
    """What a node's box says: its name and type, what completes it, and what it refers to."""
    if len(node.members) == 1:
        lines = [cut(node.members[0].name), node.members[0].kind]
    elif len(node.kinds) == 1:
        names = _few([cut(member.name) for member in node.members])
        lines = [f"{len(node.members)} {node.members[0].kind}", ", ".join(names)]
    else:
        lines = [node.service, _census(node.kinds)]
    if node.satellites:
        lines.append(f"+ {_census(node.completed_by)}")
    for edge in drawn.edges_from(node):
        one = len(edge.target.members) == 1
        lines.append(
            f"{_properties(edge)} → {cut(edge.target.members[0].name) if one else edge.target.service}"
        )
    return [part for line in lines for part in _WRAP.wrap(line) or [""]]


def _few(names: list[str]) -> list[str]:
    return names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"and {len(names) - _NAMED + 1} more"]


def _properties(edge: Edge) -> str:
    return ", ".join(_few(list(edge.properties)))


class _Shortened:
    """Names without the words that all of them start or end with: `db` for `emergency-alert-db-dev`."""

    def __init__(self, names: Iterable[str]) -> None:
        words = [name.split("-") for name in names]
        self._front = _in_common(words)
        self._back = _in_common([name[::-1] for name in words])

    def __call__(self, name: str) -> str:
        words = name.split("-")
        return "-".join(words[self._front : len(words) - self._back]) or name


def _in_common(lists: list[list[str]]) -> int:
    """How many words all lists start with in common; none for a single list."""
    places = zip(*lists, strict=False) if len(lists) > 1 else ()
    return sum(1 for _ in takewhile(lambda place: len(set(place)) == 1, places))
