"""Parses a policy document: statements with their actions, resources, principals and conditions.

    policy = parse('{"Statement": {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}}')
    policy.statements[0].action.values            # ("kinesis:*",)

The grammar is from the IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

VERSION: Final = "2012-10-17"
OLD_VERSION: Final = "2008-10-17"
_TOP: Final = frozenset({"Version", "Id", "Statement"})
_ELEMENTS: Final = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_SYNTAX: Final = "Syntax errors in policy."


class PolicyError(ValueError):
    """IAM would reject the document; the message is IAM's own."""


@dataclass(frozen=True)
class Clause:
    """The values of an element such as `Action`; `negated` for its opposite (`NotAction`): everything but these."""

    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition: an operator, the context key (in lower case) and the accepted values."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One statement. `principals` are pairs such as `("AWS", "arn:aws:iam::123456789012:root")`."""

    allows: bool
    action: Clause
    resource: Clause | None = None
    principals: tuple[tuple[str, str], ...] | None = None
    not_principals: bool = False
    conditions: tuple[Condition, ...] = ()
    sid: str = ""
    variables: bool = True


@dataclass(frozen=True)
class Policy:
    """A policy document. Policy variables such as `${aws:PrincipalAccount}` need version 2012-10-17."""

    statements: tuple[Statement, ...]
    version: str = OLD_VERSION


def parse(document: str | Mapping[str, Any]) -> Policy:
    """The policy in a JSON text or in its decoded object. Raises PolicyError with IAM's message."""
    return _parsed(document) if isinstance(document, str) else _policy(document)


# A check parses the same few texts dozens of times.
@lru_cache(maxsize=256)
def _parsed(text: str) -> Policy:
    try:
        document = json.loads(text, object_pairs_hook=_unique_keys)
    except ValueError:
        raise PolicyError(_SYNTAX) from None
    return _policy(document)


def _policy(document: Any) -> Policy:
    if not isinstance(document, Mapping) or not set(document) <= _TOP or "Statement" not in document:
        raise PolicyError(_SYNTAX)
    version = document.get("Version", OLD_VERSION)
    if version not in (VERSION, OLD_VERSION):
        raise PolicyError(_SYNTAX)
    given = document["Statement"]
    statements = given if isinstance(given, list) else [given]
    return Policy(tuple(_statement(statement, version == VERSION) for statement in statements), version)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _statement(given: Any, variables: bool) -> Statement:
    if not isinstance(given, Mapping) or not set(given) <= _ELEMENTS:
        raise PolicyError(_SYNTAX)
    if given.get("Effect") not in ("Allow", "Deny"):
        wrong_case = str(given.get("Effect")).lower() in ("allow", "deny")
        raise PolicyError("The policy failed legacy parsing" if wrong_case else _SYNTAX)
    action = _clause(given, "Action")
    if action is None or not action.values:
        raise PolicyError("Policy statement must contain actions.")
    principals = given.get("Principal", given.get("NotPrincipal"))
    return Statement(
        allows=given["Effect"] == "Allow",
        action=action,
        resource=_clause(given, "Resource"),
        principals=None if principals is None else _principals(principals),
        not_principals="NotPrincipal" in given,
        conditions=_conditions(given.get("Condition") or {}),
        sid=str(given.get("Sid", "")),
        variables=variables,
    )


def _clause(given: Mapping[str, Any], element: str) -> Clause | None:
    names = [name for name in (element, f"Not{element}") if name in given]
    if len(names) > 1:
        raise PolicyError(_SYNTAX)
    if not names:
        return None
    return Clause(_strings(given[names[0]]), negated=names[0] != element)


def _strings(value: Any) -> tuple[str, ...]:
    """One string or a list of strings; numbers and booleans become their JSON text."""
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, (Mapping, list)) or item is None for item in items):
        raise PolicyError(_SYNTAX)
    return tuple(item if isinstance(item, str) else json.dumps(item) for item in items)


def _principals(value: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(value, str):
        if value != "*":
            raise PolicyError(_SYNTAX)
        return (("*", "*"),)
    if not isinstance(value, Mapping):
        raise PolicyError(_SYNTAX)
    return tuple((kind, principal) for kind, values in value.items() for principal in _strings(values))


def _conditions(value: Any) -> tuple[Condition, ...]:
    if not isinstance(value, Mapping) or not all(isinstance(keys, Mapping) for keys in value.values()):
        raise PolicyError(_SYNTAX)
    return tuple(
        Condition(operator, key.lower(), _strings(values))
        for operator, keys in value.items()
        for key, values in keys.items()
    )
