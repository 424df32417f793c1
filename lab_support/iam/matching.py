"""Wildcard patterns of the policy language: `*` and `?`, in actions (ignoring case) and in ARNs (case-sensitive).

A `*` matches colons, too (IAM User Guide, "IAM JSON policy elements: Resource": it "can expand to match beyond the
colon boundaries").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

# Placeholders for literal `*` and `?` in a pattern: from `${*}` and `${?}`, and in the values of policy variables.
STAR: Final = "\ue000"
MARK: Final = "\ue001"
_LITERAL: Final = {"*": STAR, "?": MARK}
_PLAIN: Final = {STAR: "*", MARK: "?"}

Position = tuple[int, int]  # an index into each of two patterns
Previous = dict[Position, tuple[Position, str] | None]


def literal(text: str) -> str:
    """A pattern that matches exactly this text."""
    return "".join(_LITERAL.get(letter, letter) for letter in text)


@lru_cache(maxsize=4096)
def _expression(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    text = "".join(parts.get(letter) or re.escape(_PLAIN.get(letter, letter)) for letter in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a pattern with wildcards matches the whole text."""
    return _expression(pattern, ignore_case).fullmatch(text) is not None


@lru_cache(maxsize=65536)
def common_text(left: str, right: str) -> str | None:
    """A text that both patterns match, or None if there is none. Where both have a wildcard, it has an `x`."""
    previous: Previous = {(0, 0): None}
    stack = [(0, 0)]
    while stack:
        position = stack.pop()
        if position == (len(left), len(right)):
            return _text_up_to(position, previous)
        for letter, following in _steps(left, right, *position):
            if following not in previous:
                previous[following] = (position, letter)
                stack.append(following)
    return None


def _steps(left: str, right: str, i: int, j: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The steps from a position in each pattern: the letter that both match, and the positions after it.

    The last step is tried first: a letter, if both patterns allow one.
    """
    a, b = left[i : i + 1], right[j : j + 1]
    if a == "*":
        yield "", (i + 1, j)
    if b == "*":
        yield "", (i, j + 1)
    if a and b:
        wild = [letter in "*?" for letter in (a, b)]
        if all(wild):
            yield "x", (i + 1, j + 1)
        elif any(wild) or a == b:
            letter = b if wild[0] else a
            yield letter, (i + (a != "*"), j + (b != "*"))


def _text_up_to(position: Position, previous: Previous) -> str:
    letters = []
    step = previous[position]
    while step is not None:
        position, letter = step
        letters.append(_PLAIN.get(letter, letter))
        step = previous[position]
    return "".join(reversed(letters))
