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
    """One resource of the account.

    `by` says which property an argument asks for (`*`: its id, ARN or name). Where nothing fits, the
    provider says `missing`, a template in the arguments; without one it says that no `what` matches, or several do.
    `gives` are outputs that the resource has under another name, `otherwise` those that it may lack.
    """

    by: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    what: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)
    otherwise: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, lookup: Lookup) -> Values:
        found = fitting(lookup, self.by)
        if self.missing and not found:
            raise not_found(fill(self.missing, lookup.args))
        resource = found[0] if self.missing else single(found, self.what)
        values = {**self.otherwise, **resource.values, "id": resource.id}
        return {**values, **{name: values.get(source) for name, source in self.gives.items()}}


@dataclass(frozen=True)
class AccountSetting:
    """What every account has once a region: as a resource of this type has set it, else as AWS sets it at first."""

    type: str
    at_first: Mapping[str, Any]

    def __call__(self, lookup: Lookup) -> Values:
        for resource in lookup.resources(self.type):
            return {**resource.values, "id": resource.id}
        fields = {
            "partition": lookup.partition.name,
            "region": lookup.region,
            "account": lookup.account.id,
        }
        return {
            name: fill(value, fields) if isinstance(value, str) else value
            for name, value in self.at_first.items()
        }


@dataclass(frozen=True)
class FindAll:
    """All resources that fit: each output is the list of one of their properties, sorted by id."""

    gives: Mapping[str, str]
    by: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, lookup: Lookup) -> Values:
        found = sorted(fitting(lookup, self.by), key=lambda resource: resource.id)
        return {
            name: [resource.id if source == "id" else resource.values.get(source, "") for resource in found]
            for name, source in self.gives.items()
        }


def fits(resource: StoredResource, lookup: Lookup, by: Mapping[str, str]) -> bool:
    """Whether a resource is what the arguments ask for, its tags and the filters of EC2 included."""
    for argument, name in by.items():
        wanted = lookup.args.get(argument)
        if wanted is None:
            continue
        if name == "*":
            if not is_called(resource, wanted):
                return False
        elif name == "id":
            if resource.id != wanted:
                return False
        elif name.startswith("~"):
            if not re.search(str(wanted), str(resource.values.get(name[1:], ""))):
                return False
        elif _plain(resource.values.get(name)) != _plain(wanted):
            return False
    return has_tags(resource, lookup.args.get("tags")) and passes(resource, lookup.args.get("filters"))


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
