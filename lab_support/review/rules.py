"""The rules of a review, and `review_plan`, which applies them to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab_support.plan.plan import Plan
from lab_support.plan.values import NotKnownYet
from lab_support.review import excess_privilege, name_collision, nobody_paged, single_zone, unencrypted
from lab_support.review.findings import (
    SEVERITIES,
    Observation,
    Review,
    ReviewFinding,
    ReviewRule,
    ReviewSubject,
    Undecided,
)

RULES: Final[tuple[ReviewRule, ...]] = (
    unencrypted.RULE,
    single_zone.RULE,
    excess_privilege.RULE,
    name_collision.RULE,
    nobody_paged.RULE,
)


def review_plan(plan: Plan, other: Plan | None = None) -> Review:
    """What is wrong in a plan, by consequence; `other` is the plan of the same program for a second environment.

    Without `other` nothing is said about names. The rules are those of `lab review` (RULES).
    """
    return apply_rules(ReviewSubject(plan, other))


def apply_rules(subject: ReviewSubject, notes: tuple[str, ...] = (), without_other: str = "") -> Review:
    """The review of what the rules look at; `notes` say how the plans came about, `without_other` why there is no plan
    of a second environment."""
    findings, unknown = [], []
    if without_other:
        unknown.append(Undecided(name_collision.RULE.id, "", "", without_other))
    for rule in RULES:
        for seen in _looked(rule, subject):
            if seen.unknown:
                unknown.append(_undecided(rule, seen))
            elif seen.resource is not None:
                findings.append(_finding(rule, seen))
    order = {rule.id: n for n, rule in enumerate(RULES)}
    findings.sort(key=lambda each: (SEVERITIES.index(each.severity), order[each.id], each.resource))
    return Review(
        findings=tuple(dict.fromkeys(findings)),
        unknown=tuple(dict.fromkeys(unknown)),
        mocked_packages=subject.plan.mocked_packages,
        resources=sum(resource.is_custom for resource in subject.plan),
        notes=notes,
    )


def _looked(rule: ReviewRule, subject: ReviewSubject) -> Iterator[Observation]:
    """What a rule sees; where it meets something unknown that it is not prepared for, it ends by saying so."""
    try:
        yield from rule.check(subject)
    except NotKnownYet:
        yield Observation(None, unknown="it depends on something that is unknown before the deployment")


def _finding(rule: ReviewRule, seen: Observation) -> ReviewFinding:
    assert seen.resource is not None
    return ReviewFinding(
        rule.id,
        rule.severity,
        rule.category,
        seen.resource.name,
        seen.resource.urn,
        seen.what,
        rule.control,
        seen.repair,
        seen.resource.source,
    )


def _undecided(rule: ReviewRule, seen: Observation) -> Undecided:
    name, urn = (seen.resource.name, seen.resource.urn) if seen.resource else ("", "")
    return Undecided(rule.id, name, urn, seen.unknown)
