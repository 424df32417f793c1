"""Which changes AWS makes to a resource in place, and which need a new resource."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lab_support.mock_aws.force_new import force_new


def changed(olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """The names of the inputs that differ, sorted; JSON that means the same is the same."""
    return sorted(name for name in {*olds, *news} if not _is_same(olds.get(name), news.get(name)))


def read_back(names: Iterable[str], state: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    """Those of the inputs, lists without an order, in which the state holds something else than the program gives."""
    return [name for name in names if {*(state.get(name) or ())} != {*(news.get(name) or ())}]


def replaces(token: str, names: Iterable[str]) -> list[str]:
    """Those of the changed inputs that need a new resource."""
    forcing = force_new(token)
    # In another region it is another resource (`region` on resources, since pulumi-aws 7).
    return [name for name in names if name in forcing or name == "region"]


def _is_same(old: Any, new: Any) -> bool:
    if old == new:
        return True
    if not (
        isinstance(old, str) and isinstance(new, str) and old[:1] in ("{", "[") and new[:1] in ("{", "[")
    ):
        return False
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False
