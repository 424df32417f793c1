"""Patterns of the policy language: `*` and `?`, in actions (any letter case) and in ARNs (exact case).

A `*` may reach over the colons of an ARN (IAM User Guide, "IAM JSON policy elements: Resource": it "can expand to
match beyond the colon boundaries").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

# The characters themselves where a pattern means no wildcard: `${*}` and `${?}`, and what a policy variable stands for.
STAR: Final = "\ue000"
MARK: Final = "\ue001"
_LITERAL: Final = {"*": STAR, "?": MARK}
_PLAIN: Final = {STAR: "*", MARK: "?"}


def literal(text: str) -> str:
    """A pattern that matches exactly this text."""
    return "".join(_LITERAL.get(letter, letter) for letter in text)


@lru_cache(maxsize=4096)
def _expression(pattern: str, any_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    text = "".join(parts.get(letter) or re.escape(_PLAIN.get(letter, letter)) for letter in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if any_case else 0))


def matches(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether a pattern with wildcards stands for this text, as a whole."""
    return _expression(pattern, any_case).fullmatch(text) is not None


@lru_cache(maxsize=65536)
def common(left: str, right: str) -> str | None:
    """A text that both patterns match, or None when there is none. A `*` in both becomes an `x`."""
    came: dict[tuple[int, int], tuple[tuple[int, int], str] | None] = {(0, 0): None}
    stack = [(0, 0)]
    while stack:
        at = stack.pop()
        if at == (len(left), len(right)):
            return _way_to(at, came)
        for letter, there in _steps(left, right, *at):
            if there not in came:
                came[there] = (at, letter)
                stack.append(there)
    return None


def _steps(left: str, right: str, i: int, j: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """How to go on from a place in each pattern: the letter that is written, and the places after it.

    The last one is taken first: a letter, if both allow it.
    """
    a, b = left[i : i + 1], right[j : j + 1]
    if a == "*":
        yield "", (i + 1, j)
    if b == "*":
        yield "", (i, j + 1)
    if a and b:
        free = [each in "*?" for each in (a, b)]
        if all(free):
            yield "x", (i + 1, j + 1)
        elif any(free) or a == b:
            letter = b if free[0] else a
            yield letter, (i + (a != "*"), j + (b != "*"))


def _way_to(at: tuple[int, int], came: dict[tuple[int, int], tuple[tuple[int, int], str] | None]) -> str:
    letters = []
    step = came[at]
    while step is not None:
        at, letter = step
        letters.append(_PLAIN.get(letter, letter))
        step = came[at]
    return "".join(reversed(letters))
