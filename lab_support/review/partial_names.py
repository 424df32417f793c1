"""Names in policies that are shortened so far that they no longer say whose resource is meant, such as `stream/e*`.

    with_whole_names(plan, policy)      # `stream/e*` as `stream/*`

A pattern counts as a name of its own from three letters or digits, and from half of the first word of the resource that
it is about: `events-*` is about one system, `e*` and `ev*` are about every system whose names begin so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from lab_support.iam.policy import Policy, Statement
from lab_support.plan.plan import Plan

_FEWEST_LETTERS: Final = 3
_TYPE: Final = re.compile(r"[a-z-]+[/:]")  # `stream/`, `function:`; some services have none
_WORD: Final = re.compile(r"[A-Za-z0-9]+")


def with_whole_names(plan: Plan, policy: Policy) -> Policy:
    """The policy with `*` for each name in an Allow statement that is too short to mean one system's resources."""
    whole = _whole_names(plan, policy)
    if not whole:
        return policy
    return replace(policy, statements=tuple(_widened(statement, whole) for statement in policy.statements))


def partial_names(plan: Plan, policy: Policy) -> tuple[str, ...]:
    """The resources of Allow statements whose names are too short, as they are written."""
    return tuple(_whole_names(plan, policy))


def _whole_names(plan: Plan, policy: Policy) -> dict[str, str]:
    """The resources whose names are too short, with what they mean."""
    values = [value for statement in policy.statements for value in _allowed_on(statement) if value != "*"]
    if not any("*" in value or "?" in value for value in values):
        return {}
    names = _names(plan)
    return {value: whole for value in values if (whole := _whole(value, names)) != value}


def _allowed_on(statement: Statement) -> tuple[str, ...]:
    resource = statement.resource
    return resource.values if statement.allows and resource is not None and not resource.negated else ()


def _widened(statement: Statement, whole: Mapping[str, str]) -> Statement:
    if statement.resource is None or not _allowed_on(statement):
        return statement
    values = tuple(whole.get(value, value) for value in statement.resource.values)
    return replace(statement, resource=replace(statement.resource, values=values))


def _names(plan: Plan) -> frozenset[tuple[str, str, str]]:
    """The service, type and name of each ARN in the plan."""
    arns = (resource.get("arn") for resource in plan if resource.is_custom)
    return frozenset(_parts(arn)[1:] for arn in arns if isinstance(arn, str) and arn.count(":") >= 5)


def _parts(arn: str) -> tuple[str, str, str, str]:
    """An ARN in four parts: up to its type, its service, its type with the separator, and its name."""
    head, rest = arn[: -len(arn.split(":", 5)[5]) or None], arn.split(":", 5)[5]
    found = _TYPE.match(rest)
    type_ = found.group() if found else ""
    return head, arn.split(":")[2], type_, rest[len(type_) :]


@lru_cache(maxsize=4096)
def _whole(arn: str, names: frozenset[tuple[str, str, str]]) -> str:
    """The ARN of a policy, with `*` for its name if that is too short; otherwise as it is."""
    if arn.count(":") < 5 or "${" in arn:
        return arn
    head, service, type_, name = _parts(arn)
    first, slash, below = name.partition("/")
    is_pattern = first != "*" and ("*" in first or "?" in first)
    letters = sum(letter.isalnum() for letter in name)
    if not is_pattern or not (letters < _FEWEST_LETTERS or _is_cut(service, type_, first, names)):
        return arn
    # What follows a bucket, as in `e*/*`, belongs to another kind of resource and stays.
    return f"{head}{type_}*{slash}{below}"


def _is_cut(service: str, type_: str, name: str, names: frozenset[tuple[str, str, str]]) -> bool:
    """Whether a name breaks off in the first half of the first word of a name in the plan."""
    start = name.removesuffix("*")
    own = [
        text
        for kind, of_type, text in names
        if (kind, of_type) == (service, type_) and text.startswith(start)
    ]
    words = [word.group() for text in own if (word := _WORD.match(text))]
    return _WORD.fullmatch(start) is not None and any(len(start) * 2 < len(word) for word in words)
