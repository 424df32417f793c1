"""The functions of metric math: over the points of a series, or over the series of an array.

CloudWatch User Guide, "Functions supported for metric math": using-metric-math.html#metric-math-syntax-functions-list.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any, Final

from lab_support.alarms.math_values import Array, CannotEvaluate, Series, Value, mapped, number_in, series_in


def call(function: str, arguments: Sequence[Value], period: int) -> Value:
    """Calls a function by name. Raises CannotEvaluate if the lab does not have it or cannot predict its result."""
    if function in _REASONS:
        raise CannotEvaluate(_REASONS[function])
    known = _FUNCTIONS.get(function)
    if known is None:
        raise CannotEvaluate(f"the lab has no function {function}")
    try:
        result: Value = known(period, *arguments)
    except TypeError:
        raise CannotEvaluate(f"{function} has the wrong arguments") from None
    return result


def _over(compute: Callable[[list[float]], float]) -> Callable[..., Value]:
    """Functions like MAX: one number from a series, a series from an array."""

    def reduce(period: int, value: Value) -> Value:
        if isinstance(value, Array):
            return tuple(
                _reduced([p for p in points if p is not None]) for points in zip(*value, strict=True)
            )
        result = _reduced([p for p in series_in(value) if p is not None])
        if result is None:
            raise CannotEvaluate("the series has no datapoints")
        return result

    def _reduced(points: list[float]) -> float | None:
        return compute(points) if points else None

    return reduce


def _pointwise(compute: Callable[[float], float]) -> Callable[..., Value]:
    return lambda period, value: mapped(value, compute)


def _along(compute: Callable[[Series, int], Series]) -> Callable[..., Value]:
    """Functions like DIFF: each point is computed from those before it."""

    def apply(period: int, value: Value) -> Value:
        if isinstance(value, Array):
            return Array([compute(series, period) for series in value])
        return compute(series_in(value), period)

    return apply


def _differences(per_second: bool) -> Callable[[Series, int], Series]:
    def compute(series: Series, period: int) -> Series:
        result: list[float | None] = []
        before: tuple[int, float] | None = None
        for n, point in enumerate(series):
            change = None
            if point is not None:
                if before is not None:
                    change = (point - before[1]) / ((n - before[0]) * period if per_second else 1)
                before = (n, point)
            result.append(change)
        return tuple(result)

    return compute


def _running_sum(series: Series, period: int) -> Series:
    total, result = 0.0, []
    for point in series:
        total += point or 0.0
        result.append(total)
    return tuple(result)


def _fill(period: int, value: Value, filler: Value) -> Value:
    if isinstance(value, Array):
        return Array([series_in(_fill(period, series, filler)) for series in value])
    series = series_in(value)
    if isinstance(filler, tuple):
        return tuple(f if p is None else p for p, f in zip(series, filler, strict=True))
    if filler == "REPEAT":
        last: float | None = None
        return tuple(last := p if p is not None else last for p in series)
    if filler == "LINEAR":
        raise CannotEvaluate("the lab does not compute FILL(…, LINEAR)")
    return tuple(number_in(filler) if p is None else p for p in series)


def _if(period: int, condition: Value, yes: Value, no: Value | None = None) -> Value:
    if isinstance(condition, Array) or isinstance(yes, Array) or isinstance(no, Array):
        raise CannotEvaluate("IF takes no arrays")
    if isinstance(condition, float):
        chosen = yes if condition else no
        if chosen is None:
            raise CannotEvaluate("IF has no value for a false condition")
        return chosen

    def pick(value: Value | None, n: int, absent: float | None) -> float | None:
        if isinstance(value, tuple):
            return absent if value[n] is None else value[n]
        return None if value is None else number_in(value)

    return tuple(
        None if c is None else pick(yes, n, 0.0) if c else pick(no, n, None)
        for n, c in enumerate(series_in(condition))
    )


def _average(period: int, value: Value) -> Value:
    """AVG; over an array, missing values count as 0."""
    if isinstance(value, Array):
        return tuple(
            statistics.fmean(p or 0.0 for p in points) if any(p is not None for p in points) else None
            for points in zip(*value, strict=True)
        )
    return _over(statistics.fmean)(period, value)


def _count(period: int, value: Value) -> Value:
    if isinstance(value, Array):
        return tuple(float(sum(p is not None for p in points)) for points in zip(*value, strict=True))
    return float(sum(point is not None for point in series_in(value)))


def _at(index: int) -> Callable[..., Value]:
    def pick(period: int, value: Value) -> Value:
        if not isinstance(value, Array) or not value:
            raise CannotEvaluate("FIRST and LAST take an array")
        return value[index]

    return pick


def _present(period: int, value: Value) -> Value:
    if not isinstance(value, Array):
        raise CannotEvaluate("REMOVE_EMPTY takes an array")
    return Array([series for series in value if any(point is not None for point in series)])


_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "ABS": _pointwise(abs),
    "AVG": _average,
    "CEIL": _pointwise(lambda x: float(math.ceil(x))),
    "DATAPOINT_COUNT": _count,
    "DIFF": _along(_differences(per_second=False)),
    "FILL": _fill,
    "FIRST": _at(0),
    "FLOOR": _pointwise(lambda x: float(math.floor(x))),
    "IF": _if,
    "LAST": _at(-1),
    "LOG": _pointwise(lambda x: math.log(x) if x > 0 else -math.inf),
    "LOG10": _pointwise(lambda x: math.log10(x) if x > 0 else -math.inf),
    "MAX": _over(max),
    "METRIC_COUNT": lambda period, value: float(len(value)),
    "MIN": _over(min),
    "RATE": _along(_differences(per_second=True)),
    "REMOVE_EMPTY": _present,
    "RUNNING_SUM": _along(_running_sum),
    "STDDEV": _over(statistics.pstdev),
    "SUM": _over(math.fsum),
}
_TIME_OF_DAY: Final = "it depends on the time of day, so it does not always work"
_REASONS: Final = {
    "ANOMALY_DETECTION_BAND": "the anomaly detection band is learned from two weeks of history, which do not exist yet",
    "SEARCH": "CloudWatch does not allow alarms on SEARCH",
    **dict.fromkeys(("MINUTE", "HOUR", "DAY", "DATE", "MONTH", "YEAR", "EPOCH"), _TIME_OF_DAY),
}
