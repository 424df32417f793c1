"""The drawing of a topology: boxes in layers, arrows that pass between them, and below, what has no arrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lab_support.display.html import escape
from lab_support.display.layers import in_layers
from lab_support.plan.topology import Edge, Node, Topology

_ARROWS: Final = 3  # to one node; beyond that, they are only written into their source nodes
# Sizes in pixels; letters of 12 pixels are at most about 7 wide.
_LETTER: Final = 7
_LINE: Final = 16
_PADDING: Final = 7
_GAP: Final = 12
_BETWEEN: Final = 44
_POINT: Final = 4  # the height of a point that an arrow passes in a layer
_NARROWEST: Final = 640  # of a drawing, which the rows below it fill
_STYLES: Final = {0: ' class="lab-strong"', 1: ""}
_OTHER_STYLE: Final = ' class="lab-dim"'


def drawing(drawn: Topology, label: Callable[[Node], list[str]], description: str) -> str:
    """The topology as SVG at a size at which its words can be read.

    `label` gives the lines of a node's box: its name, its type, and whatever else is to be said.
    """
    edges = arrows_of(drawn)
    ends = {node for edge in edges for node in (edge.source, edge.target)}
    joined = [_Box(node, label(node)) for node in drawn.nodes if node in ends]
    single = [_Box(node, label(node)) for node in drawn.nodes if node not in ends]
    routes, width, height = _place_in_layers(joined, edges)
    width = max(width, _NARROWEST)
    height = _place_in_rows(single, width, height)
    arrows = {edge: _arrow(edge, route) for edge, route in routes.items()}
    boxes = "".join(
        box.svg([arrows[edge] for edge in edges if box.node in (edge.source, edge.target)])
        for box in (*joined, *single)
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(description)}">'
        f"<defs>{_tip('lab-tip', 'M0 0L8 4L0 8z', 8)}{_tip('lab-tip-back', 'M8 0L0 4L8 8z', 0)}</defs>"
        f"{''.join(arrows.values())}{boxes}</svg>"
    )


def _tip(name: str, shape: str, at: int) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="{at}" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="{shape}"/></marker>'
    )


def arrows_of(drawn: Topology) -> list[Edge]:
    """The references that are drawn: many arrows to one node would hide the rest, so those are only written."""
    users = Counter(edge.target for edge in drawn.edges)
    return [edge for edge in drawn.edges if users[edge.target] <= _ARROWS]


@dataclass
class _Box:
    """A node's box: its lines of text, and where it is drawn. Without a node, a point that an arrow passes."""

    node: Node | None
    lines: list[str]
    left: int = 0
    top: int = 0
    width: int = 0

    def __post_init__(self) -> None:
        self.width = max(map(len, self.lines), default=0) * _LETTER + 2 * _PADDING

    @property
    def height(self) -> int:
        return len(self.lines) * _LINE + 2 * _PADDING if self.node else _POINT

    @property
    def middle(self) -> int:
        return self.top + self.height // 2

    def svg(self, arrows: Iterable[str]) -> str:
        """The box; its arrows are drawn again with it, and show when somebody points at it."""
        text = "".join(
            f'<text x="{self.left + _PADDING}" y="{self.top + _PADDING + (place + 1) * _LINE - 4}"'
            f"{_STYLES.get(place, _OTHER_STYLE)}>{escape(line)}</text>"
            for place, line in enumerate(self.lines)
        )
        box = f'x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" rx="5"'
        return f"<g><rect {box}/>{text}{''.join(arrows)}</g>"


def _place_in_layers(boxes: list[_Box], edges: list[Edge]) -> tuple[dict[Edge, list[_Box]], int, int]:
    """Places the boxes. The boxes and points that each arrow passes, and the width and height of all."""
    number = {box.node: place for place, box in enumerate(boxes)}
    ends = {(number[edge.source], number[edge.target]): edge for edge in edges}
    found = in_layers(len(boxes), list(ends))
    points = sum(map(len, found.layers)) - len(boxes)
    parts = [*boxes, *(_Box(None, []) for _ in range(points))]
    routes = {ends[pair]: [parts[place] for place in path] for pair, path in found.paths.items()}
    columns = [[parts[place] for place in layer] for layer in found.layers]
    left = _GAP
    for column in columns:
        width = max(part.width for part in column)
        for part in column:
            part.left, part.width = left, width
        left += width + _BETWEEN
    return routes, max(left - _BETWEEN + _GAP, _GAP), _align(columns, list(routes.values()))


def _align(columns: list[list[_Box]], routes: list[list[_Box]]) -> int:
    """Puts the boxes of the highest column close together, and those of the others near what they are joined with.

    Returns the height of all.
    """
    if not columns:
        return _GAP
    heights = [sum(part.height + _GAP for part in column) for column in columns]
    highest = heights.index(max(heights))
    lefts: dict[int, list[_Box]] = {}
    rights: dict[int, list[_Box]] = {}
    for route in routes:
        for one, other in pairwise(route):
            rights.setdefault(id(one), []).append(other)
            lefts.setdefault(id(other), []).append(one)
    _stack(columns[highest], {}, heights[highest])
    for column in columns[highest + 1 :]:
        _stack(column, lefts, heights[highest])
    for column in reversed(columns[:highest]):
        _stack(column, rights, heights[highest])
    return heights[highest] + _GAP


def _stack(column: list[_Box], near: dict[int, list[_Box]], height: int) -> None:
    """Places boxes one below the other, each as near as possible to the middle of those that it is near to."""
    top = _GAP
    for part in column:
        wanted = [box.middle for box in near.get(id(part), ())]
        part.top = max(top, sum(wanted) // len(wanted) - part.height // 2) if wanted else top
        top = part.top + part.height + _GAP
    bottom = height
    for part in reversed(column):
        part.top = min(part.top, bottom - part.height)
        bottom = part.top - _GAP


def _place_in_rows(boxes: list[_Box], width: int, top: int) -> int:
    """Places boxes in rows as wide as the drawing, from `top` down. Where they end."""
    left, lowest = _GAP, top
    for box in boxes:
        if left > _GAP and left + box.width + _GAP > width:
            left, top = _GAP, lowest
        box.left, box.top = left, top
        left, lowest = left + box.width + _GAP, max(lowest, top + box.height + _GAP)
    return lowest


def _arrow(edge: Edge, route: list[_Box]) -> str:
    """From the source to the target; the route leads from left to right, and back where the edge closes a circle."""
    steps = [f"M{route[0].left + route[0].width} {route[0].middle}"]
    for one, other in pairwise(route):
        begin, end = one.left + one.width, other.left
        middle = (begin + end) // 2
        steps.append(f"C{middle} {one.middle} {middle} {other.middle} {end} {other.middle}")
        if other is not route[-1]:
            steps.append(f"H{end + other.width}")
    back = "" if route[0].node is edge.source else " lab-back"
    return f'<path class="lab-arrow{back}" d="{"".join(steps)}"/>'
