"""CloudWatch metrics: a namespace, a name and a set of dimensions, with one datapoint per minute.

CloudWatch treats every combination of dimensions as a separate metric and never aggregates across them (CloudWatch User
Guide, "Metrics concepts": cloudwatch_concepts.html#Dimension), so one dimension too many or too few is another metric.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# The datapoint of a minute, or None if there is none.
Minutes = Callable[[int], float | None]


@dataclass(frozen=True)
class Metric:
    """One metric of one region, with exactly the dimensions under which it is published."""

    region: str
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, region: str, namespace: Any, name: Any, dimensions: Any) -> Metric:
        """A metric from a program's values; unknown dimensions match nothing."""
        pairs = dimensions if isinstance(dimensions, Mapping) else {}
        return cls(region, str(namespace), str(name), frozenset((str(k), str(v)) for k, v in pairs.items()))

    def __str__(self) -> str:
        pairs = ", ".join(f"{name}={value}" for name, value in sorted(self.dimensions))
        return f"{self.namespace} {self.name} ({pairs or 'no dimensions'})"


@dataclass(frozen=True)
class Reading:
    """A metric's datapoints and their unit."""

    minutes: Minutes
    unit: str = "Percent"


def steady(value: float) -> Minutes:
    """Constant datapoints."""
    return lambda minute: value
