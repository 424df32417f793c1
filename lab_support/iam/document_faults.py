"""When IAM refuses a policy document, and with which words.

First the provider looks whether it is JSON (terraform-provider-aws, verify.ValidIAMPolicyJSON), then IAM whether it is
a policy. IAM's texts are those that its API gives; moto has collected them from it (moto, iam/policy_validation.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lab_support.iam.conditions import is_operator
from lab_support.iam.policy import Policy, PolicyError, Statement, parse
from lab_support.iam.regions import PARTITIONS

_GITHUB = "token.actions.githubusercontent.com"
_POSITIVE = ("stringequals", "stringlike", "stringequalsignorecase")


def json_fault(name: str, text: str) -> str | None:
    """What the provider says of a text that is no JSON object; `name` is the argument's."""
    stripped = text.strip()
    lead = f'"{name}" contains an invalid JSON policy:'
    if not stripped:
        return f'"{name}" is an empty string, which is not a valid JSON value'
    if stripped[0] == '"':
        return f"{lead} contains a JSON-encoded string, not a JSON-encoded object"
    if stripped[0] == "[":
        return f"{lead} contains a JSON array, not a JSON object"
    if stripped[0] != "{":
        return f"{lead} not a JSON object"
    try:
        json.loads(text)
    except ValueError as error:
        return f"{lead} {error}"
    return None


def identity_fault(text: str, *, managed: bool = False) -> str | None:
    """What IAM says of a policy for a role; None if it takes it. A managed policy must name its version."""
    policy, fault = _parsed(text)
    if policy is None:
        return fault
    if managed and policy.version != "2012-10-17":
        return "Policy document must be version 2012-10-17 or greater."
    for statement in policy.statements:
        if statement.principals is not None:
            return "Policy document should not specify a principal."
        if statement.resource is None or not statement.resource.values:
            return "Policy statement must contain resources."
    return next(_faults(policy), None)


def trust_fault(text: str) -> str | None:
    """What IAM says of a trust policy; None if it takes it."""
    policy, fault = _parsed(text)
    if policy is None:
        return fault
    for statement in policy.statements:
        if statement.resource is not None:
            return "Has prohibited field Resource."
        if not statement.principals:
            return "Missing required field Principal."
        if any(not action.lower().startswith("sts:") for action in statement.action.values):
            return "AssumeRole policy may only specify STS AssumeRole actions."
    return next(_faults(policy), None) or next(
        filter(None, map(_shared_provider_fault, policy.statements)), None
    )


def _shared_provider_fault(statement: Statement) -> str | None:
    """IAM wants to know which of GitHub's users a role is for, because all of them share one provider.

    IAM User Guide, "Identity-provider controls for shared OIDC providers". Of several values, IAM looks whether one is
    no bare wildcard; `repo:*` is accepted.
    """
    named = [value for kind, value in statement.principals or () if kind == "Federated"]
    provider = next((value for value in named if value.endswith(f":oidc-provider/{_GITHUB}")), None)
    if provider is None or not statement.allows:
        return None
    keys = [f"{_GITHUB}:{claim}" for claim in ("sub", "job_workflow_ref")]
    for test in statement.conditions:
        operator = test.operator.rpartition(":")[2].lower().removesuffix("ifexists")
        if operator in _POSITIVE and test.key in keys and any(value.strip("*") for value in test.values):
            return None
    return (
        f"Trust policy with trusted principal {provider} must evaluate, using StringEquals, StringLike or "
        f"StringEqualsIgnoreCase, {' or '.join(keys)} which is not scoped to all."
    )


def size_of(text: Any) -> int:
    """How many characters IAM counts: white space is free."""
    return len(re.sub(r"\s", "", text)) if isinstance(text, str) else 0


def _parsed(text: str) -> tuple[Policy | None, str]:
    try:
        return parse(text), ""
    except PolicyError as error:
        return None, str(error)


def _faults(policy: Policy) -> Iterator[str]:
    ids = [statement.sid for statement in policy.statements if statement.sid]
    if len(set(ids)) < len(ids):
        yield "Statement IDs (SID) in a single policy must be unique."
    for sid in ids:
        if not re.fullmatch(r"[0-9A-Za-z]*", sid):
            yield (
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
                "[0-9A-Za-z]*"
            )
    for statement in policy.statements:
        yield from _statement_faults(statement)


def _statement_faults(statement: Statement) -> Iterator[str]:
    for action in statement.action.values:
        vendor, colon, name = action.partition(":")
        if action == "*":
            continue
        if not colon:
            yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        elif ":" in name:
            yield "Actions/Condition can contain only one colon."
        elif not re.fullmatch(r"[A-Za-z0-9.-]+", vendor):
            yield f"Vendor {vendor} is not valid"
    for resource in statement.resource.values if statement.resource else ():
        fault = _resource_fault(resource)
        if fault:
            yield fault
    for test in statement.conditions:
        if not is_operator(test.operator):
            yield f"Invalid Condition type : {test.operator}."


def _resource_fault(resource: str) -> str | None:
    if resource == "*":
        return None
    parts = resource.split(":")
    if len(parts) < 2 or parts[0] != "arn":
        return f'Resource {resource} must be in ARN format or "*".'
    if parts[1] not in ("*", *PARTITIONS):
        rest = ":".join([*parts[2:], *["*"] * (6 - len(parts))])
        return f'Partition "{parts[1]}" is not valid for resource "arn:{parts[1]}:{rest}".'
    if len(parts) < 3 or set(parts[2]) & set("*?"):
        return "Resource vendor must be fully qualified and cannot contain regexes."
    if len(parts) < 6:
        return "The policy failed legacy parsing"
    return None
