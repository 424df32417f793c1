"""What metric math computes with: numbers, time series and arrays of them, and its operators.

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
    """The lab cannot tell what CloudWatch would compute; the text says why."""


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
    """An operator applied point by point. Where only one of two series has a value, the other counts as 0."""
    if isinstance(left, str) or isinstance(right, str):
        raise CannotEvaluate("text cannot be computed with")
    if isinstance(left, Array) and isinstance(right, Array):
        if len(left) != len(right):
            raise CannotEvaluate("two arrays of different length cannot be combined")
        return Array([_pairs(a, b, operator) for a, b in zip(left, right, strict=True)])
    if isinstance(left, Array):
        return Array([series_in(combine(each, right, operator)) for each in left])
    if isinstance(right, Array):
        return Array([series_in(combine(left, each, operator)) for each in right])
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
    """A function of one number applied to each point."""
    if isinstance(value, Array):
        return Array([series_in(mapped(each, function)) for each in value])
    if isinstance(value, tuple):
        return tuple(None if point is None else function(point) for point in value)
    return function(number_in(value))


def series_in(value: Value) -> Series:
    """The value, if it is a time series. Raises CannotEvaluate."""
    if not isinstance(value, tuple):
        raise CannotEvaluate("a time series is needed here")
    return value


def number_in(value: Value) -> float:
    """The value, if it is a number. Raises CannotEvaluate."""
    if not isinstance(value, float):
        raise CannotEvaluate("a number is needed here")
    return value
