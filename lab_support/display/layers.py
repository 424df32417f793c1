"""Places the nodes of a directed graph in layers, so that its edges lead from left to right, around the nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

Edge = tuple[int, int]
_SWEEPS: Final = 8


@dataclass(frozen=True)
class Layers:
    """A graph in layers from left to right; each lists its nodes from top to bottom.

    An edge that spans layers passes a point in each of those between. Points are numbered like nodes, after the last.
    `paths` has the nodes and points of each edge, from left to right; an edge that closes a circle begins with its
    target.
    """

    layers: list[list[int]]
    paths: dict[Edge, tuple[int, ...]]


def in_layers(size: int, edges: Sequence[Edge]) -> Layers:
    """The nodes 0 to size - 1 and the points that edges pass.

    A node is one layer behind the last of those that lead to it; one that nothing leads to is just before the first
    to which it leads. Within a layer, nodes and points are ordered by the mean place of their neighbours (Sugiyama's
    method), which avoids crossings.
    """
    forward = _without_circles(size, edges)
    rank = _ranks(size, forward)
    layers: list[list[int]] = [[] for _ in range(max(rank, default=-1) + 1)]
    for node in range(size):
        layers[rank[node]].append(node)
    paths: dict[Edge, tuple[int, ...]] = {}
    points = size
    for source, target in dict.fromkeys(edge for edge in edges if edge[0] != edge[1]):
        first, last = sorted((source, target), key=lambda node: rank[node])
        between = range(rank[first] + 1, rank[last])
        for point, layer in enumerate(between, start=points):
            layers[layer].append(point)
        paths[source, target] = (first, *range(points, points + len(between)), last)
        points += len(between)
    _put_in_order(layers, paths.values())
    return Layers(layers, paths)


def _ranks(size: int, forward: Sequence[Edge]) -> list[int]:
    rank = [0] * size
    for _ in range(size):
        for source, target in forward:
            rank[target] = max(rank[target], rank[source] + 1)
    begins = {source for source, _ in forward} - {target for _, target in forward}
    for node in begins:
        rank[node] = min(rank[target] for source, target in forward if source == node) - 1
    return rank


def _put_in_order(layers: list[list[int]], paths: Iterable[Sequence[int]]) -> None:
    """Orders the layers in place, in turns from left to right by what is on the left, and back."""
    left: defaultdict[int, list[int]] = defaultdict(list)
    right: defaultdict[int, list[int]] = defaultdict(list)
    for path in paths:
        for one, other in pairwise(path):
            right[one].append(other)
            left[other].append(one)
    place = {node: number / len(layer) for layer in layers for number, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        side, ordered = (left, layers) if sweep % 2 == 0 else (right, layers[::-1])
        for layer in ordered:
            layer.sort(key=lambda node: _mean([place[other] for other in side[node]], place[node]))
            place |= {node: number / len(layer) for number, node in enumerate(layer)}


def _without_circles(size: int, edges: Sequence[Edge]) -> list[Edge]:
    """The edges without those that lead back to a node on the way to their source."""
    targets: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in edges:
        targets[source].append(target)
    kept: list[Edge] = []
    done: set[int] = set()

    def visit(node: int, path: frozenset[int]) -> None:
        if node in done:
            return
        for target in targets[node]:
            if target not in path:
                kept.append((node, target))
                visit(target, path | {target})
        done.add(node)

    for node in range(size):
        visit(node, frozenset({node}))
    return kept


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
