"""NAME-COLLISION: a name without the environment, in a program whose names contain it. The rollout drill as a rule.

NIST SP 800-53 CM-4(1) (separate test environments). The program is previewed for a second
environment, and the two plans are compared. The rule only applies to programs whose names contain the environment. Two
kinds of names are findings:

- a physical name in the program that is the same in both, if AWS refuses a second resource with that name;
- a logical name that is the same in both, if Pulumi derives the physical name from it, AWS requires that name to be
  unique, and four in five logical names contain the environment, so that this is clearly the exception.

Names that need not be unique (see mock_aws/uniqueness.py) are ignored, and so are names that are configuration
values: another environment may have another value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lab_support.drills.rollout import Collision
from lab_support.mock_aws.uniqueness import unique_of
from lab_support.plan.resource import Resource
from lab_support.plan.values import python_name
from lab_support.review.environment_pair import EnvironmentPair, has_chosen_name, is_created
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject

# The SDK's description of the call, before AWS's own words.
_CALL: Final = re.compile(r"^.*StatusCode: \d+, (RequestID: [^,]*, )?")
# Properties that must be unique but are not names that a program can choose.
_NO_NAMES: Final = ("url",)


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Names that are the same in every environment, although others contain the environment."""
    if subject.other is None:
        return
    words = tuple(filter(None, (*subject.words, subject.other.stack)))
    pair = EnvironmentPair(subject.plan, subject.other, words)
    if not pair.with_environment:
        return
    for resource in filter(is_created, subject.plan):
        collision = pair.collisions.get(resource.urn)
        if collision is not None and has_chosen_name(resource):
            name = collision.first.physical_name
            if name in subject.configured:
                reason = f"its name {name!r} comes from configuration and may differ in other environments"
                yield Observation(resource, unknown=reason)
            else:
                yield Observation(resource, _refused(pair, resource, collision), _repair(pair, resource))
        elif pair.is_exception(resource):
            yield Observation(resource, _same_logical_name(pair, resource), _repair(pair, resource))


def _refused(pair: EnvironmentPair, resource: Resource, collision: Collision) -> str:
    error = _CALL.sub("", collision.error).rstrip(".")
    return (
        f"{pair.share(resource)}, but the name {collision.first.physical_name!r} is the same in {pair.first.stack} and "
        f"{pair.second.stack}: in one account, AWS refuses the second one ({error})."
    )


def _same_logical_name(pair: EnvironmentPair, resource: Resource) -> str:
    unique = unique_of(resource.type)
    physical = resource.get(python_name(unique.name)) if unique else ""
    return (
        f"{pair.share(resource)}, but this one is {resource.name!r} in {pair.first.stack} and in {pair.second.stack}: "
        f"only the random suffix of {physical!r} distinguishes the two, and it does not say which environment they "
        "belong to. With verbatim autonaming, AWS refuses the second one."
    )


def _repair(pair: EnvironmentPair, resource: Resource) -> str:
    unique = unique_of(resource.type)
    if unique is not None and unique.name in _NO_NAMES:
        return "Create it in one environment only, and look it up in the others."
    examples = [
        other.name
        for other in pair.with_environment
        if other != resource and pair.has_environment(other.type, other.name)
    ]
    example = max(examples, key=lambda name: _common_prefix(name, resource.name), default="")
    like = f", as in {example!r}" if example else ""
    return (
        f"Include the environment in the name{like}. If all environments are meant to share the resource, create it "
        "in one of them and look it up in the others."
    )


def _common_prefix(left: str, right: str) -> int:
    """The length of the common prefix of two texts."""
    return next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )


RULE = ReviewRule(
    "NAME-COLLISION",
    "Medium",
    "naming",
    "CM-4(1)",
    "A name is the same in every environment",
    "Include the stack or the environment in the name, or give no name, so that Pulumi adds a random suffix. A "
    "rename replaces what is deployed: move its data first. A resource that all environments share belongs in "
    "a stack of its own. If every stack has an AWS account of its own, accept the finding.",
    check,
)
