"""What exists in an account: deployed, described by a test or a program, or made by AWS itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.default_network import (
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNETS,
    VPC,
    default_network,
    parts_of,
)


def find_existing(account: Account, region: str, *tokens: str) -> Iterator[StoredResource]:
    """The resources of these types in a region, the newest first: deployed, described, or made by AWS itself."""
    deployed = [resource for resource in account.of_type(*tokens) if resource.region == region]
    yield from reversed(deployed)
    yield from (
        resource for resource in account.existing if resource.type in tokens and resource.region == region
    )
    if account.default_network:
        yield from (resource for resource in default_network(account.id, region) if resource.type in tokens)
    if SECURITY_GROUP in tokens or ROUTE_TABLE in tokens:
        for vpc in (*account.of_type(VPC), *account.existing):
            if vpc.type == VPC and vpc.region == region:
                yield from (resource for resource in parts_of(vpc) if resource.type in tokens)


def subnet_of(account: Account, region: str, value: Any) -> StoredResource | None:
    """The subnet with this id, if the account has it; of several ids the first counts."""
    wanted = value[0] if isinstance(value, (list, tuple)) and value else value
    return next((subnet for subnet in find_existing(account, region, *SUBNETS) if subnet.id == wanted), None)
