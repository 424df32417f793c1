"""Which of two resources the engine creates first: what one depends on comes before it."""

from __future__ import annotations

from collections.abc import Iterable

from lab_support.plan.resource import Resource


def comes_after(later: str, earlier: str, resources: Iterable[Resource]) -> bool:
    """Whether a resource depends on another one, directly or through others. Both by URN.

    Where neither comes after the other, the engine creates them in any order, or both at once.
    """
    depends_on = {resource.urn: resource.depends_on for resource in resources}
    seen: set[str] = set()
    waiting = [later]
    while waiting:
        urn = waiting.pop()
        if urn not in seen:
            seen.add(urn)
            waiting += depends_on.get(urn, ())
    return later != earlier and earlier in seen
