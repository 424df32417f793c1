"""Physical names: what a resource is called in AWS when the program gives no name, and which property carries it.

Pulumi's provider makes a name of the logical name, a dash and seven hexadecimal digits, unless the engine's autonaming
configuration says otherwise; what differs by type is in the type's entry. How the engine's proposal is taken is the
bridge's rule (pulumi/pulumi-terraform-bridge, ComputeAutoNameDefault).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec
from lab_support.mock_aws.services import spec_of
from lab_support.plan.invalid_input import InvalidInput
from lab_support.toolchain.sdk_types import ResourceType


@dataclass(frozen=True)
class Proposal:
    """The engine's autonaming configuration for one resource: `mode` is propose, enforce or disable."""

    mode: str = "propose"
    name: str = ""


_ANY_TYPE: Final = ResourceSpec()
# SQL Server takes no longer identifiers.
_SQL_SERVER: Final = Autoname(longest=15, separator="", digits=3)


def autonamed_property(type: str, described: ResourceType | None) -> str:
    """The input that carries a name of Pulumi's for this type; empty where Pulumi gives none."""
    spec = spec_of(type) or _ANY_TYPE
    if spec.autoname is not None:
        return spec.name
    return "name" if spec.name == "name" and described is not None and "name" in described.inputs else ""


def naming_property(type: str, described: ResourceType | None) -> str:
    """The input that carries the name: also `family` of a task definition; else `name`."""
    spec = spec_of(type) or _ANY_TYPE
    only = re.fullmatch(r"\{(\w+)\}", spec.id) if isinstance(spec.id, str) else None
    own = only[1] if only else ""
    return next((name for name in (spec.name, own) if described and name in described.inputs), "name")


def physical_name(
    type: str,
    urn: str,
    inputs: Mapping[str, Any],
    described: ResourceType | None,
    seed: str,
    proposal: Proposal | None = None,
) -> dict[str, str]:
    """The name input that the provider adds when the program gives none, or nothing.

    Raises InvalidInput where the name would be too long for the type, or where automatic naming is switched off.
    """
    property = autonamed_property(type, described)
    if not property or inputs.get(property) is not None or inputs.get(f"{property}Prefix") is not None:
        return {}
    rule = (spec_of(type) or _ANY_TYPE).autoname or Autoname()
    if "sqlserver" in str(inputs.get("engine", "")).lower():
        rule = _SQL_SERVER
    proposal = proposal or Proposal()
    if proposal.mode == "disable":
        raise InvalidInput(property, "automatic naming is disabled but no explicit name was provided")
    if proposal.mode == "enforce":
        return {property: proposal.name}
    logical = urn.rpartition("::")[2]
    try:
        name = _proposed(rule, proposal.name) if proposal.name else _random(rule, logical, seed)
    except ValueError as error:
        raise InvalidInput(property, str(error)) from None
    if rule.begins and not name.startswith(rule.begins):
        name = rule.begins + name
    if rule.fifo and inputs.get(rule.fifo) is True:
        name += ".fifo"
    return {property: name}


def _proposed(rule: Autoname, proposed: str) -> str:
    name = proposed.lower() if rule.lower else proposed
    if rule.longest and len(name) > rule.longest:
        raise ValueError(f"calculated name '{name}' exceeds maximum length of {rule.longest}")
    return name


def _random(rule: Autoname, logical: str, seed: str) -> str:
    name = logical.lower() if rule.lower else logical
    if not rule.digits:
        return name
    name += rule.separator
    if rule.longest and len(name) + rule.digits > rule.longest:
        raise ValueError(
            f"name '{name}' plus {rule.digits} random chars is longer than maximum length {rule.longest}"
        )
    make = identifiers.letters if rule.letters else identifiers.hexadecimal
    return name + make(f"{seed}:name", rule.digits)


def name_with_prefix(prefix: str, seed: str) -> str:
    """The name that the provider makes of `name_prefix`: a time of 18 digits and a counter of eight behind it.

    hashicorp/terraform-plugin-sdk, helper/id.PrefixedUniqueId. The time follows from the seed.
    """
    number = int(identifiers.hexadecimal(seed, 16), 16)
    time = datetime(2025, 1, 1) + timedelta(seconds=number % (365 * 24 * 3600))
    return f"{prefix}{time:%Y%m%d%H%M%S}{number // 7 % 10_000:04}{1:08x}"
