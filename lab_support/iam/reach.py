"""What the policies of a role reach: every action that it might be allowed, each with what it can be done to.

    for granted in reach(policies, ReachQuery(targets, region, context_of)):
        granted.action.name, granted.resource, granted.by

Policies speak in patterns, IAM decides about concrete requests. So this asks about concrete requests: on the resources
that the caller names, and, for every pattern in the policies, on something that it matches and the action can act on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from lab_support.iam.actions import Action, action, actions_in
from lab_support.iam.conditions import Context, filled
from lab_support.iam.evaluate import AccessRequest, Policies, decide, statements_about
from lab_support.iam.matching import common, matches
from lab_support.iam.policy import Clause, Statement
from lab_support.iam.regions import REGIONS

# Somebody else's account, for patterns that leave the account open.
FOREIGN_ACCOUNT = "999999999999"


@dataclass(frozen=True)
class ReachedAction:
    """One action that is possible, what it can be done to, and the policies that allow it."""

    action: Action
    resource: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class ReachQuery:
    """What to ask about: `targets` are ARNs, each asked about for itself; `context_of(arn)` says what is known of a
    request about an ARN. Elsewhere an example in this region is preferred. Of several things in the same place, as
    `place_of(arn)` says it, only the first that the same policies allow is told."""

    targets: tuple[str, ...]
    region: str
    context_of: Callable[[str], Context]
    place_of: Callable[[str], str] = str


def reach(policies: Policies, asked: ReachQuery) -> Iterator[ReachedAction]:
    """Every action that might be allowed: on each target that it can act on, and on one example of anything else."""
    clauses: dict[str, dict[Clause, None]] = {}
    for about, statement in _allows(policies):
        clause = _resources(about, statement, asked)
        for name in actions_in(statement.action):
            clauses.setdefault(name, {})[clause] = None
    decisions = _Decisions(policies, asked)
    reached: dict[tuple[Any, ...], tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for name in sorted(clauses):
        described = action(name)
        assert described is not None, f"{name} is in no list of actions"
        # Hundreds of actions get the same answers.
        meant = statements_about(policies, name)
        alike = (described.acts_on, tuple(clauses[name]), meant)
        if alike not in reached:
            allowed_by = decisions.on(name, meant)
            reached[alike] = tuple(_reached(described, tuple(clauses[name]), policies, asked, allowed_by))
        for resource, by in reached[alike]:
            yield ReachedAction(described, resource, by)


class _Decisions:
    """IAM's answers for the actions that policies reach, each asked for once."""

    def __init__(self, policies: Policies, asked: ReachQuery) -> None:
        self.policies, self.asked = policies, asked
        self._known: dict[tuple[bool, ...], Callable[[str], tuple[str, ...] | None]] = {}

    def on(self, name: str, meant: tuple[bool, ...]) -> Callable[[str], tuple[str, ...] | None]:
        """For an action that these statements are about: the policies that allow it on an ARN, or None."""

        @cache
        def allowed_by(arn: str) -> tuple[str, ...] | None:
            decision = decide(AccessRequest(name, arn, self.asked.context_of(arn)), self.policies)
            return decision.by if decision.allowed else None

        return self._known.setdefault(meant, allowed_by)


def _reached(
    described: Action,
    clauses: tuple[Clause, ...],
    policies: Policies,
    asked: ReachQuery,
    allowed_by: Callable[[str], tuple[str, ...] | None],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What one action can be done to, and the policies that allow it."""
    told = set()
    for resource in _fitting(described.acts_on, asked.targets):
        by = allowed_by(resource)
        if by is not None and (asked.place_of(resource), by) not in told:
            told.add((asked.place_of(resource), by))
            yield resource, by
    account = policies.role_arn.split(":")[4]
    for resource in _examples(described, clauses, tuple(_limits(policies, asked)), asked.region, account):
        by = None if resource in asked.targets else allowed_by(resource)
        if by is not None:
            if (asked.place_of(resource), by) not in told:
                yield resource, by
            break


def _fitting(kinds: tuple[str, ...], targets: tuple[str, ...]) -> tuple[str, ...]:
    """The targets that are of one of these kinds."""
    services = {kind.split(":")[2] for kind in kinds if kind.count(":") >= 2}
    near = (target for target in targets if "*" in services or target.split(":")[2] in services)
    return tuple(target for target in near if any(matches(kind, target) for kind in kinds))


def _allows(policies: Policies) -> Iterator[tuple[str, Statement]]:
    for named in (*policies.identity, *policies.resource):
        yield from ((named.about, each) for each in named.policy.statements if each.allows)


def _limits(policies: Policies, asked: ReachQuery) -> Iterator[str]:
    """The patterns that leave something over: what a Deny excepts, and what a boundary allows."""
    for named in policies.identity:
        for statement in named.policy.statements:
            if not statement.allows and statement.resource and statement.resource.negated:
                yield from _resources("", statement, asked).values
    for statement in policies.boundary.policy.statements if policies.boundary else ():
        if statement.allows:
            yield from _resources("", statement, asked).values


def _resources(about: str, statement: Statement, asked: ReachQuery) -> Clause:
    """The resources of a statement with its policy variables filled in. A resource policy is about one thing."""
    clause = statement.resource
    if about or clause is None:
        return Clause((about or "*",))
    if not statement.variables:
        return clause
    values = (filled(value, asked.context_of("*")) for value in clause.values)
    return Clause(tuple(value for value in values if value is not None), clause.negated)


def _examples(
    described: Action, clauses: tuple[Clause, ...], limits: tuple[str, ...], region: str, account: str
) -> Iterator[str]:
    """Things that the action can act on and that one of the clauses means, those in this region first."""
    if not described.acts_on:
        yield "*"
        return
    places = ((region, account), ("us-east-1", account), (region, FOREIGN_ACCOUNT), ("*", "*"))
    for kind in described.acts_on:
        for place in places:
            shape = _placed(kind, *place)
            for clause in clauses:
                patterns = ("*",) if clause.negated else clause.values
                for pattern in patterns:
                    example = common(pattern, shape)
                    if example is not None and _can_exist(example):
                        yield example
                for limit in limits:
                    example = common(limit, shape)
                    if example is not None and _can_exist(example):
                        yield example


@lru_cache(maxsize=16384)
def _placed(kind: str, region: str, account: str) -> str:
    """A kind of resource in one region and account, as far as its ARN names them."""
    parts = kind.split(":", 5)
    if len(parts) < 6:
        return kind
    parts[1] = "aws"
    parts[3] = region if parts[3] == "*" else parts[3]
    parts[4] = account if parts[4] == "*" else parts[4]
    return ":".join(parts)


# What a stream's name can be; with `/` or `:` in it, an ARN means something else, or nothing.
_STREAM: Final = re.compile(r"stream/[\w.-]+(/consumer/[\w.-]+:[\w.-]+)?|channel/[\w.-]+")


def _can_exist(arn: str) -> bool:
    """Whether there can be something under an ARN: its region exists, and a stream's name is one.

    An `x` for a region is an open place: it may be any.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return True
    in_a_region = parts[3] in ("", "x") or parts[3] in REGIONS
    return in_a_region and (parts[2] != "kinesis" or _STREAM.fullmatch(parts[5]) is not None)
