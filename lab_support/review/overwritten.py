"""OVERWRITTEN: a security group that lists its rules itself, and separate rules for it. The drill as a rule.

NIST SP 800-53 CM-2 (baseline configuration). Each direction counts by itself: a group without `egress` leaves egress
rules alone, whatever its `ingress` says. Nothing is reported about groups that the program only looks up, or whose list
the engine is told to ignore (`ignore_changes`).
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.group_rules import DIRECTIONS, GROUPS, SEPARATE, direction_of, group_of, rules_in
from lab_support.drills.three_releases import taken_in
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Security groups that list their own ingress or egress rules and have separate rules that the list lacks."""
    plan = subject.plan
    taken = list(taken_in(list(rules_in(plan))))
    for group in created(plan, *GROUPS):
        for direction in DIRECTIONS:
            names = sorted(
                {
                    rule.owner.name
                    for rule in taken
                    if rule.group.urn == group.urn and rule.direction == direction
                }
            )
            if names:
                what = (
                    f"It lists its {direction} rules itself, and {', '.join(names)} adds to them: once a refresh, or "
                    "an update of the group, has read its rules from AWS, the next update revokes those that the list "
                    "lacks."
                )
                repair = (
                    f"Leave out {direction} and make each of its rules a vpc.SecurityGroup{direction.title()}Rule, or "
                    f"list all of them in {direction} and have no separate ones."
                )
                yield Observation(group, what, repair, arguments=(direction,))
            elif group.inputs.get(direction) is UNKNOWN and any(
                direction_of(rule) == direction and group_of(plan, rule) == group
                for rule in created(plan, *SEPARATE)
            ):
                why = f"it has separate {direction} rules, and whether it lists any itself is unknown"
                yield Observation(group, unknown=why, arguments=(direction,))


RULE = ReviewRule(
    "OVERWRITTEN",
    "Medium",
    "configuration",
    "CM-2",
    "A security group revokes rules that other resources add to it",
    "Give each direction of a group one owner: either the group's own list (ingress, egress) or separate resources "
    "(vpc.SecurityGroupIngressRule, vpc.SecurityGroupEgressRule). An empty list is a list, too. If other programs "
    "are to add rules to a group, leave its list out, or put the list into ignore_changes.",
    check,
)
