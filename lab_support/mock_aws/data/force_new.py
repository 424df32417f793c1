"""The inputs that force a replacement, as far as it is published (force_new.json, by tools/force_new.py)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from lab_support.mock_aws.data import read

_IN_PLACE = "in_place"


@cache
def published_force_new(token: str) -> Mapping[str, str]:
    """The inputs of a type (wire names), each with the source that says so: documentation, identity or cloudformation.

    Empty for a type of which nothing is published.
    """
    return MappingProxyType(
        {
            name: source
            for source, names in read("force_new")["types"].get(token, {}).items()
            for name in names
            if source != _IN_PLACE
        }
    )


def published_in_place(token: str) -> frozenset[str]:
    """The input that names a resource of this type, where CloudFormation changes it without a replacement."""
    return frozenset(read("force_new")["types"].get(token, {}).get(_IN_PLACE, ()))
