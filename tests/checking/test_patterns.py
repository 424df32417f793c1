"""A pattern's samples: what it matches, and what its negations exclude."""

from __future__ import annotations

import pytest

from lab_support.checking.patterns import samples


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^(qa|uat)$", ("qa", "uat")),
        (r"qa-\d{2}", ("qa-77",)),
        ("(?!qa)", ("", "qa")),
        ("[^q]a", ("xa", "qa")),
        ("[q]a?", ("q", "qa")),
        ("(?>qa)++", ("qa",)),
        ("(qa", ()),
        ("(" * 3000, ()),
    ],
)
def test_samples_of_a_pattern(pattern: str, expected: tuple[str, ...]) -> None:
    assert set(samples(pattern)) >= set(expected)
    assert bool(samples(pattern)) == bool(expected)


def test_a_pattern_without_end_has_few_and_short_samples() -> None:
    found = samples("((((((((a|b|c){99}){99}){99}){99}){99}){99}){99}){99}" * 20)
    assert len(found) <= 24
    assert max(map(len, found)) < 50
