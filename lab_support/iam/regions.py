"""The regions and partitions of AWS (data/partitions.json, written by tools/partitions.py from botocore).

A partition is a separate world of regions with its own ARNs and host names; no account and no policy reaches across. So
a pattern such as `arn:aws:kinesis:ap-southeast-?:...` reaches the regions of its partition that exist, and no others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

# What is not published as data: data source `aws_partition` in hashicorp/terraform-provider-aws.
_REVERSE_DNS_PREFIXES: Final = {"aws-cn": "cn.com.amazonaws", "aws-eusc": "eu.amazonaws"}


@dataclass(frozen=True)
class Partition:
    """`name` is what ARNs begin with (`aws-cn`), `dns_suffix` what host names end in, `regions` those that exist.

    `descriptions` are what AWS calls the regions (`Europe (Ireland)`).
    """

    name: str
    dns_suffix: str
    regions: tuple[str, ...]
    region_pattern: str
    descriptions: Mapping[str, str] = field(hash=False)

    @property
    def reverse_dns_prefix(self) -> str:
        """What names of VPC endpoint services begin with."""
        return _REVERSE_DNS_PREFIXES.get(self.name, "com.amazonaws")


def _read() -> dict[str, Partition]:
    text = (files("lab_support.iam") / "data" / "partitions.json").read_text(encoding="utf-8")
    return {
        name: Partition(
            name, entry["dns_suffix"], tuple(entry["regions"]), entry["region_pattern"], entry["regions"]
        )
        for name, entry in json.loads(text)["partitions"].items()
    }


PARTITIONS: Final = _read()
# The regions in which a resource of the commercial partition can be.
REGIONS: Final = PARTITIONS["aws"].regions


@cache
def partition_of(region: str) -> Partition:
    """The partition of a region, also of one that is newer than the data; the commercial one where nothing matches."""
    found = (
        partition for partition in PARTITIONS.values() if re.match(partition.region_pattern, region, re.ASCII)
    )
    return next(found, PARTITIONS["aws"])
