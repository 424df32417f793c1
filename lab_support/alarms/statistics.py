"""CloudWatch's statistics: aggregate the datapoints of a period to the one value that an alarm compares.

CloudWatch User Guide, "CloudWatch statistics definitions": Statistics-definitions.html.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

Values = Sequence[float]

_SIMPLE: Final[dict[str, Callable[[Values], float]]] = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "SampleCount": lambda values: float(len(values)),
    "Sum": math.fsum,
}
# The short form, such as p95 or tm90, and the form with bounds, such as TM(10%:90%) or PR(:80).
_SHORT = re.compile(r"^(p|tm|wm|tc|ts)(\d{1,2}(?:\.\d+)?|100)$")
_BOUNDS = re.compile(r"^(TM|WM|PR|TC|TS)\((?:(\d+(?:\.\d+)?)(%?))?:(?:(\d+(?:\.\d+)?)(%?))?\)$")


class UnknownStatistic(ValueError):
    """CloudWatch has no such statistic."""


def aggregate(values: Sequence[float | None], statistic: str) -> float | None:
    """The statistic over the datapoints of a period, or None without datapoints. Raises UnknownStatistic."""
    present = sorted(value for value in values if value is not None)
    compute = _function(statistic)
    return compute(present) if present else None


def percentile_of(statistic: str) -> float | None:
    """The percentile of a statistic such as `p99`, between 0 and 1; None for other statistics."""
    match = _SHORT.match(statistic)
    return float(match.group(2)) / 100 if match and match.group(1) == "p" else None


def is_statistic(statistic: str) -> bool:
    """Whether CloudWatch has a statistic of this name."""
    try:
        _function(statistic)
    except UnknownStatistic:
        return False
    return True


def _function(statistic: str) -> Callable[[Values], float]:
    if statistic in _SIMPLE:
        return _SIMPLE[statistic]
    if statistic == "IQM":
        return lambda values: _over("TM", values, 0.25, 0.75)
    short, bounds = _SHORT.match(statistic), _BOUNDS.match(statistic)
    if short is not None:
        kind, share = short.group(1), float(short.group(2)) / 100
        if kind == "p":
            return lambda values: _percentile(values, share)
        return lambda values: _over(kind.upper(), values, 0.0, share)
    if bounds is not None and (bounds.group(2) or bounds.group(4)):
        return lambda values: _bounded(bounds, values)
    raise UnknownStatistic(f"{statistic!r} is not a statistic of CloudWatch")


def _bounded(bounds: re.Match[str], values: Values) -> float:
    kind, low, low_unit, high, high_unit = bounds.groups()
    if "%" in (low_unit, high_unit):
        return _over(kind, values, float(low or 0) / 100, float(high or 100) / 100)
    kept = [v for v in values if float(low or "-inf") < v <= float(high or "inf")]
    return _summary(kind, kept, values, float(low or values[0]), float(high or values[-1]))


def _over(kind: str, values: Values, low: float, high: float) -> float:
    """A statistic over the values between two percentiles."""
    first, last = _percentile(values, low), _percentile(values, high)
    kept = [value for value in values if first <= value <= last]
    return _summary(kind, kept, values, first, last)


def _summary(kind: str, kept: Values, values: Values, low: float, high: float) -> float:
    if kind == "WM":  # winsorized mean: values outside count as the bound
        return sum(min(max(value, low), high) for value in values) / len(values)
    if kind == "TC":
        return float(len(kept))
    if kind == "PR":
        return 100 * len(kept) / len(values)
    return math.fsum(kept) if kind == "TS" else math.fsum(kept) / max(len(kept), 1)


def _percentile(values: Values, share: float) -> float:
    """The smallest of the sorted values that this share of them does not exceed."""
    return values[max(math.ceil(share * len(values)), 1) - 1]
