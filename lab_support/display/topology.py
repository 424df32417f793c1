"""Draws a topology as a Mermaid diagram, which JupyterLab renders in its own colours, and as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile
from typing import Final

from lab_support.display.view import View
from lab_support.plan.areas import area_of
from lab_support.plan.topology import Edge, Node, Topology
from lab_support.reporting import counted

_NAMED: Final = 3  # properties on an edge, and members of a node, that a label has room for
_ARROWS: Final = 3  # to one node; beyond that, they are written into their source nodes
# Tighter than usual, so that words are as large as possible, with room for the titles of groups.
_CONFIGURATION: Final = (
    "config:",
    "  flowchart:",
    "    rankSpacing: 20",
    "    nodeSpacing: 14",
    "    padding: 8",
    "    subGraphTitleMargin: {top: 2, bottom: 14}",
)
_PLAIN = re.compile(r"[^A-Za-z0-9 .,:()+/_-]")


def topologies_view(topologies: tuple[Topology, ...]) -> View:
    """The topology of one plan. Raises TypeError for several: an output holds one diagram."""
    if len(topologies) != 1:
        raise TypeError(f"show() draws one topology at a time, not {len(topologies)}")
    drawn = topologies[0]
    return View("", "\n".join(_lines(drawn)), "\n".join(_mermaid(drawn)))


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


def _mermaid(drawn: Topology) -> Iterator[str]:
    names = {node: f"n{number}" for number, node in enumerate(drawn.nodes)}
    cut = _Shortened(resource.name for node in drawn.nodes for resource in node.members)
    written = _written(drawn)
    yield from ("---", *_CONFIGURATION, "---", "flowchart LR")
    yield f"  accTitle: {_PLAIN.sub(' ', _title(drawn))}"
    yield f"  accDescr: {_PLAIN.sub(' ', _described(drawn))}"
    for number, (service, nodes) in enumerate(_of_service(drawn.nodes)):
        yield f'  subgraph s{number}["{_text(f"{service} · {area_of(service)}")}"]'
        yield from (f'    {names[node]}["{_label(node, cut, written.get(node, ()))}"]' for node in nodes)
        yield "  end"
    for edge in drawn.edges:
        if edge not in written.get(edge.source, ()):
            yield f'  {names[edge.source]} -->|"{_text(_properties(edge))}"| {names[edge.target]}'


def _written(drawn: Topology) -> dict[Node, list[Edge]]:
    """References written in their source node instead of drawn: many arrows to one node hide the rest."""
    users = Counter(edge.target for edge in drawn.edges)
    found: dict[Node, list[Edge]] = {}
    for edge in drawn.edges:
        if users[edge.target] > _ARROWS:
            found.setdefault(edge.source, []).append(edge)
    return found


def _described(drawn: Topology) -> str:
    """The diagram in sentences, which JupyterLab gives to screen readers."""
    services = ", ".join(f"{service} ({area_of(service)})" for service, _ in _of_service(drawn.nodes))
    references = ". ".join(
        f"{_target(edge.source)} refers to {_target(edge.target)} by {', '.join(edge.properties)}"
        for edge in drawn.edges
    )
    return f"Services: {services or 'none'}. {references or 'No resource refers to another'}."


def _label(node: Node, cut: _Shortened, written: Iterable[Edge]) -> str:
    if len(node.members) == 1:
        lines = [cut(node.members[0].name), node.members[0].kind]
    elif len(node.kinds) == 1:
        lines = [
            f"{len(node.members)} {node.members[0].kind}",
            *_few([cut(member.name) for member in node.members]),
        ]
    else:
        lines = [f"{number} {kind}" for kind, number in node.kinds.most_common()]
    if len(node.completed_by) == 1:
        lines.append(f"+ {_census(node.completed_by)}")
    elif node.satellites:
        lines.append(f"+ {counted(len(node.satellites), 'attached resource')}")
    for edge in written:
        one = len(edge.target.members) == 1
        lines.append(
            f"{_properties(edge)} → {cut(edge.target.members[0].name) if one else edge.target.service}"
        )
    return "<br/>".join(_text(line) for line in lines)


def _few(names: list[str]) -> list[str]:
    return names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"and {len(names) - _NAMED + 1} more"]


def _properties(edge: Edge) -> str:
    return ", ".join(_few(list(edge.properties)))


def _text(text: str) -> str:
    """Text escaped for Mermaid: any character that could have a meaning becomes a numeric reference."""
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", text)


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
