"""The layers of a graph: edges lead to later layers, circles do no harm, and neighbours are near."""

from __future__ import annotations

import pytest

from lab_support.display.layers import layers


@pytest.mark.parametrize(
    ("size", "edges", "found"),
    [
        (0, [], []),
        (2, [], [[0, 1]]),
        (3, [(0, 1), (1, 2)], [[0], [1], [2]]),
        (3, [(0, 1), (1, 2), (0, 2)], [[0], [1], [2]]),
        (2, [(0, 1), (1, 0)], [[0], [1]]),
        (1, [(0, 0)], [[0]]),
    ],
    ids=["nothing", "alone", "chain", "the longest way counts", "circle", "loop"],
)
def test_a_node_is_behind_those_that_lead_to_it(
    size: int, edges: list[tuple[int, int]], found: list[list[int]]
) -> None:
    assert layers(size, edges) == found


def test_crossings_are_avoided() -> None:
    assert layers(4, [(0, 3), (1, 2)]) in ([[0, 1], [3, 2]], [[1, 0], [2, 3]])
