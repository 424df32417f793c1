"""The rules of a review, and `review_plan`, which applies them to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import NotKnownYet
from lab_support.review import (
    data_lost,
    evicted,
    excess_privilege,
    locked_out,
    name_collision,
    no_way_out,
    nobody_paged,
    open_to_strangers,
    overwritten,
    refusals,
    secret_exposed,
    single_zone,
    strict_rules,
    unencrypted,
)
from lab_support.review.findings import SEVERITIES, Review, ReviewFinding, Undecided
from lab_support.review.places import place_of
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject

RULES: Final[tuple[ReviewRule, ...]] = (
    open_to_strangers.RULE,
    data_lost.RULE,
    unencrypted.RULE,
    single_zone.RULE,
    no_way_out.RULE,
    excess_privilege.RULE,
    name_collision.RULE,
    nobody_paged.RULE,
    nobody_paged.NOTICE_LOST,
    locked_out.RULE,
    secret_exposed.RULE,
    evicted.RULE,
    overwritten.RULE,
    refusals.RULE,
)
# What `--strict` adds; its severity is Note.
STRICT_RULES: Final[tuple[ReviewRule, ...]] = (strict_rules.AWS_MANAGED_KEY, strict_rules.ANY_RESOURCE)
ALL_RULES: Final = (*RULES, *STRICT_RULES)


def review_plan(plan: Plan, other: Plan | None = None, *, strict: bool = False) -> Review:
    """Reviews a plan; `other` is the plan of the same program for a second environment.

    Without `other`, names are not checked. With `strict`, Notes on what is a matter of policy are added.
    """
    return apply_rules(ReviewSubject(plan, other), rules=ALL_RULES if strict else RULES)


def apply_rules(
    subject: ReviewSubject,
    notes: tuple[str, ...] = (),
    without_other: str = "",
    rules: tuple[ReviewRule, ...] = RULES,
) -> Review:
    """Applies rules. `notes` are about the plans; `without_other` says why there is no second plan."""
    findings, unknown = [], []
    if without_other:
        unknown.append(Undecided(name_collision.RULE.id, "", "", without_other))
    for rule in rules:
        for observation in _observations(rule, subject):
            if observation.unknown:
                unknown.append(_undecided(rule, observation))
            elif observation.resource is not None:
                findings.append(_finding(rule, observation, observation.resource))
    order = {rule.id: rank for rank, rule in enumerate(rules)}
    findings.sort(
        key=lambda finding: (SEVERITIES.index(finding.severity), order[finding.id], finding.resource)
    )
    return Review(
        findings=tuple(dict.fromkeys(findings)),
        unknown=tuple(dict.fromkeys(unknown)),
        mocked_packages=subject.plan.mocked_packages,
        resources=sum(resource.is_custom for resource in subject.plan),
        notes=notes,
    )


def _observations(rule: ReviewRule, subject: ReviewSubject) -> Iterator[Observation]:
    """A rule's observations; the last one says so if the rule failed on a value that is unknown, or cannot be."""
    try:
        yield from rule.check(subject)
    except NotKnownYet:
        yield Observation(None, unknown="it depends on a value that is unknown until deployment")
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        if not subject.is_unchecked:
            raise
        yield Observation(None, unknown="a value in the file does not have the type of its property")


def _finding(rule: ReviewRule, observation: Observation, resource: Resource) -> ReviewFinding:
    return ReviewFinding(
        rule.id,
        rule.severity,
        rule.category,
        resource.name,
        resource.urn,
        observation.what,
        rule.control,
        observation.repair,
        place_of(resource.source, observation.arguments),
    )


def _undecided(rule: ReviewRule, observation: Observation) -> Undecided:
    resource = observation.resource
    name, urn = (resource.name, resource.urn) if resource else ("", "")
    place = place_of(resource.source, observation.arguments) if resource else None
    return Undecided(rule.id, name, urn, observation.unknown, place)
