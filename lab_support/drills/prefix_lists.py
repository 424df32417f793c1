"""The address ranges of a program's own prefix lists, which routes and rules may name instead of ranges.

Amazon VPC User Guide, "Customer-managed prefix lists": a route to a list leads where one to each entry would, and a
rule of a security group with a list as its peer lets through what one with each entry would.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN


def prefix_list(plan: Plan, id: Any) -> Resource | None:
    """The prefix list of the program with this id."""
    return plan.resolve(id, "ec2.ManagedPrefixList")


def ranges_in(plan: Plan, prefixes: Resource) -> Iterator[Any]:
    """The ranges of a prefix list, its own and those of separate entries; UNKNOWN for what is not known yet."""
    own = prefixes.get("entries", ())
    for entry in [UNKNOWN] if own is UNKNOWN else own:
        yield UNKNOWN if entry is UNKNOWN else entry.get("cidr")
    for entry in plan.of_type("ec2.ManagedPrefixListEntry"):
        if prefixes in plan.referenced(entry, "prefix_list_id", "ec2.ManagedPrefixList"):
            yield entry.get("cidr")
