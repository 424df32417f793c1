"""Small pieces of text for findings: lists of names, and counts with their noun."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[str], limit: int = 3) -> str:
    """Distinct names as a list, shortened to `limit` names if it is much longer: `a, b, c and 3 more`."""
    found = list(dict.fromkeys(names))
    shown = found[:limit] if len(found) > limit + 1 else found
    if len(found) > len(shown):
        return f"{', '.join(shown)} and {len(found) - len(shown)} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
