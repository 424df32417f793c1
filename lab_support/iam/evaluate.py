"""Whether IAM allows one request: AWS's published evaluation logic for a role in one account.

    decision = decide(AccessRequest("kinesis:GetRecords", stream_arn, context), Policies(role_arn, identity=(...)))
    decision.allowed, decision.why, decision.by

The order (IAM User Guide, "Policy evaluation logic"): a Deny anywhere wins; then a resource policy of the same account
that names the role allows; then an identity policy allows. A permissions boundary limits both. Nothing else is allowed.

Where a condition rests on something unknown (`Context.unknown`), an Allow counts and a Deny does not: the answer is
then what is possible, not what is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lab_support.iam.conditions import Context, filled, holds
from lab_support.iam.matching import matches
from lab_support.iam.policy import Clause, Policy, Statement


@dataclass(frozen=True)
class AccessRequest:
    """One call: the action (`kinesis:GetRecords`), the ARN that it is about (or `*`), and what is known besides."""

    action: str
    resource: str
    context: Context = field(default_factory=Context)


@dataclass(frozen=True)
class NamedPolicy:
    """A policy under the name of what a program must change to change it; `about`: the ARN that it is attached to."""

    name: str
    policy: Policy
    about: str = ""


@dataclass(frozen=True)
class Policies:
    """Everything that decides what a role may do. `boundary` is None where there is none."""

    role_arn: str
    identity: tuple[NamedPolicy, ...] = ()
    boundary: NamedPolicy | None = None
    resource: tuple[NamedPolicy, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The answer, why (`explicit deny`, `resource policy`, `identity policy`, `implicit deny`, `permissions
    boundary`), and the names of the policies that made it so."""

    allowed: bool
    why: str
    by: tuple[str, ...] = ()


def decide(request: AccessRequest, policies: Policies) -> Decision:
    """IAM's answer to a request of this role."""
    about_it = [each for each in policies.resource if each.about == request.resource]
    boundary = [policies.boundary] if policies.boundary else []
    denied = _matching((*policies.identity, *boundary), request, allows=False)
    denied += [
        each.name
        for each in about_it
        if any(_meets(s, request, False) and _names(s, policies.role_arn) for s in each.policy.statements)
    ]
    if denied:
        return Decision(False, "explicit deny", tuple(denied))
    by_resource = {
        each.name: how
        for each in about_it
        for statement in each.policy.statements
        if _meets(statement, request, True) and (how := _names(statement, policies.role_arn)) in _DIRECT
    }
    by_identity = _matching(policies.identity, request, allows=True)
    if not by_resource and not by_identity:
        return Decision(False, "implicit deny")
    if "anyone" in by_resource.values():
        return Decision(True, "resource policy", tuple(by_resource))
    if policies.boundary and not _matching(boundary, request, allows=True):
        return Decision(False, "permissions boundary", (policies.boundary.name,))
    if by_identity:
        return Decision(True, "identity policy", (*by_identity, *by_resource))
    return Decision(True, "resource policy", tuple(by_resource))


def applies(statement: Statement, request: AccessRequest) -> bool | None:
    """Whether a statement is about a request; None if that depends on an unknown. Principals are not looked at."""
    if not _action(statement.action, request.action):
        return False
    if statement.resource is not None and not _resource(statement, request):
        return False
    return holds(statement.conditions, request.context, statement.variables)


def statements_about(policies: Policies, action: str) -> tuple[bool, ...]:
    """For each statement of the policies, whether it is about an action.

    IAM asks for the name of an action nowhere else: where this is the same for two actions, so is every decision.
    """
    held = (*policies.identity, *policies.resource, *([policies.boundary] if policies.boundary else ()))
    return tuple(_action(each.action, action) for named in held for each in named.policy.statements)


def _meets(statement: Statement, request: AccessRequest, allows: bool) -> bool:
    if statement.allows is not allows:
        return False
    found = applies(statement, request)
    return allows if found is None else found


def _matching(policies: Iterable[NamedPolicy], request: AccessRequest, allows: bool) -> list[str]:
    return [each.name for each in policies if any(_meets(s, request, allows) for s in each.policy.statements)]


def _action(clause: Clause, action: str) -> bool:
    return any(matches(each, action, any_case=True) for each in clause.values) != clause.negated


def _resource(statement: Statement, request: AccessRequest) -> bool:
    clause = statement.resource
    assert clause is not None
    found = any(matches(each, request.resource) for each in _patterns(clause, statement, request.context))
    return found != clause.negated


def _patterns(clause: Clause, statement: Statement, context: Context) -> Iterator[str]:
    for value in clause.values:
        pattern = filled(value, context) if statement.variables else value
        if pattern is not None:
            yield pattern


# Ways of naming a role in a resource policy that give it the permission with no help of its own policies.
_DIRECT = ("itself", "anyone")


def _names(statement: Statement, role_arn: str) -> str:
    """How the principal of a resource policy's statement means this role: `itself`, `anyone`, its `account`, or not.

    An account as principal delegates to its identity policies: it allows nobody by itself, but its Deny meets all. A
    boundary limits what is given to a role, not what is given to anyone.
    """
    account = role_arn.split(":")[4]
    mine = {"*": "anyone", role_arn: "itself", account: "account", f"arn:aws:iam::{account}:root": "account"}
    found = {mine.get(value, "") for kind, value in statement.principals or () if kind in ("AWS", "*")}
    if statement.not_principals:
        return "" if found & {*_DIRECT} else "anyone"
    return next((how for how in (*_DIRECT, "account") if how in found), "")
