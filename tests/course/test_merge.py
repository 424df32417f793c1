"""Two changes to one text: those to different lines are merged, those to the same lines are a conflict."""

from __future__ import annotations

import pytest

from lab_support.course.merge import merge

BEFORE = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("own", "other", "result"),
    [
        ("abcd", "abcd", "abcd"),
        ("aBcd", "abcd", "aBcd"),
        ("abcd", "abCd", "abCd"),
        ("aBcd", "abCd", "aBCd"),
        ("aBcd", "abcD", "aBcD"),
        ("abxcd", "abcyd", "abxcyd"),
        ("acd", "abcdx", "acdx"),
        ("aBcd", "aBcd", "aBcd"),
        ("xabcd", "Abcd", "xAbcd"),
        ("abxcd", "abCd", "abxCd"),
        ("acd", "abxcd", "axcd"),
    ],
)
def test_changes_to_different_lines_are_merged(own: str, other: str, result: str) -> None:
    for left, right in ((own, other), (other, own)):
        merged = merge(BEFORE, list(left), list(right))
        assert ("".join(merged.lines), merged.conflicts) == (result, ())


@pytest.mark.parametrize(
    ("own", "other"),
    [("aBcd", "aXcd"), ("acd", "aXcd"), ("abxcd", "abycd"), ("aBCd", "abXd"), ("ad", "abxcd")],
)
def test_changes_to_the_same_lines_are_a_conflict(own: str, other: str) -> None:
    merged = merge(BEFORE, list(own), list(other))
    (conflict,) = merged.conflicts
    assert "".join(merged.lines).count("<<<<<<< the fix") == 1
    assert [line for line in conflict.marked if len(line) == 1] == [*conflict.own, *conflict.other]


def test_a_side_can_be_preferred() -> None:
    merged = merge(BEFORE, list("aBcd"), list("aXcD"), keep_own=True)
    assert ("".join(merged.lines), merged.conflicts) == ("aBcD", ())
