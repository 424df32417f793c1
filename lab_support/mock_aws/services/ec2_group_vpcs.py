"""A security group belongs to a VPC, and protects only what is in the same one (Amazon VPC User Guide, "Security
groups").

A VPC that the account does not know may be any, so nothing is said about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.default_network import SECURITY_GROUP, VPC, VPCS
from lab_support.mock_aws.existing import find_existing, subnet_of
from lab_support.mock_aws.request import ResourceRequest


@dataclass(frozen=True)
class Mismatch:
    """A security group with its VPC, which is not the one asked for."""

    group: str
    vpc: str
    wanted: str


def mismatch(request: ResourceRequest, groups: Any, vpc: str | None) -> Mismatch | None:
    """The first of these security groups that is in another VPC than this one."""
    listed = (
        [group for group in groups if isinstance(group, str)] if isinstance(groups, (list, tuple)) else []
    )
    if not listed or vpc is None:
        return None
    for group in find_existing(request.account, request.region, SECURITY_GROUP):
        its = _vpc_of(request, group) if group.id in listed else None
        if its is not None and its != vpc:
            return Mismatch(group.id, its, vpc)
    return None


def vpc_of_subnets(request: ResourceRequest, subnets: Any) -> str | None:
    """The VPC of these subnets; None where the account does not know it."""
    subnet = subnet_of(request.account, request.region, subnets)
    return _known(request, subnet.values) if subnet is not None else None


def default_vpc(request: ResourceRequest) -> str | None:
    """The default VPC of the region, where everything is that says nothing else."""
    vpcs = find_existing(request.account, request.region, *VPCS)
    return next((vpc.id for vpc in vpcs if vpc.type != VPC or vpc.values.get("default") is True), None)


def _vpc_of(request: ResourceRequest, group: StoredResource) -> str | None:
    says_nothing = bool(group.given) and group.given.get("vpcId") is None
    return default_vpc(request) if says_nothing else _known(request, group.values)


def _known(request: ResourceRequest, values: Mapping[str, Any]) -> str | None:
    vpcs = find_existing(request.account, request.region, *VPCS)
    return next((vpc.id for vpc in vpcs if vpc.id == values.get("vpcId")), None)
