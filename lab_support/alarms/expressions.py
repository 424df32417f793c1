"""Metric math: parses the expression of a metric query and computes it over the datapoints of its metrics.

CloudWatch User Guide, "Using math expressions with CloudWatch metrics": using-metric-math.html. What the lab cannot
compute (anomaly detection, functions of the time of day) raises CannotEvaluate with the reason; nothing is guessed.
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
# From the loosest to the tightest.
_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<=", ">=", "<", ">"), ("+", "-"), ("*", "/"))


@dataclass(frozen=True)
class Scope:
    """What an expression may name: series by id, which of them are metrics, their period, how many points."""

    values: Mapping[str, Value]
    metrics: tuple[str, ...]
    period: int
    length: int


Expression = Callable[[Scope], Value]


def parse(text: str) -> Expression:
    """A function that computes the expression in a scope. Raises CannotEvaluate for what is not metric math."""
    parser = _Parser(_tokens(text))
    node = parser.level(0)
    if parser.here is not None:
        raise CannotEvaluate(f"{text!r} is no metric math: {parser.here[1]!r} is not expected there")
    return node


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
            raise CannotEvaluate(f"{text!r} is no metric math: {text[at:].strip()[:12]!r} cannot be read")
        kind = str(match.lastgroup)
        word = match.group(kind)
        found.append(("sign", _WORDS[word]) if kind == "name" and word in _WORDS else (kind, word))
        at = match.end()
    return found


class _Parser:
    """Recursive descent: one method for a level of binding, one for each thing that stands alone."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def here(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, *signs: str) -> str:
        """The sign here, if it is one of these; the parser then stands behind it."""
        if self.here is not None and self.here[0] == "sign" and self.here[1] in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise CannotEvaluate(f"the expression lacks a {sign!r}")

    def level(self, depth: int) -> Expression:
        if depth == len(_LEVELS):
            return self.signed()
        left = self.level(depth + 1)
        while sign := self.take(*_LEVELS[depth]):
            left = _binary(sign, left, self.level(depth + 1))
        return left

    def signed(self) -> Expression:
        if self.take("-"):
            inner = self.signed()
            return lambda scope: mapped(inner(scope), lambda x: -x)
        base = self.single()
        return _binary("^", base, self.signed()) if self.take("^") else base

    def single(self) -> Expression:
        if self.take("("):
            inner = self.level(0)
            self.expect(")")
            return inner
        if self.take("["):
            return _array(self.listed("]"))
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
        return _call(word, self.listed(")")) if self.take("(") else _name(word)

    def listed(self, end: str) -> list[Expression]:
        """Expressions between commas, up to the closing sign."""
        nodes: list[Expression] = []
        while not self.take(end):
            if nodes:
                self.expect(",")
            nodes.append(self.level(0))
        return nodes


def _binary(sign: str, left: Expression, right: Expression) -> Expression:
    return lambda scope: combine(left(scope), right(scope), OPERATORS[sign])


def _array(nodes: list[Expression]) -> Expression:
    def build(scope: Scope) -> Value:
        series: list[Series] = []
        for node in nodes:
            value = node(scope)
            series += value if isinstance(value, Array) else [one_series(value)]
        return Array(series)

    return build


def _name(word: str) -> Expression:
    def look_up(scope: Scope) -> Value:
        if word in scope.values:
            return scope.values[word]
        if word.isupper():  # REPEAT, LINEAR, ASC, DESC: words that functions take as they are
            return word
        raise CannotEvaluate(f"the expression names {word!r}, and no query has this id")

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
    return lambda scope: call(function, [node(scope) for node in arguments], scope.period)


def _scalar(value: Any) -> float:
    if not isinstance(value, float):
        raise CannotEvaluate("TIME_SERIES takes a number")
    return value
