"""Whether a resource policy lets an AWS service use the resource, such as a topic or a key.

A service is allowed by an Allow that names it, unless a Deny does, too (IAM User Guide, "Policy evaluation logic"). It
belongs to no account, so permissions for an account are not permissions for a service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, applies
from lab_support.iam.policy import PolicyError, Statement, parse


@dataclass(frozen=True)
class ServiceCall:
    """A request by a service (`cloudwatch.amazonaws.com`) for an action on a resource, with the condition keys."""

    service: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def allows(policy: Any, call: ServiceCall) -> bool:
    """Whether a policy (JSON text or decoded) allows the call. A policy that cannot be parsed allows nothing."""
    if not isinstance(policy, (str, Mapping)):
        return False
    try:
        statements = parse(policy).statements
    except PolicyError:
        return False
    context = Context({key.lower(): (value,) for key, value in call.context.items()})
    request = AccessRequest(call.action, call.resource, context)
    applying = [
        statement
        for statement in statements
        if _names(statement, call.service) and applies(statement, request)
    ]
    return bool(applying) and all(statement.allows for statement in applying)


def _names(statement: Statement, service: str) -> bool:
    named = any(
        value == "*" if kind in ("AWS", "*") else kind == "Service" and value == service
        for kind, value in statement.principals or ()
    )
    return named is not statement.not_principals
