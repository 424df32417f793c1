"""Partitions: the separate worlds of AWS, each with its own ARNs and domain names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Partition:
    """`name` is part of ARNs, `dns_suffix` of host names, `reverse_dns_prefix` of names of VPC endpoint services."""

    name: str
    dns_suffix: str
    reverse_dns_prefix: str


_COMMERCIAL: Final = Partition("aws", "amazonaws.com", "com.amazonaws")
# By the beginning of a region's name (botocore/data/partitions.json).
_OTHERS: Final = {
    "cn-": Partition("aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
    "us-gov-": Partition("aws-us-gov", "amazonaws.com", "com.amazonaws"),
    "eusc-": Partition("aws-eusc", "amazonaws.eu", "eu.amazonaws"),
}


def partition_of(region: str) -> Partition:
    """The partition that a region belongs to."""
    return next(
        (partition for begins, partition in _OTHERS.items() if region.startswith(begins)), _COMMERCIAL
    )
