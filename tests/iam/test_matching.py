"""Wildcards match as documented, and two patterns have a common text where they overlap."""

from __future__ import annotations

import pytest

from lab_support.iam.matching import common_text, matches
from tests.iam.policies import STREAM


def test_a_star_matches_colons() -> None:
    assert matches("arn:aws:kinesis:*:stream/alerts", STREAM)


@pytest.mark.parametrize(
    ("left", "right", "example"),
    [
        ("a*", "*b", "ab"),
        ("a?c", "ab*", "abc"),
        ("abc", "abd", None),
        ("arn:aws:kinesis:*", "arn:aws:s3:*", None),
        ("*", "*", "x"),
        ("", "", ""),
    ],
)
def test_the_common_text_of_two_patterns_matches_both(left: str, right: str, example: str | None) -> None:
    found = common_text(left, right)
    assert found == example
    assert found is None or (matches(left, found) and matches(right, found))
