"""OVERWRITTEN: a security group that lists its rules itself, and separate rules for it. The drill as a rule.

NIST SP 800-53 CM-2 (baseline configuration). Each direction counts by itself: a group without `egress` leaves egress
rules alone, whatever its `ingress` says. Nothing is reported about groups that the program only looks up, or whose list
the engine is told to ignore (`ignore_changes`). An exclusive set of a group's rules
(`ec2.VpcSecurityGroupRulesExclusive`) is such a list, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.group_rules import (
    DIRECTIONS,
    GROUPS,
    SEPARATE,
    GroupRule,
    direction_of,
    group_of,
    rules_in,
)
from lab_support.drills.three_releases import EXCLUSIVE, keeps, left_out_in, taken_in
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Security groups that list their own ingress or egress rules and have separate rules that the list lacks."""
    plan = subject.plan
    rules = list(rules_in(plan))
    taken = list(taken_in(rules))
    yield from _left_out(plan, rules)
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


def _left_out(plan: Plan, rules: list[GroupRule]) -> Iterator[Observation]:
    """Exclusive sets that leave out rules of their group."""
    left_out = list(left_out_in(plan, rules))
    for exclusive in created(plan, EXCLUSIVE):
        for direction in DIRECTIONS:
            argument = f"{direction}_rule_ids"
            found = [rule for rule, by in left_out if by == exclusive and rule.direction == direction]
            if found:
                names = listed(sorted({rule.owner.name for rule in found}))
                group = found[0].group.name
                what = (
                    f"It removes all {direction} rules of {group} that it does not list, and {names} has such rules: "
                    "they go when it is created, or once a refresh has shown them to it."
                )
                repair = (
                    f"List the id of each {direction} rule of {group} in {argument}, and make those that {group} lists "
                    f"itself a vpc.SecurityGroup{direction.title()}Rule."
                )
                yield Observation(exclusive, what, repair, arguments=(argument,))
            elif any(rule.direction == direction and keeps(plan, exclusive, rule) is None for rule in rules):
                why = f"whether it lists all {direction} rules of its group is unknown"
                yield Observation(exclusive, unknown=why, arguments=(argument,))


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
