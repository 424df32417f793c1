"""Whether a resource's policy lets an AWS service use it: a topic that CloudWatch publishes to, a key that it needs.

A service is let in by an Allow that names it, unless a Deny does so too (IAM User Guide, "Policy evaluation logic").
It belongs to no account, so what a policy gives to an account it does not give to a service.
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
    """A service (`cloudwatch.amazonaws.com`) asks for an action on a resource; `context` has the condition keys."""

    service: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def allows(policy: Any, asked: ServiceCall) -> bool:
    """Whether a policy, as JSON text or as its data, lets the service do this. What cannot be read allows nothing."""
    if not isinstance(policy, (str, Mapping)):
        return False
    try:
        statements = parse(policy).statements
    except PolicyError:
        return False
    context = Context({key.lower(): (value,) for key, value in asked.context.items()})
    request = AccessRequest(asked.action, asked.resource, context)
    about_it = [s for s in statements if _names(s, asked.service) and applies(s, request)]
    return bool(about_it) and all(statement.allows for statement in about_it)


def _names(statement: Statement, service: str) -> bool:
    named = any(
        value == "*" if kind in ("AWS", "*") else kind == "Service" and value == service
        for kind, value in statement.principals or ()
    )
    return named is not statement.not_principals
