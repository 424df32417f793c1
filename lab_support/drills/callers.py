"""Calls from outside an account, whose names are made so that a policy's conditions fit them.

    for context in calls_of(statements, "210987654321"):
        ...

An account names its principals and resources as it likes: `arn:aws:iam::*:role/deploy` fits a role of any account. Only
the account's number is not its choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import Final

from lab_support.iam.conditions import Context, substitute
from lab_support.iam.matching import common_text
from lab_support.iam.policy import Statement

# Keys that a call by a principal never has: AWS sets them when a service calls for someone.
_OF_SERVICES: Final = (
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorg",
    "aws:principalservicename",
)
_ACCOUNTS: Final = (
    "aws:principalaccount",
    "kms:calleraccount",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:principalarn",
    "aws:sourcearn",
)
_ID: Final = "AROASTRANGER"
_LENGTH: Final = 12  # digits of an account's number


def numbers_to_fit(statements: Sequence[Statement], own: str) -> tuple[str, ...]:
    """Numbers of accounts, other than our own, that a policy's patterns with wildcards for them fit."""
    values = chain.from_iterable(_values(statements, key) for key in _ACCOUNTS)
    return tuple(dict.fromkeys(filter(None, (_number(value, own) for value in values))))


def calls_of(statements: Sequence[Statement], account: str, partition: str = "aws") -> Iterator[Context]:
    """What is known of calls by principals of another account, which belongs to no organisation of ours."""
    values = _of_account(account)
    root = f"arn:{partition}:iam::{account}"
    names = [
        f"{root}:role/someone",
        f"{root}:user/someone",
        *_fitting(
            statements, "aws:principalarn", [f"{root}:role/?*", f"{root}:user/?*", f"{root}:root"], values
        ),
    ]
    # AWS makes the id of a role, and the caller chooses the name of the session.
    ids = [f"{_ID}:someone", *_fitting(statements, "aws:userid", [f"{_ID}:?*"], values)]
    for name, id in product(dict.fromkeys(names), dict.fromkeys(ids)):
        call = {**values, "aws:principalarn": (name,), "aws:userid": (id,)}
        yield Context(call, unknown=True, never=_OF_SERVICES)


def calls_of_services(
    statements: Sequence[Statement], account: str, partition: str = "aws"
) -> Iterator[Context]:
    """What is known of calls by some AWS service for another account."""
    values = {
        **_of_account(account),
        "aws:principalarn": (f"arn:{partition}:iam::{account}:role/someone",),
        "aws:sourceaccount": (account,),
        "aws:sourceowner": (account,),
        "aws:sourceorgid": ("o-stranger",),
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": ("any.amazonaws.com",),
    }
    places = {_service_and_region(value) for value in _values(statements, "aws:sourcearn")}
    forms = [f"arn:{partition}:{service}:{region}:{account}:?*" for service, region in sorted(places)]
    names = [
        f"arn:{partition}:any:us-east-1:{account}:any",
        *_fitting(statements, "aws:sourcearn", forms, values),
    ]
    for name in dict.fromkeys(names):
        yield Context({**values, "aws:sourcearn": (name,)}, unknown=True)


def _of_account(account: str) -> dict[str, tuple[str, ...]]:
    return {
        "aws:principalaccount": (account,),
        "kms:calleraccount": (account,),
        "aws:principalorgid": ("o-stranger",),
        "aws:principalisawsservice": ("false",),
        "aws:userid": (f"{_ID}:someone",),
    }


def _values(statements: Sequence[Statement], key: str) -> Iterator[str]:
    for statement in statements:
        yield from (value for test in statement.conditions if test.key == key for value in test.values)


def _fitting(
    statements: Sequence[Statement], key: str, forms: Sequence[str], known: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    """Names of these forms that the policy's patterns for a key fit."""
    context = Context(known, unknown=True)
    patterns = (substitute(value, context) for value in _values(statements, key))
    for pattern, form in product(filter(None, patterns), forms):
        yield from filter(None, (_common_arn(pattern, form), common_text(pattern, form)))


def _service_and_region(pattern: str) -> tuple[str, str]:
    """Where a pattern for ARNs has no wildcard, its own; else any."""
    parts = [*pattern.split(":"), "*", "*", "*", "*"][2:4]
    service, region = ("" if "*" in part or "?" in part else part for part in parts)
    return service or "any", region or "us-east-1"


def _common_arn(left: str, right: str) -> str | None:
    """An ARN that both patterns fit, part by part, as the operators for ARNs compare."""
    parts = list(zip(left.split(":", 5), right.split(":", 5), strict=False))
    common = [common_text(*pair) for pair in parts]
    return None if len(parts) < 6 or None in common else ":".join(part or "" for part in common)


def _number(pattern: str, own: str) -> str | None:
    """An account's number, other than our own, that fits a pattern with a wildcard: of a number, or in an ARN."""
    part = pattern.split(":")[4] if pattern.count(":") >= 5 else pattern
    start, star, end = part.partition("*")
    if not ("?" in part or star) or not f"{start}{end}".replace("?", "0").isdigit():
        return None
    for digit in "01":
        number = f"{start}{digit * (_LENGTH - len(start) - len(end)) if star else ''}{end}".replace(
            "?", digit
        )
        if len(number) == _LENGTH and number.isdigit() and number != own:
            return number
    return None
