"""The plans of one program for two environments, and which of its names contain the environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lab_support.drills.rollout import Collision, rollout
from lab_support.mock_aws.naming import autonamed_property
from lab_support.mock_aws.uniqueness import unique_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import python_name
from lab_support.toolchain.sdk_types import resource_type

# The share and the number of logical names that must contain the environment to make one without it an exception.
SHARE: Final = 0.8
FEWEST: Final = 5
SCOPES: Final = ((), ("region",))


@dataclass(frozen=True)
class EnvironmentPair:
    """The plans of a program for two environments. `words` are the texts that name the second one."""

    first: Plan
    second: Plan
    words: tuple[str, ...]

    @cached_property
    def collisions(self) -> Mapping[str, Collision]:
        """The collisions of deploying both into one account, by URN of the first environment's resource."""
        return {
            collision.first.resource.urn: collision
            for collision in rollout([self.first, self.second]).collisions
            if collision.first.environment == self.first.stack
        }

    @cached_property
    def _names(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        return _names_by_type(self.first), _names_by_type(self.second)

    @cached_property
    def _replacements(self) -> frozenset[tuple[str, str]]:
        """Pairs of a text in names of the first environment and the word that replaces it in the second."""
        first, second = self._names
        found = set()
        for type_, names in second.items():
            new, old = names - first.get(type_, set()), first.get(type_, set()) - names
            for word in self.words:
                for name in new:
                    before, _, after = name.partition(word)
                    for other in old if word in name else ():
                        inside = other[len(before) : len(other) - len(after)]
                        if inside and word not in inside and other.replace(inside, word) == name:
                            found.add((inside, word))
        return frozenset(found)

    def has_environment(self, type_: str, name: str) -> bool:
        """Whether a name contains the environment: with the other environment in its place, the second plan has it."""
        names = self._names[1].get(type_, ())
        return name not in names and any(
            old in name and name.replace(old, new) in names for old, new in self._replacements
        )

    @cached_property
    def with_environment(self) -> tuple[Resource, ...]:
        """The resources of the first plan with a name that contains the environment."""
        return tuple(
            resource
            for resource in filter(is_created, self.first)
            if any(self.has_environment(resource.type, name) for name in names_of(resource))
        )

    @cached_property
    def is_convention(self) -> bool:
        """Whether nearly all logical names contain the environment."""
        resources = list(filter(is_created, self.first))
        count = sum(self.has_environment(resource.type, resource.name) for resource in resources)
        return count >= FEWEST and count >= SHARE * len(resources)

    def is_exception(self, resource: Resource) -> bool:
        """Whether a logical name, from which the physical one derives, is the same in both, against the convention."""
        unique = unique_of(resource.type)
        if unique is None or unique.within not in SCOPES:
            return False
        if has_chosen_name(resource) or not self.is_convention:
            return False
        autonamed = autonamed_property(resource.type, resource_type(resource.type))
        if autonamed != unique.name or python_name(unique.name) not in resource.defaults:
            return False
        return any(other.type == resource.type and other.name == resource.name for other in self.second)

    def share(self, resource: Resource) -> str:
        """How many of the other resources have names that contain the environment, in words."""
        others = sum(is_created(other) and other != resource for other in self.first)
        count = sum(other != resource for other in self.with_environment)
        return f"{count} of the other {others} resources have the environment in their names"


def is_created(resource: Resource) -> bool:
    """Whether the program creates a custom resource, and does not read, delete or import it."""
    return resource.is_custom and resource.op not in ("read", "delete", "import")


def has_chosen_name(resource: Resource) -> bool:
    """Whether the program itself sets the name that must be unique."""
    unique = unique_of(resource.type)
    name = python_name(unique.name) if unique else ""
    return (
        resource.inputs.get(name) is not None
        and name not in resource.defaults
        and name not in resource.secrets
    )


def names_of(resource: Resource) -> Iterator[str]:
    """The logical name, and the physical one if the program sets it."""
    yield resource.name
    autonamed = autonamed_property(resource.type, resource_type(resource.type))
    unique = unique_of(resource.type)
    wire_names = (autonamed, unique.name if unique else "")
    for name in {python_name(wire_name) for wire_name in wire_names if wire_name}:
        value = resource.inputs.get(name)
        if isinstance(value, str) and name not in resource.defaults | resource.secrets:
            yield value


def _names_by_type(plan: Plan) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for resource in filter(is_created, plan):
        found.setdefault(resource.type, set()).update(names_of(resource))
    return found
