"""NAME-COLLISION: a name without the environment, in a program whose names contain it. The rollout drill as a rule.

NIST SP 800-53 CM-4(1) (separate test environments). The program is previewed for a second
environment, and the two plans are compared. The rule only applies to programs whose names contain the environment. Two
kinds of names are findings:

- a physical name in the program that is the same in both, if AWS refuses a second resource with that name, or takes it
  for the first one (shared_names.py);
- a logical name that is the same in both, if Pulumi derives the physical name from it, AWS requires that name to be
  unique, and four in five logical names contain the environment, so that this is clearly the exception.

Names that need not be unique (see mock_aws/uniqueness.py) are ignored, and so are names that are configuration
values: another environment may have another value. Where the configuration or a provider points to accounts of their
own, it is unknown whether the names collide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lab_support.mock_aws.force_new import force_new
from lab_support.mock_aws.uniqueness import unique_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import python_name
from lab_support.review.environment_pair import EnvironmentPair, has_chosen_name, is_created
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject
from lab_support.review.shared_names import shared_name

# The SDK's description of the call, before AWS's own words.
_CALL: Final = re.compile(r"^.*StatusCode: \d+, (RequestID: [^,]*, )?")
_PROVIDER: Final = "pulumi:providers:aws"
# Settings of a provider on which the account depends.
_ACCOUNT_SETTINGS: Final = ("assume_role", "assume_roles", "allowed_account_ids", "profile", "access_key")
_GLOBAL: Final = ("s3.Bucket", "s3.BucketV2")
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
    separate = subject.separate_accounts or _separate_providers(subject.plan, subject.other)
    for resource in filter(is_created, subject.plan):
        if same := _same_name(pair, resource):
            name, arguments, consequence = same
            both = f"{name!r} is its name in {pair.first.stack} and in {pair.second.stack}"
            if name in subject.configured:
                reason = f"its name {name!r} comes from configuration and may differ in other environments"
                yield Observation(resource, unknown=reason, arguments=arguments)
            elif separate and not _is_global(resource):
                reason = f"{both}, which only matters in one account, and they may have two: {separate}"
                yield Observation(resource, unknown=reason, arguments=arguments)
            else:
                yield Observation(
                    resource, f"{both}: {consequence}.", _repair(pair, resource), arguments=arguments
                )
        elif pair.is_exception(resource) and separate:
            reason = f"it has the same name in {pair.first.stack} and in {pair.second.stack}, but {separate}"
            yield Observation(resource, unknown=reason)
        elif pair.is_exception(resource):
            yield Observation(resource, _same_logical_name(pair, resource), _repair(pair, resource))


def _same_name(pair: EnvironmentPair, resource: Resource) -> tuple[str, tuple[str, ...], str] | None:
    """The name that the program gives in both environments, the arguments for it, and what comes of it."""
    collision = pair.collisions.get(resource.urn)
    if collision is not None and has_chosen_name(resource):
        where = "" if _is_global(resource) else " in the same account"
        error = _CALL.sub("", collision.error).rstrip(".")
        refused = f"AWS refuses the second one{where} ({error})"
        return collision.first.physical_name, _argument(resource), refused
    if collision is None and (shared := shared_name(resource, pair.second)):
        argument, name, consequence = shared
        return name, (argument,), consequence
    return None


def _argument(resource: Resource) -> tuple[str, ...]:
    """The argument with the name that must be unique."""
    unique = unique_of(resource.type)
    return (python_name(unique.name),) if unique else ()


def _is_global(resource: Resource) -> bool:
    """Whether a name must be unique in all accounts of AWS, as that of a bucket."""
    unique = unique_of(resource.type)
    return unique is not None and resource.kind in _GLOBAL


def _separate_providers(first: Plan, second: Plan) -> str:
    """The provider that has another account's settings in the second environment, in words; empty if there is none."""
    others = {provider.name: provider for provider in second if provider.type == _PROVIDER}
    for provider in (provider for provider in first if provider.type == _PROVIDER):
        other = others.get(provider.name)
        for name in _ACCOUNT_SETTINGS if other is not None else ():
            if other is not None and provider.inputs.get(name) != other.inputs.get(name):
                return f"the provider {provider.name} has another value of {name} in {second.stack}"
    return ""


def _same_logical_name(pair: EnvironmentPair, resource: Resource) -> str:
    unique = unique_of(resource.type)
    physical = resource.get(python_name(unique.name)) if unique else ""
    return (
        f"{resource.name!r} is its name in {pair.first.stack} and in {pair.second.stack}, although "
        f"{pair.share(resource)}: only the random suffix of {physical!r} distinguishes the two."
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
    is_replaced = unique is not None and (
        not has_chosen_name(resource) or unique.name in force_new(resource.type)
    )
    warning = "A rename replaces what is deployed: move its data first. " if is_replaced else ""
    return (
        f"Include the environment in the name{like}. {warning}If the environments share it, create it in one of them "
        "and look it up in the others."
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
