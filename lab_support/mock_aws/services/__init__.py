"""What the account knows of each AWS service: one file a service, one entry a resource type.

A file holds any of these, and is found by itself:
- `SPECS`: the entries by type, as a program writes it (`sqs.Queue`); what an entry may say: resource_spec.py.
- `ALIASES`: other names that the SDK has for a type (`s3.BucketV2`) or a data source, with the name that has the entry.
- `DATA_SOURCES`: data sources that belong to no type (`getRegion`).
- `ASSUMED`: what a data source answers instead where the account is taken to hold what is looked up.

Where a file names no other source, the formats of ids and ARNs are those of the Service Authorization Reference, the
defaults those of the provider's documentation, and errors as quoted in issues of hashicorp/terraform-provider-aws.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from lab_support.mock_aws.lookup import DataSource
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.resource import kind_of
from lab_support.toolchain.sdk_types import token_of


@cache
def specs() -> Mapping[str, ResourceSpec]:
    """Every entry, by type (`rds.Instance`)."""
    return _collected("SPECS")


def spec_of(type: str) -> ResourceSpec | None:
    """The entry of a type, a token or an alias; None where there is none."""
    return specs().get(canonical(type))


@cache
def file_of(type: str) -> str:
    """The file in mock_aws that has the entry of a type, a token or an alias; empty where there is none."""
    name = canonical(type)
    files = (
        module.name
        for module in iter_modules(__path__)
        if name in getattr(import_module(f"{__name__}.{module.name}"), "SPECS", {})
    )
    return next((f"services/{file}.py" for file in files), "")


def canonical(type: str) -> str:
    """A type as its entry has it (`s3.Bucket`) for a type, a token or an alias (`aws:s3/bucketV2:BucketV2`)."""
    name = kind_of(type) if ":" in type else type
    return aliases().get(name, name)


def canonical_token(type: str) -> str:
    """The token under which the account keeps resources of a type, a token or an alias."""
    name = canonical(type)
    return token_of(name) or (type if ":" in type else name)


@cache
def types_sharing_names(namespace: str) -> tuple[str, ...]:
    """The types of a namespace (`Unique.namespace`)."""
    return tuple(
        type
        for type, spec in specs().items()
        if spec.unique is not None and spec.unique.namespace == namespace
    )


@cache
def holders_of(type: str) -> tuple[tuple[str, str], ...]:
    """The types that keep a resource of this type from being deleted (`ResourceSpec.holds`), with the property."""
    return tuple(
        (holder, name)
        for holder, spec in specs().items()
        for name, held in spec.holds.items()
        if canonical(held) == type
    )


@cache
def inline_owners_of(type: str) -> tuple[str, ...]:
    """The types with an input that writes what a resource of this type writes (`ResourceSpec.inline`)."""
    return tuple(owner for owner, spec in specs().items() if type in spec.inline.values())


@cache
def data_sources() -> Mapping[str, tuple[str, DataSource]]:
    """Every data source that is known by name, with the type whose entry has it (empty where none has)."""
    of_types = {
        name: (type, source) for type, spec in specs().items() for name, source in spec.data_sources.items()
    }
    found = {**of_types, **{name: ("", source) for name, source in _collected("DATA_SOURCES").items()}}
    return {**found, **{alias: found[name] for alias, name in aliases().items() if name in found}}


@cache
def assumed_sources() -> Mapping[str, DataSource]:
    """What data sources answer where what they look up is assumed to exist."""
    return _collected("ASSUMED")


@cache
def aliases() -> Mapping[str, str]:
    """Other names of types and data sources, with the name that has the entry."""
    return _collected("ALIASES")


def _collected(table: str) -> dict[str, Any]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return {name: row for module in modules for name, row in getattr(module, table, {}).items()}
