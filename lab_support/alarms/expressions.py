"""Metric math: parses the expression of a metric query and computes it over datapoints.

CloudWatch User Guide, "Using math expressions with CloudWatch metrics": using-metric-math.html. An expression that the
lab cannot compute (anomaly detection, functions of the time of day) raises CannotEvaluate with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.alarms.math_functions import call
from lab_support.alarms.math_values import OPERATORS, Array, CannotEvaluate, Series, Value, combine, mapped

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^<>()\[\],]))"
)
_WORDS: Final = {"AND": "&&", "OR": "||"}
# Binary operators, by increasing precedence.
_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<=", ">=", "<", ">"), ("+", "-"), ("*", "/"))


@dataclass(frozen=True)
class Scope:
    """The names in scope: values by id, which of them are metrics, the period in seconds and the number of points."""

    values: Mapping[str, Value]
    metrics: tuple[str, ...]
    period: int
    length: int


Expression = Callable[[Scope], Value]


def parse(text: str) -> Expression:
    """A function that computes the expression in a scope. Raises CannotEvaluate if the text is not metric math."""
    parser = _Parser(_tokens(text))
    expression = parser.binary(0)
    if parser.here is not None:
        raise CannotEvaluate(f"{text!r} is not metric math: unexpected {parser.here[1]!r}")
    return expression


def one_series(value: Value) -> Series:
    """The single series that an alarm can watch. Raises CannotEvaluate for anything else."""
    if isinstance(value, Array) and len(value) == 1:
        return value[0]
    if isinstance(value, (Array, float, str)):
        raise CannotEvaluate("an alarm's expression must result in one time series")
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise CannotEvaluate(f"{text!r} is not metric math: {text[at:].strip()[:12]!r} cannot be parsed")
        kind = str(match.lastgroup)
        word = match.group(kind)
        found.append(("sign", _WORDS[word]) if kind == "name" and word in _WORDS else (kind, word))
        at = match.end()
    return found


class _Parser:
    """A recursive-descent parser: binary operators by precedence, then signs and powers, then operands."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def here(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *signs: str) -> str:
        """Consumes the next sign if it is one of these, and returns it; else returns an empty string."""
        if self.here is not None and self.here[0] == "sign" and self.here[1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise CannotEvaluate(f"{sign!r} is missing in the expression")

    def binary(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self.signed()
        left = self.binary(level + 1)
        while sign := self.take(*_LEVELS[level]):
            left = _binary(sign, left, self.binary(level + 1))
        return left

    def signed(self) -> Expression:
        if self.take("-"):
            inner = self.signed()
            return lambda scope: mapped(inner(scope), lambda x: -x)
        base = self.operand()
        return _binary("^", base, self.signed()) if self.take("^") else base

    def operand(self) -> Expression:
        if self.take("("):
            inner = self.binary(0)
            self.expect(")")
            return inner
        if self.take("["):
            return _array(self.arguments("]"))
        if self.here is None or self.here[0] == "sign":
            raise CannotEvaluate(
                "the expression ends too early" if self.here is None else f"{self.here[1]!r} is misplaced"
            )
        kind, word = self.here
        self.at += 1
        if kind == "number":
            return lambda scope: float(word)
        if kind == "text":
            return lambda scope: word[1:-1]
        return _call(word, self.arguments(")")) if self.take("(") else _name(word)

    def arguments(self, end: str) -> list[Expression]:
        """Comma-separated expressions, up to the closing sign."""
        expressions: list[Expression] = []
        while not self.take(end):
            if expressions:
                self.expect(",")
            expressions.append(self.binary(0))
        return expressions


def _binary(sign: str, left: Expression, right: Expression) -> Expression:
    return lambda scope: combine(left(scope), right(scope), OPERATORS[sign])


def _array(expressions: list[Expression]) -> Expression:
    def build(scope: Scope) -> Value:
        series: list[Series] = []
        for expression in expressions:
            value = expression(scope)
            series += value if isinstance(value, Array) else [one_series(value)]
        return Array(series)

    return build


def _name(word: str) -> Expression:
    def look_up(scope: Scope) -> Value:
        if word in scope.values:
            return scope.values[word]
        if word.isupper():  # REPEAT, LINEAR, ASC, DESC: keywords that functions take
            return word
        raise CannotEvaluate(f"the expression refers to {word!r}, but no query has this id")

    return look_up


def _call(function: str, arguments: list[Expression]) -> Expression:
    def metrics(scope: Scope) -> Value:
        part = str(arguments[0](scope)) if arguments else ""
        return Array([one_series(scope.values[name]) for name in scope.metrics if part in name])

    special: dict[str, Expression] = {
        "METRICS": metrics,
        "PERIOD": lambda scope: float(scope.period),
        "TIME_SERIES": lambda scope: tuple([_scalar(arguments[0](scope))] * scope.length),
    }
    if function in special:
        return special[function]
    return lambda scope: call(function, [argument(scope) for argument in arguments], scope.period)


def _scalar(value: Any) -> float:
    if not isinstance(value, float):
        raise CannotEvaluate("TIME_SERIES takes a number")
    return value
