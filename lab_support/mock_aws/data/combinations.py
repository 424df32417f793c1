"""Inputs that exclude or need each other, as documented (combinations.json, by tools/combinations.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from lab_support.mock_aws.data import read

CONFLICTS: Final = "conflicts"
EXACTLY_ONE: Final = "exactly one"
AT_LEAST_ONE: Final = "at least one"
REQUIRES: Final = "requires"
# Documented as required without a check of the provider's: AWS refuses what lacks it.
NEEDS: Final = "needs"
NEEDS_ONE: Final = "needs one"


@dataclass(frozen=True)
class Combination:
    """What a type demands of several inputs, which are named as the provider's documentation spells them.

    Of the kinds `conflicts`, `requires` and `needs`, the first input excludes or needs each of the others.
    """

    kind: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        first, *others = self.names
        if self.kind == CONFLICTS:
            return f"{first} conflicts with {', '.join(others)}"
        if self.kind in (REQUIRES, NEEDS):
            return f"{first} requires {', '.join(others)}"
        return f"{AT_LEAST_ONE if self.kind == NEEDS_ONE else self.kind} of {', '.join(self.names)}"


@cache
def documented_combinations(token: str) -> tuple[Combination, ...]:
    """The combinations that the documentation of a type states; empty where it states none in a regular way."""
    return tuple(
        Combination(kind, tuple(names)) for kind, *names in read("combinations")["types"].get(token, ())
    )


def other_texts(token: str) -> frozenset[str]:
    """The inputs of a type that are named like ARNs, and to which an example of the documentation gives other texts."""
    return frozenset(read("combinations")["other_texts"].get(token, ()))
