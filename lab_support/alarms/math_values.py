"""The values of metric math (numbers, time series and arrays of them) and its operators.

CloudWatch User Guide, "Metric math syntax and functions": using-metric-math.html#metric-math-syntax.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Series = tuple[float | None, ...]


class Array(list[Series]):
    """An array of time series."""


Value = float | str | Series | Array


class CannotEvaluate(Exception):
    """The lab cannot compute what CloudWatch would; the message says why."""


def _divide(left: float, right: float) -> float | None:
    return left / right if right else None  # CloudWatch drops the datapoint


def _power(left: float, right: float) -> float | None:
    try:
        result = left**right
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, float) else None


Operator = Callable[[float, float], float | None]
OPERATORS: Final[dict[str, Operator]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "^": _power,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<=": lambda a, b: float(a <= b),
    ">=": lambda a, b: float(a >= b),
    "<": lambda a, b: float(a < b),
    ">": lambda a, b: float(a > b),
    "&&": lambda a, b: float(bool(a) and bool(b)),
    "||": lambda a, b: float(bool(a) or bool(b)),
}


def combine(left: Value, right: Value, operator: Operator) -> Value:
    """Applies an operator point by point. If only one of two series has a value, the other counts as 0."""
    if isinstance(left, str) or isinstance(right, str):
        raise CannotEvaluate("a string is no operand")
    if isinstance(left, Array) and isinstance(right, Array):
        if len(left) != len(right):
            raise CannotEvaluate("two arrays of different lengths cannot be combined")
        return Array([_pairs(a, b, operator) for a, b in zip(left, right, strict=True)])
    if isinstance(left, Array):
        return Array([series_in(combine(series, right, operator)) for series in left])
    if isinstance(right, Array):
        return Array([series_in(combine(left, series, operator)) for series in right])
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _pairs(left, right, operator)
    if isinstance(left, tuple):
        return tuple(None if a is None else operator(a, number_in(right)) for a in left)
    if isinstance(right, tuple):
        return tuple(None if b is None else operator(left, b) for b in right)
    result = operator(left, right)
    if result is None:
        raise CannotEvaluate("it divides by zero")
    return result


def _pairs(left: Series, right: Series, operator: Operator) -> Series:
    return tuple(
        None if a is None and b is None else operator(a or 0.0, b or 0.0)
        for a, b in zip(left, right, strict=True)
    )


def mapped(value: Value, function: Callable[[float], float]) -> Value:
    """Applies a function of one number to each point."""
    if isinstance(value, Array):
        return Array([series_in(mapped(series, function)) for series in value])
    if isinstance(value, tuple):
        return tuple(None if point is None else function(point) for point in value)
    return function(number_in(value))


def series_in(value: Value) -> Series:
    """The value as a time series. Raises CannotEvaluate if it is none."""
    if not isinstance(value, tuple):
        raise CannotEvaluate("a time series is required")
    return value


def number_in(value: Value) -> float:
    """The value as a number. Raises CannotEvaluate if it is none."""
    if not isinstance(value, float):
        raise CannotEvaluate("a number is required")
    return value
