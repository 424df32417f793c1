"""Places the nodes of a directed graph in layers, so that its edges lead from left to right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

Edges = Sequence[tuple[int, int]]
_SWEEPS: Final = 4


def layers(size: int, edges: Edges) -> list[list[int]]:
    """The nodes 0 to size - 1 by layer, each layer from top to bottom.

    A node is one layer behind the last of those that lead to it; edges that close a circle do not count. Within a
    layer, nodes are ordered by the mean place of their neighbours (Sugiyama's method), which avoids crossings.
    """
    forward = _without_circles(size, edges)
    rank = [0] * size
    for _ in range(size):
        for source, target in forward:
            rank[target] = max(rank[target], rank[source] + 1)
    found: list[list[int]] = [[] for _ in range(max(rank, default=-1) + 1)]
    for node in range(size):
        found[rank[node]].append(node)
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in edges:
        neighbours[source].append(target)
        neighbours[target].append(source)
    place: dict[int, float] = {}
    for layer in found * _SWEEPS:
        layer.sort(key=lambda node: _mean([place[other] for other in neighbours[node] if other in place]))
        place |= {node: number / len(layer) for number, node in enumerate(layer)}
    return found


def _without_circles(size: int, edges: Edges) -> list[tuple[int, int]]:
    """The edges without those that lead back to a node on the way to their source."""
    targets: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in edges:
        targets[source].append(target)
    kept: list[tuple[int, int]] = []
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


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0
