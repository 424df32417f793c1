"""Lists of names and counts in findings."""

from __future__ import annotations

import pytest

from lab_support.reporting import counted
from lab_support.review.wording import listed


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b", "a"], "a and b"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_names_are_listed_once_and_long_lists_are_shortened(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_a_count_has_its_noun_in_the_right_number() -> None:
    assert (counted(1, "shard"), counted(4, "shard")) == ("1 shard", "4 shards")
