"""Draws a topology as boxes in layers, with arrows from each resource to what it refers to, and as text."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Final

from lab_support.display.html import escape, view
from lab_support.display.layers import layers
from lab_support.display.view import View
from lab_support.plan.areas import area_of
from lab_support.plan.topology import Edge, Node, Topology
from lab_support.reporting import counted

_NAMED: Final = 3  # properties on an edge, and members of a node, that a label has room for
_ARROWS: Final = 3  # to one node; beyond that, they are written into their source nodes
# Sizes in pixels; letters of 12 pixels are at most about 7 wide.
_LETTER: Final = 7
_LINE: Final = 16
_PADDING: Final = 7
_GAP: Final = 12
_BETWEEN: Final = 56
_WRAP: Final = textwrap.TextWrapper(36, break_long_words=False, break_on_hyphens=False)  # of a box's lines
_STYLES: Final = {0: ' class="lab-strong"', 1: "", 2: ' class="lab-dim"'}


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
    return (
        f'<figure class="lab-topology"><figcaption>{title}</figcaption>'
        '<label><input type="checkbox" class="lab-fit"/> Show all of it at once</label>'
        f'<div class="lab-scroll" tabindex="0">{_drawing(drawn)}</div></figure>'
    )


def _drawing(drawn: Topology) -> str:
    cut = _Shortened(resource.name for node in drawn.nodes for resource in node.members)
    written = _written(drawn)
    boxes = [_Box(node, _label(drawn, node, cut)) for node in drawn.nodes]
    number = {node: place for place, node in enumerate(drawn.nodes)}
    edges = [(number[edge.source], number[edge.target]) for edge in drawn.edges]
    left, height = _GAP, 0
    for layer in layers(len(boxes), edges):
        top = _GAP
        width = max(boxes[node].width for node in layer)
        for node in layer:
            boxes[node].left, boxes[node].top, boxes[node].width = left, top, width
            top += boxes[node].height + _GAP
        left, height = left + width + _BETWEEN, max(height, top)
    arrows = "".join(
        _arrow(boxes[number[edge.source]], boxes[number[edge.target]])
        for edge in drawn.edges
        if edge not in written.get(edge.source, ())
    )
    width = max(left - _BETWEEN + _GAP, _GAP)
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(_title(drawn))}. {escape(_described(drawn))}">'
        '<defs><marker id="lab-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z"/></marker></defs>{arrows}{"".join(box.svg for box in boxes)}</svg>'
    )


@dataclass
class _Box:
    """A node's box: its lines of text, and where it is drawn."""

    node: Node
    lines: list[str]
    left: int = 0
    top: int = 0
    width: int = 0

    def __post_init__(self) -> None:
        self.width = max(map(len, self.lines)) * _LETTER + 2 * _PADDING

    @property
    def height(self) -> int:
        return len(self.lines) * _LINE + 2 * _PADDING

    @property
    def svg(self) -> str:
        text = "".join(
            f'<text x="{self.left + _PADDING}" y="{self.top + _PADDING + (place + 1) * _LINE - 4}"'
            f"{_STYLES.get(place, _STYLES[2])}>{escape(line)}</text>"
            for place, line in enumerate(self.lines)
        )
        box = f'x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" rx="5"'
        return f"<g><rect {box}/>{text}</g>"


def _arrow(source: _Box, target: _Box) -> str:
    start, end = source.top + source.height // 2, target.top + target.height // 2
    left = target.left
    if source.left < left:
        begin = source.left + source.width
        bend = f"{(begin + left) // 2} {start} {(begin + left) // 2} {end}"
    else:  # back to an earlier layer: around the left side
        begin = source.left
        bend = f"{begin - _BETWEEN} {start} {left - _BETWEEN} {end}"
    return f'<path class="lab-arrow" d="M{begin} {start}C{bend} {left} {end}"/>'


def _written(drawn: Topology) -> dict[Node, list[Edge]]:
    """References written in their source node instead of drawn: many arrows to one node hide the rest."""
    users = Counter(edge.target for edge in drawn.edges)
    found: dict[Node, list[Edge]] = {}
    for edge in drawn.edges:
        if users[edge.target] > _ARROWS:
            found.setdefault(edge.source, []).append(edge)
    return found


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
