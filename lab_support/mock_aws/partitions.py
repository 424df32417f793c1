"""Partitions: the separate worlds of AWS, each with its own ARNs and domain names; iam/regions.py has the regions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from lab_support.iam import regions

# Names of VPC endpoint services begin otherwise in these. What is not published as data: data source `aws_partition` in
# hashicorp/terraform-provider-aws.
_REVERSE_DNS_PREFIXES: Final = {"aws-cn": "cn.com.amazonaws", "aws-eusc": "eu.amazonaws"}


@dataclass(frozen=True)
class Partition:
    """`name` stands in ARNs, `dns_suffix` in host names, `reverse_dns_prefix` in names of VPC endpoint services."""

    name: str
    dns_suffix: str
    reverse_dns_prefix: str


@cache
def partition_of(region: str) -> Partition:
    """The partition that a region belongs to."""
    found = regions.partition_of(region)
    prefix = _REVERSE_DNS_PREFIXES.get(found.name, "com.amazonaws")
    return Partition(found.name, found.dns_suffix, prefix)
