"""Texts that a regular expression is about: some that it matches, and those that a part of it keeps out."""

from __future__ import annotations

import itertools
import re
from re import _parser  # type: ignore[attr-defined]  # Python has no public parser of patterns
from typing import Any, Final

_MOST: Final = 24  # texts of one pattern
_LONGEST: Final = 20  # characters; no environment is longer
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def samples(pattern: str) -> tuple[str, ...]:
    """Texts for the alternatives of a pattern, and for what its negations exclude; none for what is no pattern."""
    try:
        return tuple(dict.fromkeys(_texts(_parser.parse(pattern))))
    except (re.error, RecursionError, OverflowError):
        return ()


def _texts(parts: Any) -> list[str]:
    found, asserted = [""], list[str]()
    for operation, argument in parts:
        name = str(operation)
        if name in ("ASSERT", "ASSERT_NOT"):
            asserted += [before + text for text in _texts(argument[1]) for before in found]
        else:
            choices = _choices(name, argument)
            found = [(before + text)[:_LONGEST] for before in found for text in choices][:_MOST]
    return [*found, *asserted][:_MOST]


def _choices(name: str, argument: Any) -> list[str]:
    if name == "LITERAL":
        return [chr(argument)]
    if name == "NOT_LITERAL":
        return ["x", chr(argument)]
    if name == "IN":
        return [*[_one_of(*item) for item in argument][:3], *_outside(argument)]
    if name == "BRANCH":
        return [text for branch in argument[1] for text in _texts(branch)]
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _texts(argument[-1] if name == "SUBPATTERN" else argument)
    if name in _REPEATS:
        least, _, repeated = argument
        texts = [(text * min(max(least, 1), _LONGEST))[:_LONGEST] for text in _texts(repeated)]
        return ["", *texts] if least == 0 else texts
    return ["x" if name in ("ANY", "GROUPREF") else ""]


def _outside(items: Any) -> list[str]:
    """The first letter that a set of letters leaves out, if it is not itself negated and leaves out some."""
    ranges = [
        argument if str(operation) == "RANGE" else (argument, argument) for operation, argument in items
    ]
    kinds = {str(operation) for operation, _ in items}
    if not kinds <= {"LITERAL", "RANGE"} or "RANGE" not in kinds:
        return []
    left = (
        chr(code)
        for code in range(ord("a"), ord("z") + 1)
        if not any(first <= code <= last for first, last in ranges)
    )
    return list(itertools.islice(left, 1))


def _one_of(operation: Any, argument: Any) -> str:
    """A character of a set. One of a negated set is like any other: the environment that it leaves out."""
    name = str(operation)
    if name == "LITERAL":
        return chr(argument)
    if name == "RANGE":
        return chr(argument[0])
    return "7" if str(argument) == "CATEGORY_DIGIT" else "x"
