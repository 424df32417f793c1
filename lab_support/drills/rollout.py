"""The rollout drill: several environments are deployed into one account, one after the other.

    report = rollout([dev, prod])        # plans of the same program for two environments
    for collision in report.collisions:
        print(collision.error)           # AWS's error for the second one

The mock account knows which names must be unique, and AWS's error if one is taken (mock_aws/uniqueness.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lab_support.iam.regions import partition_of
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.uniqueness import claim, name_taken, unique_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.toolchain.sdk_types import resource_type, wire_names

__all__ = ["rollout"]  # what notebooks import from lab_support


@dataclass(frozen=True)
class NamedResource:
    """A resource whose physical name must be unique, with its environment and region."""

    resource: Resource
    physical_name: str
    environment: str
    region: str


@dataclass(frozen=True)
class Collision:
    """Two environments use the same name: `first` has it; `second` is refused with AWS's `error`."""

    first: NamedResource
    second: NamedResource
    error: str

    @property
    def name(self) -> str:
        """The logical name of the resource that is refused."""
        return self.second.resource.name


@dataclass(frozen=True)
class Rollout:
    """Environments in the order of their deployment, the names they use, and the collisions."""

    environments: tuple[str, ...]
    names: tuple[NamedResource, ...]
    collisions: tuple[Collision, ...]

    @property
    def goes_through(self) -> bool:
        """Whether every environment can be deployed beside the others."""
        return not self.collisions


def rollout(plans: Iterable[Plan]) -> Rollout:
    """The collisions if plans of one program, for different environments, are deployed into one account.

    Ids never collide, so only types whose names must be unique are compared.
    """
    in_order = tuple(plans)
    names = tuple(named for plan in in_order for named in _names(plan))
    taken: dict[tuple[Any, ...], NamedResource] = {}
    collisions = []
    for named in names:
        holder = taken.setdefault(_claim(named) or (), named)
        if holder.environment != named.environment:
            error = _error(holder, named)
            if error is not None:
                collisions.append(Collision(holder, named, str(error)))
    return Rollout(tuple(plan.stack for plan in in_order), names, tuple(collisions))


def _names(plan: Plan) -> Iterable[NamedResource]:
    for resource in plan:
        unique = unique_of(resource.type)
        # A name that is unique within a parent (a path in an API) can only collide if the parent does.
        if unique is None or unique.within not in ((), ("region",)) or resource.op in ("delete", "read"):
            continue
        named = NamedResource(resource, "", plan.stack, str(resource.get("region", plan.region)))
        if _claim(named) is not None:
            yield replace(named, physical_name=str(_values(named)[unique.name]))


def _values(named: NamedResource) -> dict[str, Any]:
    """The resource's properties, by wire name."""
    resource = named.resource
    described = resource_type(resource.type)
    properties = {**described.inputs, **described.outputs} if described else {}
    values = wire_names({**resource.inputs, **resource.outputs}, properties)
    return {**values, "region": named.region}


def _claim(named: NamedResource) -> tuple[Any, ...] | None:
    return claim(named.resource.type, _values(named))


def _error(first: NamedResource, second: NamedResource) -> AwsApiError | None:
    arn = str(second.resource.get("arn", "")).split(":")
    facts = {
        "account": "".join(arn[4:5]),
        "partition": partition_of(second.region).name,
        "region": second.region,
        "there": first.resource.id,
    }
    return name_taken(second.resource.type, _values(first), _values(second), facts)
