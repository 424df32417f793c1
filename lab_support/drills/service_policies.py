"""Whether a resource's policy lets an AWS service use it: a topic that CloudWatch publishes to, a key that it needs.

The part of IAM's published logic that concerns a service as the caller (IAM User Guide, "Policy evaluation logic" and
"IAM JSON policy elements"): an Allow that names the service, and no Deny. A service belongs to no account, so what is
given to an account is not given to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final


@dataclass(frozen=True)
class ServiceCall:
    """A service (`cloudwatch.amazonaws.com`) asks for an action on a resource; `context` has the condition keys."""

    service: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def allows(policy: Any, asked: ServiceCall) -> bool:
    """Whether a policy, as JSON text or as its data, lets the service do this. What cannot be read allows nothing."""
    effects = {s.get("Effect") for s in _statements(policy) if _applies(s, asked)}
    return "Allow" in effects and "Deny" not in effects


def _statements(policy: Any) -> list[Mapping[str, Any]]:
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return []
    statements = policy.get("Statement", []) if isinstance(policy, Mapping) else []
    return [s for s in _listed(statements) if isinstance(s, Mapping)]


def _applies(statement: Mapping[str, Any], asked: ServiceCall) -> bool:
    return (
        _is_named(statement, asked.service)
        and _matches(statement, "Action", asked.action.lower(), lower=True)
        and _matches(statement, "Resource", asked.resource)
        and all(
            _holds(operator, key, _listed(values), asked.context)
            for operator, tests in (statement.get("Condition") or {}).items()
            for key, values in tests.items()
        )
    )


def _is_named(statement: Mapping[str, Any], service: str) -> bool:
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], service)
    return _names(statement.get("Principal"), service)


def _names(principal: Any, service: str) -> bool:
    if not isinstance(principal, Mapping):
        return bool(principal == "*")
    return "*" in _listed(principal.get("AWS")) or service in _listed(principal.get("Service"))


def _matches(statement: Mapping[str, Any], element: str, value: str, lower: bool = False) -> bool:
    negated = f"Not{element}" in statement
    patterns = _listed(statement.get(f"Not{element}" if negated else element))
    found = any(_like(value, str(p).lower() if lower else str(p)) for p in patterns)
    return found is not negated


def _like(value: str, pattern: str) -> bool:
    # IAM knows * and ?, but no sets of characters.
    return fnmatchcase(value, pattern.replace("[", "[[]"))


_TESTS: Final[dict[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}


def _holds(operator: str, key: str, wanted: Sequence[Any], context: Mapping[str, str]) -> bool:
    """One condition. An operator that is not known holds for nobody."""
    operator = operator.removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
    base = operator.removesuffix("IfExists")
    value = {name.lower(): each for name, each in context.items()}.get(key.lower())
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in wanted]
    if base == "Null":
        return (value is None) == ("true" in texts)
    negated = base.startswith(("StringNot", "ArnNot"))
    test = _TESTS.get(base.replace("Not", "", 1) if negated else base)
    if test is None:
        return False
    if value is None:
        return negated or operator != base
    return any(test(value, text) for text in texts) is not negated


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
