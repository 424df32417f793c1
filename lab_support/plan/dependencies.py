"""Which of two resources the engine creates first: what one depends on comes before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lab_support.plan.resource import Resource


def comes_after(later: str, earlier: str, resources: Iterable[Resource]) -> bool:
    """Whether a resource depends on another one, directly or through others. Both by URN.

    Where neither comes after the other, the engine creates them in any order, or both at once.
    """
    return earlier in needed_by(later, {resource.urn: resource.depends_on for resource in resources})


def needed_by(urn: str, depends_on: Mapping[str, Collection[str]]) -> set[str]:
    """Everything that a resource depends on, directly or through others, without itself; all by URN."""
    seen: set[str] = set()
    waiting = [urn]
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += depends_on.get(other, ())
    return seen - {urn}
