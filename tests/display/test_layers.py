"""The layers of a graph: edges lead to later layers, circles do no harm, and neighbours are near."""

from __future__ import annotations

import pytest

from lab_support.display.layers import in_layers


@pytest.mark.parametrize(
    ("size", "edges", "found"),
    [
        (0, [], []),
        (2, [], [[0, 1]]),
        (3, [(0, 1), (1, 2)], [[0], [1], [2]]),
        (3, [(0, 1), (1, 2), (0, 2)], [[0], [1, 3], [2]]),
        (4, [(0, 1), (1, 2), (3, 2)], [[0], [1, 3], [2]]),
        (2, [(0, 1), (1, 0)], [[0], [1]]),
        (1, [(0, 0)], [[0]]),
    ],
    ids=["nothing", "alone", "chain", "the longest way counts", "near what it leads to", "circle", "loop"],
)
def test_a_node_is_behind_those_that_lead_to_it(
    size: int, edges: list[tuple[int, int]], found: list[list[int]]
) -> None:
    assert [sorted(layer) for layer in in_layers(size, edges).layers] == found


def test_crossings_are_avoided() -> None:
    assert in_layers(4, [(0, 3), (1, 2)]).layers in ([[0, 1], [3, 2]], [[1, 0], [2, 3]])


def test_an_edge_passes_a_point_in_each_layer_between() -> None:
    found = in_layers(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    begin, *points, end = found.paths[0, 3]
    assert (begin, end) == (0, 3)
    assert [point in layer for point, layer in zip(points, found.layers[1:3], strict=True)] == [True, True]
    assert min(points) >= 4


def test_an_edge_that_closes_a_circle_leads_back() -> None:
    found = in_layers(3, [(0, 1), (1, 2), (2, 0)])
    assert found.paths[2, 0][0] == 0
    assert found.paths[2, 0][-1] == 2
