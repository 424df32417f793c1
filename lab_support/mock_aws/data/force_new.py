"""The inputs that force a replacement, as far as it is published (force_new.json, by tools/force_new.py)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from lab_support.mock_aws.data import read


@cache
def published_force_new(token: str) -> Mapping[str, str]:
    """The inputs of a type (wire names), each with the source that says so: documentation, identity or cloudformation.

    Empty for a type of which nothing is published.
    """
    by_source = read("force_new")["types"].get(token, {})
    return MappingProxyType({name: source for source, names in by_source.items() for name in names})
