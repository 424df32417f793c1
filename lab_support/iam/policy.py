"""A policy document as data: statements with their actions, resources, principals and conditions.

    policy = parse('{"Statement": {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}}')
    policy.statements[0].action.values            # ("kinesis:*",)

The grammar is the one of the IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

VERSION: Final = "2012-10-17"
_OLD_VERSION: Final = "2008-10-17"
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
    """A document that IAM would not take; the text is IAM's own."""


@dataclass(frozen=True)
class Clause:
    """The values of an element, or of its opposite (`NotAction`): then everything but these is meant."""

    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Test:
    """One line of a condition: an operator, the key that it looks at (lower case), and the values it accepts."""

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
    conditions: tuple[Test, ...] = ()
    sid: str = ""
    variables: bool = True


@dataclass(frozen=True)
class Policy:
    """A policy document. Policy variables such as `${aws:PrincipalAccount}` work from version 2012-10-17 on."""

    statements: tuple[Statement, ...]
    version: str = _OLD_VERSION


def parse(document: str | Mapping[str, Any]) -> Policy:
    """The policy in a JSON text or in the object that it stands for. Raises PolicyError with IAM's words."""
    return _parsed(document) if isinstance(document, str) else _policy(document)


# A check asks for the same few texts dozens of times.
@lru_cache(maxsize=256)
def _parsed(text: str) -> Policy:
    try:
        document = json.loads(text, object_pairs_hook=_each_key_once)
    except ValueError:
        raise PolicyError(_SYNTAX) from None
    return _policy(document)


def _policy(document: Any) -> Policy:
    if not isinstance(document, Mapping) or not set(document) <= _TOP or "Statement" not in document:
        raise PolicyError(_SYNTAX)
    version = document.get("Version", _OLD_VERSION)
    if version not in (VERSION, _OLD_VERSION):
        raise PolicyError(_SYNTAX)
    listed = document["Statement"]
    statements = listed if isinstance(listed, list) else [listed]
    return Policy(tuple(_statement(each, version == VERSION) for each in statements), version)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
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
    """One string or a list of them; numbers and booleans are taken as JSON writes them."""
    listed = value if isinstance(value, list) else [value]
    if any(isinstance(each, (Mapping, list)) or each is None for each in listed):
        raise PolicyError(_SYNTAX)
    return tuple(each if isinstance(each, str) else json.dumps(each) for each in listed)


def _principals(value: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(value, str):
        if value != "*":
            raise PolicyError(_SYNTAX)
        return (("*", "*"),)
    if not isinstance(value, Mapping):
        raise PolicyError(_SYNTAX)
    return tuple((kind, each) for kind, values in value.items() for each in _strings(values))


def _conditions(value: Any) -> tuple[Test, ...]:
    if not isinstance(value, Mapping) or not all(isinstance(keys, Mapping) for keys in value.values()):
        raise PolicyError(_SYNTAX)
    return tuple(
        Test(operator, key.lower(), _strings(values))
        for operator, keys in value.items()
        for key, values in keys.items()
    )
