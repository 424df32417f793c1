"""A request to the account: create, change or read one resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_support.iam.regions import partition_of
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.templates import Fields
from lab_support.mock_aws.zones import zones_of

Values = dict[str, Any]


@dataclass(frozen=True)
class ResourceRequest:
    """A request to the account: create (or change) one resource of a type, in a region, with these inputs.

    `inputs` carry wire names (`multiAz`). `account` is the account as the request finds it. `current` is the resource
    that the request changes; None where it creates one. One that `reads` is about something that exists, under
    `existing_id` where that is known.
    """

    type: str
    urn: str
    inputs: Mapping[str, Any]
    account: Account
    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)
    current: StoredResource | None = None
    reads: bool = False
    existing_id: str = ""

    @property
    def generation(self) -> int:
        """How many resources had this URN before the one that the request is about."""
        return self.current.generation if self.current else self.account.births.get(self.urn, 0)

    @property
    def seed(self) -> str:
        """What ids are derived from: the same for one resource, another for the one that replaces it."""
        return f"{self.account.id}:{self.urn}" + (f"#{self.generation}" if self.generation else "")

    @property
    def partition(self) -> str:
        return partition_of(self.region).name

    @property
    def dns_suffix(self) -> str:
        """How the host names of AWS end in the partition."""
        return partition_of(self.region).dns_suffix

    @property
    def zones(self) -> tuple[str, ...]:
        """The availability zones of the region, as the account sees them."""
        return zones_of(self.region)


def fields_of(request: ResourceRequest, values: Values) -> Fields:
    """What a template may name for this request."""
    return Fields(
        values,
        account=request.account.id,
        urn=request.urn,
        seed=request.seed,
        region=request.region,
        partition=request.partition,
    )
