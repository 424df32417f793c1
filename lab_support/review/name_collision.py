"""NAME-COLLISION: a name that does not change with the environment, beside others that do. The rollout drill as a rule.

NIST SP 800-53 CM-2 (baseline configuration) and CM-8 (component inventory). The program is previewed for a second
environment, and the two plans are compared. Only a program whose names carry the environment has such a convention;
in any other, this says nothing. Then two things are findings:

- a name that the program gives and that is the same in both, where AWS refuses the second thing of that name;
- a logical name that is the same in both, of a thing whose names AWS compares and whose physical name Pulumi makes of
  the logical one: only where four of five logical names carry the environment, so that this is plainly the exception.

Things whose name AWS does not compare or shares (mock_aws/uniqueness.py knows) are left alone, and names that are a
configuration value as a whole: another environment may configure another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lab_support.drills.rollout import Collision, rollout
from lab_support.mock_aws.naming import autonamed_property
from lab_support.mock_aws.sdk_types import resource_type
from lab_support.mock_aws.uniqueness import unique_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import python_name
from lab_support.review.findings import Observation, Rule, Scene

# How many of the logical names must carry the environment to make one without it an exception.
_CONVENTION: Final = 0.8
_FEWEST: Final = 5
# What the SDK says about the call before AWS's own words.
_CALL: Final = re.compile(r"^.*StatusCode: \d+, (RequestID: [^,]*, )?")
# What AWS compares though it is no name that a program could choose.
_NO_NAMES: Final = ("url",)
_SCOPES: Final = ((), ("region",))


def look(scene: Scene) -> Iterator[Observation]:
    """The names that a second environment would take from the first."""
    if scene.other is None:
        return
    pair = _Pair(scene.plan, scene.other, tuple(filter(None, (*scene.words, scene.other.stack))))
    if not pair.carriers:
        return
    for resource in filter(_is_made, scene.plan):
        collision = pair.collisions.get(resource.urn)
        if collision is not None and _is_given(resource):
            name = collision.first.physical_name
            if name in scene.configured:
                yield Observation(
                    resource, unknown=f"its name {name!r} is configured, and may be another one elsewhere"
                )
            else:
                yield Observation(resource, _refused(pair, resource, collision), _repair(pair, resource))
        elif pair.is_exception(resource):
            yield Observation(resource, _alike(pair, resource), _repair(pair, resource))


@dataclass(frozen=True)
class _Pair:
    """The plans of two environments. `words` are texts that stand for the second one in its names."""

    here: Plan
    there: Plan
    words: tuple[str, ...]

    @cached_property
    def collisions(self) -> Mapping[str, Collision]:
        """By URN of the first environment's resource: what AWS answers to the second environment."""
        found = rollout([self.here, self.there]).collisions
        return {each.first.resource.urn: each for each in found if each.first.environment == self.here.stack}

    @cached_property
    def _texts(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        return _names_by_type(self.here), _names_by_type(self.there)

    @cached_property
    def replacements(self) -> frozenset[tuple[str, str]]:
        """What stands in names of the first environment where the second has one of its words."""
        here, there = self._texts
        found = set()
        for type_, texts in there.items():
            new, old = texts - here.get(type_, set()), here.get(type_, set()) - texts
            for word in self.words:
                for text in new:
                    before, _, after = text.partition(word)
                    for other in old if word in text else ():
                        inside = other[len(before) : len(other) - len(after)]
                        if inside and word not in inside and other.replace(inside, word) == text:
                            found.add((inside, word))
        return frozenset(found)

    def carries(self, type_: str, text: str) -> bool:
        """Whether a name carries the environment: in the second one it is the same but for that."""
        _, there = self._texts
        return text not in there.get(type_, ()) and any(
            old in text and text.replace(old, new) in there.get(type_, ()) for old, new in self.replacements
        )

    @cached_property
    def carriers(self) -> tuple[Resource, ...]:
        """The resources of which a name carries the environment."""
        return tuple(
            each
            for each in filter(_is_made, self.here)
            if any(self.carries(each.type, text) for text in _names(each))
        )

    @cached_property
    def is_convention(self) -> bool:
        """Whether nearly all logical names carry the environment."""
        made = list(filter(_is_made, self.here))
        carrying = sum(self.carries(each.type, each.name) for each in made)
        return carrying >= _FEWEST and carrying >= _CONVENTION * len(made)

    def is_exception(self, resource: Resource) -> bool:
        """Whether its physical name is made of a logical one that, against the convention, is the same elsewhere."""
        row = unique_of(resource.type)
        if row is None or row.within not in _SCOPES or _is_given(resource) or not self.is_convention:
            return False
        autonamed = autonamed_property(resource.type, resource_type(resource.type))
        named = autonamed == row.name and python_name(row.name) in resource.defaults
        return named and any(each.type == resource.type and each.name == resource.name for each in self.there)

    def share(self, resource: Resource) -> str:
        """How many of the other resources carry the environment, in words."""
        others = sum(_is_made(each) and each != resource for each in self.here)
        carrying = sum(each != resource for each in self.carriers)
        return f"{carrying} of the other {others} resources carry the environment in their names"


def _is_made(resource: Resource) -> bool:
    return resource.is_custom and resource.op not in ("read", "delete", "import")


def _is_given(resource: Resource) -> bool:
    """Whether the program itself gives the name that AWS compares."""
    row = unique_of(resource.type)
    name = python_name(row.name) if row else ""
    return (
        resource.inputs.get(name) is not None
        and name not in resource.defaults
        and name not in resource.secrets
    )


def _names(resource: Resource) -> Iterator[str]:
    """The logical name, and the physical one where the program gives it."""
    yield resource.name
    row = unique_of(resource.type)
    properties = {autonamed_property(resource.type, resource_type(resource.type)), row.name if row else ""}
    for name in map(python_name, properties - {""}):
        value = resource.inputs.get(name)
        if isinstance(value, str) and name not in resource.defaults | resource.secrets:
            yield value


def _names_by_type(plan: Plan) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for resource in filter(_is_made, plan):
        found.setdefault(resource.type, set()).update(_names(resource))
    return found


def _refused(pair: _Pair, resource: Resource, collision: Collision) -> str:
    error = _CALL.sub("", collision.error).rstrip(".")
    return (
        f"{pair.share(resource)}, but the name {collision.first.physical_name!r} is the same in {pair.here.stack} and "
        f"{pair.there.stack}: in one account AWS refuses the second of them ({error})."
    )


def _alike(pair: _Pair, resource: Resource) -> str:
    row = unique_of(resource.type)
    physical = resource.get(python_name(row.name)) if row else ""
    return (
        f"{pair.share(resource)}, but this one is {resource.name!r} in "
        f"{pair.here.stack} and in {pair.there.stack}: only the "
        f"random end of {physical!r} keeps the two apart and says nothing of whose it is, and where names are used as "
        "they are written (autonaming: verbatim), AWS refuses the second."
    )


def _repair(pair: _Pair, resource: Resource) -> str:
    row = unique_of(resource.type)
    if row is not None and row.name in _NO_NAMES:
        return "Make it in one environment only, and look it up in the others."
    alike = [each.name for each in pair.carriers if each != resource and pair.carries(each.type, each.name)]
    like = max(alike, key=lambda name: _alike_at_the_start(name, resource.name), default="")
    such = f", as in {like!r}" if like else ""
    return (
        f"Put the environment into the name{such}; where all environments are meant to share it, make it in one of "
        "them and look it up in the others."
    )


def _alike_at_the_start(left: str, right: str) -> int:
    """How many letters two names begin with together."""
    return next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )


RULE = Rule(
    "NAME-COLLISION",
    "Medium",
    "naming",
    "CM-2, CM-8",
    "A name is the same in every environment",
    look,
)
