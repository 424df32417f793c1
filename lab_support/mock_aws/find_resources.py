"""Data sources that look up one resource of the account, or list several.

What is said where nothing is found are the provider's own sentences (hashicorp/terraform-provider-aws,
internal/service/*/*_data_source.go).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.lookup import Lookup, Values, has_tags, is_called, not_found, passes, single
from lab_support.mock_aws.templates import fill


@dataclass(frozen=True)
class FindOne:
    """One thing of the account.

    `by` says which property of a `kind` an argument asks for (`*`: its id, ARN or name). Where nothing fits, the
    provider says `missing`, a template in the arguments; without one it says that no `what` matches, or several do.
    `gives` are outputs that the thing has under another name.
    """

    by: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    what: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, lookup: Lookup) -> Values:
        found = [thing for thing in lookup.resources() if fits(thing, lookup, self.by)]
        if self.missing and not found:
            raise not_found(fill(self.missing, lookup.args))
        thing = found[0] if self.missing else single(found, self.what)
        values = {**thing.values, "id": thing.id}
        return {**values, **{name: values.get(source) for name, source in self.gives.items()}}


@dataclass(frozen=True)
class FindAll:
    """All things of a kind that fit: each output is the list of one of their properties, sorted by id."""

    gives: Mapping[str, str]
    by: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, lookup: Lookup) -> Values:
        found = [thing for thing in lookup.resources() if fits(thing, lookup, self.by)]
        found.sort(key=lambda thing: thing.id)
        return {
            name: [thing.id if source == "id" else thing.values.get(source, "") for thing in found]
            for name, source in self.gives.items()
        }


def fits(thing: StoredResource, lookup: Lookup, by: Mapping[str, str]) -> bool:
    """Whether a thing is what the arguments ask for, its tags and the filters of EC2 included."""
    for argument, name in by.items():
        wanted = lookup.args.get(argument)
        if wanted is None:
            continue
        if name == "*":
            if not is_called(thing, wanted):
                return False
        elif name == "id":
            if thing.id != wanted:
                return False
        elif name.startswith("~"):
            if not re.search(str(wanted), str(thing.values.get(name[1:], ""))):
                return False
        elif _plain(thing.values.get(name)) != _plain(wanted):
            return False
    return has_tags(thing, lookup.args.get("tags")) and passes(thing, lookup.args.get("filters"))


def _plain(value: Any) -> Any:
    """Nothing, `False` and what is not said are the same to a data source."""
    return value or None


def find_by(argument: str, what: str, property: str = "*", gives: Mapping[str, str] | None = None) -> FindOne:
    """One that is asked for by one argument alone: a `what`, in the provider's usual sentence where there is none."""
    return FindOne(
        {argument: property}, f"reading {what} ({{{argument}}}): couldn't find resource", gives=gives or {}
    )


def fitting(lookup: Lookup, by: Mapping[str, str]) -> list[StoredResource]:
    """The resources of the entry's type that are what the arguments ask for."""
    return [resource for resource in lookup.resources() if fits(resource, lookup, by)]
