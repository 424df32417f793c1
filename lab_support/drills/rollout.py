"""The rollout drill: several environments are deployed into one account, one after the other.

    report = rollout([dev, prod])        # plans of the same program for two environments
    for collision in report.collisions:
        print(collision.error)           # what AWS answers to the second one

Which names must be unique, and what AWS says to the second of them, is the account's knowledge
(mock_aws/uniqueness.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.partitions import partition_of
from lab_support.mock_aws.sdk_types import resource_type, wire_names
from lab_support.mock_aws.uniqueness import claim, name_taken, unique_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


@dataclass(frozen=True)
class Named:
    """A thing whose name must be unique: the resource, the name that the account knows it by, the environment."""

    resource: Resource
    physical_name: str
    environment: str
    region: str


@dataclass(frozen=True)
class Collision:
    """Two environments want the same name: `first` has it, `second` is refused with `error`, in AWS's words."""

    first: Named
    second: Named
    error: str

    @property
    def name(self) -> str:
        """The logical name of the resource that is refused."""
        return self.second.resource.name


@dataclass(frozen=True)
class Rollout:
    """Environments in the order of their deployment, the names they want, and where two want the same one."""

    environments: tuple[str, ...]
    names: tuple[Named, ...]
    collisions: tuple[Collision, ...]

    @property
    def goes_through(self) -> bool:
        """Whether every environment can be deployed beside the others."""
        return not self.collisions


def rollout(plans: Iterable[Plan]) -> Rollout:
    """Deploys plans (of one program, for different environments) into one account and tells what collides.

    Names that AWS makes unique by itself (ids) never collide, so only types whose names are taken are looked at.
    """
    in_order = tuple(plans)
    names = tuple(named for plan in in_order for named in _names(plan))
    taken: dict[tuple[Any, ...], Named] = {}
    collisions = []
    for named in names:
        holder = taken.setdefault(_claim(named) or (), named)
        if holder.environment != named.environment:
            error = _error(holder, named)
            if error is not None:
                collisions.append(Collision(holder, named, str(error)))
    return Rollout(tuple(plan.stack for plan in in_order), names, tuple(collisions))


def _names(plan: Plan) -> Iterable[Named]:
    for resource in plan:
        unique = unique_of(resource.type)
        # What is unique inside another thing (a path in an API) can only collide with that thing itself.
        if unique is None or unique.within not in ((), ("region",)) or resource.op in ("delete", "read"):
            continue
        named = Named(resource, "", plan.stack, str(resource.get("region", plan.region)))
        if _claim(named) is not None:
            yield replace(named, physical_name=str(_values(named)[unique.name]))


def _values(named: Named) -> dict[str, Any]:
    """The resource's properties as the account knows them, by wire name."""
    resource = named.resource
    described = resource_type(resource.type)
    properties = {**described.inputs, **described.outputs} if described else {}
    values = wire_names({**resource.inputs, **resource.outputs}, properties)
    return {**values, "region": named.region}


def _claim(named: Named) -> tuple[Any, ...] | None:
    return claim(named.resource.type, _values(named))


def _error(first: Named, second: Named) -> AwsApiError | None:
    arn = str(second.resource.get("arn", "")).split(":")
    facts = {
        "account": "".join(arn[4:5]),
        "partition": partition_of(second.region).name,
        "region": second.region,
        "there": first.resource.id,
    }
    return name_taken(second.resource.type, _values(first), _values(second), facts)
