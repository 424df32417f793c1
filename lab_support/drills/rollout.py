"""The rollout drill: several environments are deployed into one account, one after the other.

    report = rollout([dev, prod])        # plans of the same program for two environments
    for collision in report.collisions:
        print(collision.error)           # what AWS answers to the second one

Which names must be unique, and what AWS says to the second of them, is the account's knowledge (mock_aws/services).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab_support.mock_aws import services
from lab_support.mock_aws.answers import taken_refusal
from lab_support.plan import Plan, Resource, python_name


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
    taken: dict[tuple[str, str, str], Named] = {}
    collisions = []
    for named in names:
        holder = taken.setdefault(_key(named), named)
        if holder.environment != named.environment:
            collisions.append(Collision(holder, named, _error(named)))
    return Rollout(tuple(plan.stack for plan in in_order), names, tuple(collisions))


def _names(plan: Plan) -> Iterable[Named]:
    for resource in plan:
        row = services.rows().get(resource.kind)
        if row is None or row.taken is None or resource.op in ("delete", "read"):
            continue
        name = resource.get(python_name(row.name))
        if isinstance(name, str) and name:
            yield Named(resource, name, plan.stack, str(resource.get("region", plan.region)))


def _key(named: Named) -> tuple[str, str, str]:
    row = services.rows()[named.resource.kind]
    return named.resource.kind, "" if row.everywhere else named.region, named.physical_name


def _error(named: Named) -> str:
    row = services.rows()[named.resource.kind]
    arn = str(named.resource.get("arn", "")).split(":")
    facts = {
        row.name: named.physical_name,
        "region": named.region,
        "partition": "aws",
        "account": "".join(arn[4:5]),
    }
    return str(taken_refusal(row, facts))
