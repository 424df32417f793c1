"""Tests the conditions of a statement against a request context.

    context = Context({"aws:securetransport": ("true",)})
    holds(statement.conditions, context)        # True, False, or None: it depends on an unknown key

A key is present with its values, absent, or unknown. Operators: IAM User Guide, "IAM JSON policy elements: Condition
operators" and "Conditions with multiple context keys or values".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from lab_support.iam.matching import literal, matches
from lab_support.iam.policy import Condition

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True)
class Context:
    """What is known about a request: `values` by key, in lower case; all other keys are absent.

    With `unknown`, other keys may be present or not, except those in `absent` and those that start with a prefix in
    `never`.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: bool = False
    never: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()

    def knows(self, key: str) -> bool:
        """Whether the key is known to be present or to be absent."""
        if not self.unknown or key in self.values or key in self.absent:
            return True
        return bool(self.never) and key.startswith(self.never)


def substitute(text: str, context: Context) -> str | None:
    """The text with its policy variables substituted; None if one is absent, because then nothing matches.

    A variable whose key is unknown becomes `*`: it may have any value.
    """
    absent = False

    def value(found: re.Match[str]) -> str:
        nonlocal absent
        name, _, default = found[1].partition(",")
        if name in ("*", "?", "$"):
            return literal(name)
        key = name.strip().lower()
        values = context.values.get(key)
        if values:
            return literal(values[0])
        if default.strip():
            return literal(default.strip().strip("'"))
        if context.knows(key):
            absent = True
        return "*"

    replaced = _VARIABLE.sub(value, text) if "${" in text else text
    return None if absent else replaced


def holds(conditions: Iterable[Condition], context: Context, variables: bool = True) -> bool | None:
    """Whether all conditions are met; None if that depends on an unknown key. `variables`: substitute `${…}`."""
    result: bool | None = True
    for condition in conditions:
        met = _is_met(condition, context, variables)
        if met is False:
            return False
        if met is None:
            result = None
    return result


def _is_met(condition: Condition, context: Context, variables: bool) -> bool | None:
    quantifier, _, rest = condition.operator.rpartition(":")
    operator = rest.lower()
    if_exists = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    if not context.knows(condition.key):
        return None
    present = context.values.get(condition.key)
    if operator == "null":
        return any((value.lower() == "true") == (present is None) for value in condition.values)
    compare, negated = _OPERATORS.get(operator, (_never, False))
    if present is None:
        if if_exists or quantifier.lower() == "forallvalues":
            return True
        return negated and quantifier.lower() != "foranyvalue"
    wanted = [substitute(value, context) if variables else value for value in condition.values]

    def accepted(value: str) -> bool:
        return any(pattern is not None and compare(pattern, value) for pattern in wanted) != negated

    if quantifier.lower() == "forallvalues":
        return all(accepted(value) for value in present)
    return any(accepted(value) for value in present)


def is_operator(name: str) -> bool:
    """Whether IAM has this operator, as written in a statement (`ForAnyValue:StringLikeIfExists`)."""
    quantifier, _, rest = name.rpartition(":")
    operator = rest.lower().removesuffix("ifexists")
    known = operator in _OPERATORS or operator == "null"
    return known and quantifier.lower() in ("", "forallvalues", "foranyvalue")


def _plain(pattern: str) -> str:
    """A wanted value for an operator without wildcards."""
    return pattern.replace(literal("*"), "*").replace(literal("?"), "?")


def _arn_like(wanted: str, value: str) -> bool:
    """ARNs are compared segment by segment; each of the six may contain wildcards."""
    left, right = wanted.split(":", 5), value.split(":", 5)
    return len(left) == len(right) == 6 and all(map(matches, left, right))


def _numbers(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def test(wanted: str, value: str) -> bool:
        try:
            return compare(float(value), float(_plain(wanted)))
        except ValueError:
            return False

    return test


def _moment(text: str) -> datetime:
    """A date in ISO 8601 format, or in seconds since 1970."""
    if re.fullmatch(r"\d+(\.\d+)?", text) and len(text) > 4:
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _dates(compare: Callable[[datetime, datetime], bool]) -> Callable[[str, str], bool]:
    def test(wanted: str, value: str) -> bool:
        try:
            return compare(_moment(value), _moment(_plain(wanted)))
        except ValueError:
            return False

    return test


def _in_network(wanted: str, value: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(_plain(wanted), strict=False)
    except ValueError:
        return False


def _never(wanted: str, value: str) -> bool:
    return False


def _equal(wanted: str, value: str) -> bool:
    return _plain(wanted) == value


def _equal_in_any_case(wanted: str, value: str) -> bool:
    return _plain(wanted).lower() == value.lower()


# By name in lower case: how a wanted value is compared with the request's, and whether the result is negated.
_OPERATORS: Final[Mapping[str, tuple[Callable[[str, str], bool], bool]]] = {
    "stringequals": (_equal, False),
    "stringnotequals": (_equal, True),
    "stringequalsignorecase": (_equal_in_any_case, False),
    "stringnotequalsignorecase": (_equal_in_any_case, True),
    "stringlike": (matches, False),
    "stringnotlike": (matches, True),
    "arnequals": (_arn_like, False),
    "arnlike": (_arn_like, False),
    "arnnotequals": (_arn_like, True),
    "arnnotlike": (_arn_like, True),
    "bool": (_equal_in_any_case, False),
    "binaryequals": (_equal, False),
    "ipaddress": (_in_network, False),
    "notipaddress": (_in_network, True),
    "numericequals": (_numbers(lambda value, wanted: value == wanted), False),
    "numericnotequals": (_numbers(lambda value, wanted: value == wanted), True),
    "numericlessthan": (_numbers(lambda value, wanted: value < wanted), False),
    "numericlessthanequals": (_numbers(lambda value, wanted: value <= wanted), False),
    "numericgreaterthan": (_numbers(lambda value, wanted: value > wanted), False),
    "numericgreaterthanequals": (_numbers(lambda value, wanted: value >= wanted), False),
    "dateequals": (_dates(lambda value, wanted: value == wanted), False),
    "datenotequals": (_dates(lambda value, wanted: value == wanted), True),
    "datelessthan": (_dates(lambda value, wanted: value < wanted), False),
    "datelessthanequals": (_dates(lambda value, wanted: value <= wanted), False),
    "dategreaterthan": (_dates(lambda value, wanted: value > wanted), False),
    "dategreaterthanequals": (_dates(lambda value, wanted: value >= wanted), False),
}
