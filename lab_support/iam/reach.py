"""The reach of a role's policies: every action that they might allow, and on which resource.

    for reached in reach(policies, ReachQuery(targets, region, context_of)):
        reached.action.name, reached.resource, reached.policies

Policies contain patterns, but IAM decides concrete requests. So this tries concrete requests: on the caller's targets
and, for every pattern in the policies, on an example that the pattern matches and the action can act on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from lab_support.iam.actions import Action, actions_in, find_action
from lab_support.iam.conditions import Context, substitute
from lab_support.iam.evaluate import AccessRequest, Policies, decide, statements_about
from lab_support.iam.matching import common_text, matches
from lab_support.iam.policy import Clause, Statement
from lab_support.iam.regions import REGIONS

# An account that is not the plan's, for patterns that leave the account open.
FOREIGN_ACCOUNT: Final = "999999999999"

Grounds = tuple[str, ...]  # the names of the policies that allow a request
Decide = Callable[[str], Grounds | None]  # from an ARN; None: denied


@dataclass(frozen=True)
class ReachedAction:
    """An action that might be allowed, a resource that it can act on, and the policies that allow it."""

    action: Action
    resource: str
    policies: Grounds


@dataclass(frozen=True)
class ReachQuery:
    """What to try. Each of the ARNs in `targets` is tried by itself; other examples are preferably in `region`.

    `context_of(arn)` says what is known about a request for an ARN. Of several resources with the same `place_of(arn)`,
    only the first that the same policies allow is reported.
    """

    targets: tuple[str, ...]
    region: str
    context_of: Callable[[str], Context]
    place_of: Callable[[str], str] = str


def reach(policies: Policies, query: ReachQuery) -> Iterator[ReachedAction]:
    """Every action that might be allowed: on each target that it can act on, and on one example of anything else."""
    clauses: dict[str, dict[Clause, None]] = {}
    for attached_to, statement in _allow_statements(policies):
        clause = _resources(attached_to, statement, query)
        for name in actions_in(statement.action):
            clauses.setdefault(name, {})[clause] = None
    decisions = _Decisions(policies, query)
    reached: dict[tuple[Any, ...], tuple[tuple[str, Grounds], ...]] = {}
    for name in sorted(clauses):
        action = find_action(name)
        assert action is not None, f"{name} is in no list of actions"
        # Hundreds of actions share the same result.
        statements = statements_about(policies, name)
        key = (action.acts_on, tuple(clauses[name]), statements)
        if key not in reached:
            allowed_by = decisions.for_action(name, statements)
            reached[key] = tuple(_reached(action, tuple(clauses[name]), policies, query, allowed_by))
        for resource, grounds in reached[key]:
            yield ReachedAction(action, resource, grounds)


class _Decisions:
    """IAM's decisions, each made once: actions that the same statements are about share them."""

    def __init__(self, policies: Policies, query: ReachQuery) -> None:
        self.policies, self.query = policies, query
        self._known: dict[tuple[bool, ...], Decide] = {}

    def for_action(self, name: str, statements: tuple[bool, ...]) -> Decide:
        """For an action that these statements are about: the policies that allow it on an ARN, or None."""

        @cache
        def allowed_by(arn: str) -> Grounds | None:
            decision = decide(AccessRequest(name, arn, self.query.context_of(arn)), self.policies)
            return decision.policies if decision.allowed else None

        return self._known.setdefault(statements, allowed_by)


def _reached(
    action: Action,
    clauses: tuple[Clause, ...],
    policies: Policies,
    query: ReachQuery,
    allowed_by: Decide,
) -> Iterator[tuple[str, Grounds]]:
    """The resources that one action can act on, each with the policies that allow it."""
    reported = set()
    for resource in _of_kinds(action.acts_on, query.targets):
        grounds = allowed_by(resource)
        if grounds is not None and (query.place_of(resource), grounds) not in reported:
            reported.add((query.place_of(resource), grounds))
            yield resource, grounds
    account = policies.role_arn.split(":")[4]
    for resource in _examples(action, clauses, tuple(_limits(policies, query)), query.region, account):
        grounds = None if resource in query.targets else allowed_by(resource)
        if grounds is not None:
            if (query.place_of(resource), grounds) not in reported:
                yield resource, grounds
            break


def _of_kinds(kinds: tuple[str, ...], targets: tuple[str, ...]) -> tuple[str, ...]:
    """The targets that are of one of these kinds."""
    services = {kind.split(":")[2] for kind in kinds if kind.count(":") >= 2}
    candidates = (target for target in targets if "*" in services or target.split(":")[2] in services)
    return tuple(target for target in candidates if any(matches(kind, target) for kind in kinds))


def _allow_statements(policies: Policies) -> Iterator[tuple[str, Statement]]:
    for named in (*policies.identity, *policies.resource):
        yield from (
            (named.attached_to, statement) for statement in named.policy.statements if statement.allows
        )


def _limits(policies: Policies, query: ReachQuery) -> Iterator[str]:
    """The patterns of what remains allowed: the exceptions of a Deny, and the resources of a boundary."""
    for named in policies.identity:
        for statement in named.policy.statements:
            if not statement.allows and statement.resource and statement.resource.negated:
                yield from _resources("", statement, query).values
    for statement in policies.boundary.policy.statements if policies.boundary else ():
        if statement.allows:
            yield from _resources("", statement, query).values


def _resources(attached_to: str, statement: Statement, query: ReachQuery) -> Clause:
    """The resources of a statement, with policy variables substituted; for a resource policy, its resource."""
    clause = statement.resource
    if attached_to or clause is None:
        return Clause((attached_to or "*",))
    if not statement.variables:
        return clause
    values = (substitute(value, query.context_of("*")) for value in clause.values)
    return Clause(tuple(value for value in values if value is not None), clause.negated)


def _examples(
    action: Action, clauses: tuple[Clause, ...], limits: tuple[str, ...], region: str, account: str
) -> Iterator[str]:
    """Resources that the action can act on and that a clause or a limit matches, those in this region first."""
    if not action.acts_on:
        yield "*"
        return
    places = ((region, account), ("us-east-1", account), (region, FOREIGN_ACCOUNT), ("*", "*"))
    for kind in action.acts_on:
        for place in places:
            placed = _placed(kind, *place)
            for clause in clauses:
                for pattern in (*(("*",) if clause.negated else clause.values), *limits):
                    example = common_text(pattern, placed)
                    if example is not None and _can_exist(example):
                        yield example


@lru_cache(maxsize=16384)
def _placed(kind: str, region: str, account: str) -> str:
    """A kind of resource in one region and account, if its ARN names them."""
    parts = kind.split(":", 5)
    if len(parts) < 6:
        return kind
    parts[1] = "aws"
    parts[3] = region if parts[3] == "*" else parts[3]
    parts[4] = account if parts[4] == "*" else parts[4]
    return ":".join(parts)


# A valid stream name; with `/` or `:` in the name, the ARN would mean something else, or nothing.
_STREAM: Final = re.compile(r"stream/[\w.-]+(/consumer/[\w.-]+:[\w.-]+)?|channel/[\w.-]+")


def _can_exist(arn: str) -> bool:
    """Whether an ARN can exist: its region exists, and if it is a stream's, the name is valid.

    An `x` as the region means that any region matches.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return True
    in_a_region = parts[3] in ("", "x") or parts[3] in REGIONS
    return in_a_region and (parts[2] != "kinesis" or _STREAM.fullmatch(parts[5]) is not None)
