"""Whether IAM allows one request: AWS's published evaluation logic for a role in one account.

    decision = decide(AccessRequest("kinesis:GetRecords", stream_arn, context), Policies(role_arn, identity=(...)))
    decision.allowed, decision.reason, decision.policies

The order (IAM User Guide, "Policy evaluation logic"): an explicit Deny wins; then a resource policy of the same account
that names the role allows; then an identity policy allows. A permissions boundary limits both. All else is denied.
For a KMS key, an identity policy counts only where the key's policy lets the account or the role in (AWS KMS Developer
Guide, "Key policies in AWS KMS").

If a condition depends on an unknown key (`Context.unknown`), an Allow counts and a Deny does not: the decision then
says what is possible, not what is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lab_support.iam.conditions import Context, holds, substitute
from lab_support.iam.matching import matches
from lab_support.iam.policy import Clause, Policy, Statement

# How the keys of conditions on a resource's tags begin, in lower case.
RESOURCE_TAGS: Final = "aws:resourcetag/"


@dataclass(frozen=True)
class AccessRequest:
    """One request: the action (`kinesis:GetRecords`), the resource's ARN (or `*`), and the request context."""

    action: str
    resource: str
    context: Context = field(default_factory=Context)


@dataclass(frozen=True)
class NamedPolicy:
    """A policy, named after the resource that defines it; `attached_to` is the ARN that a resource policy is for."""

    name: str
    policy: Policy
    attached_to: str = ""


@dataclass(frozen=True)
class Policies:
    """All policies that apply to a role: identity policies, its permissions boundary if any, and resource policies."""

    role_arn: str
    identity: tuple[NamedPolicy, ...] = ()
    boundary: NamedPolicy | None = None
    resource: tuple[NamedPolicy, ...] = ()


@dataclass(frozen=True)
class Decision:
    """Whether a request is allowed, the reason, and the names of the policies that decided it.

    The reason is `explicit deny`, `implicit deny`, `permissions boundary`, `resource policy` or `identity policy`.
    """

    allowed: bool
    reason: str
    policies: tuple[str, ...] = ()


def decide(request: AccessRequest, policies: Policies) -> Decision:
    """IAM's decision on a request of the role that these policies apply to."""
    on_resource = [named for named in policies.resource if named.attached_to == request.resource]
    to_resource = _without_tags(request) if on_resource and _is_key(request.resource) else request
    boundary = [policies.boundary] if policies.boundary else []
    denied = _matching((*policies.identity, *boundary), request, allows=False)
    denied += [
        named.name
        for named in on_resource
        if any(
            _matches(statement, to_resource, allows=False) and _principal(statement, policies.role_arn)
            for statement in named.policy.statements
        )
    ]
    if denied:
        return Decision(False, "explicit deny", tuple(denied))
    by_resource = {
        named.name: principal
        for named in on_resource
        for statement in named.policy.statements
        if _matches(statement, to_resource, allows=True)
        and (principal := _principal(statement, policies.role_arn)) in _DIRECT
    }
    by_identity = _matching(policies.identity, request, allows=True)
    if (
        _is_key(request.resource)
        and on_resource
        and not _lets_in(on_resource, to_resource, policies.role_arn)
    ):
        by_identity = []
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
    """Whether a statement applies to a request; None if that depends on an unknown key. Ignores principals."""
    if not _is_about_action(statement, request.action):
        return False
    if statement.resource is None and _is_key(request.resource):
        return False  # AWS KMS API Reference, PutKeyPolicy: without Resource, a key policy's statement has no effect
    if statement.resource is not None and not _is_about_resource(statement, statement.resource, request):
        return False
    return holds(statement.conditions, request.context, statement.variables)


def statements_about(policies: Policies, action: str) -> tuple[bool, ...]:
    """For each statement of the policies, whether it is about an action.

    Nothing else depends on the name of an action: two actions with the same result get the same decisions.
    """
    boundary = [policies.boundary] if policies.boundary else []
    return tuple(
        _is_about_action(statement, action)
        for named in (*policies.identity, *policies.resource, *boundary)
        for statement in named.policy.statements
    )


def _matching(policies: Iterable[NamedPolicy], request: AccessRequest, *, allows: bool) -> list[str]:
    """The names of the policies that allow a request, or that deny it."""
    return [
        named.name
        for named in policies
        if any(_matches(statement, request, allows=allows) for statement in named.policy.statements)
    ]


def _matches(statement: Statement, request: AccessRequest, *, allows: bool) -> bool:
    if statement.allows is not allows:
        return False
    found = applies(statement, request)
    return allows if found is None else found


def _is_about_action(statement: Statement, action: str) -> bool:
    clause = statement.action
    return any(matches(pattern, action, ignore_case=True) for pattern in clause.values) != clause.negated


def _is_about_resource(statement: Statement, clause: Clause, request: AccessRequest) -> bool:
    patterns = _patterns(clause, statement, request.context)
    return any(matches(pattern, request.resource) for pattern in patterns) != clause.negated


def _patterns(clause: Clause, statement: Statement, context: Context) -> Iterator[str]:
    for value in clause.values:
        pattern = substitute(value, context) if statement.variables else value
        if pattern is not None:
            yield pattern


def _is_key(arn: str) -> bool:
    return arn.split(":")[2:3] == ["kms"]


def _without_tags(request: AccessRequest) -> AccessRequest:
    """The request as a key's policy sees it: KMS supports `aws:ResourceTag` in IAM policies only, not in key policies.

    AWS KMS Developer Guide, "Use tags to control access to KMS keys".
    """
    context = request.context
    values = {name: value for name, value in context.values.items() if not name.startswith(RESOURCE_TAGS)}
    return replace(request, context=replace(context, values=values, never=(*context.never, RESOURCE_TAGS)))


def _lets_in(policies: Iterable[NamedPolicy], request: AccessRequest, role_arn: str) -> bool:
    """Whether a resource policy allows the request to the role, to anyone, or to its account."""
    return any(
        _matches(statement, request, allows=True) and _principal(statement, role_arn)
        for named in policies
        for statement in named.policy.statements
    )


# Principals of a resource policy that grant the permission by themselves, without an identity policy.
_DIRECT = ("role", "anyone")


def _principal(statement: Statement, role_arn: str) -> str:
    """How a resource policy's statement names this role: as the `role`, as `anyone`, as its `account`, or not: "".

    An account as principal delegates to its identity policies: its Allow grants nothing by itself, but its Deny applies
    to all of its roles. A permissions boundary limits what a role is granted, not what anyone is granted.
    """
    account = role_arn.split(":")[4]
    names = {"*": "anyone", role_arn: "role", account: "account", f"arn:aws:iam::{account}:root": "account"}
    found = {names.get(value, "") for kind, value in statement.principals or () if kind in ("AWS", "*")}
    if statement.not_principals:
        return "" if found & {*_DIRECT} else "anyone"
    return next((name for name in (*_DIRECT, "account") if name in found), "")
