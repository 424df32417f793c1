"""What an alarm watches: a metric is a namespace, a name and a set of dimensions, and has a datapoint a minute.

CloudWatch treats every combination of dimensions as a metric of its own and never adds them up (CloudWatch User
Guide, "Metrics concepts": cloudwatch_concepts.html#Dimension), so a dimension too many or too few is another metric.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# One value for each minute of a clock; None where there is no datapoint.
Minutes = Callable[[int], float | None]


@dataclass(frozen=True)
class Metric:
    """One metric of one region. `dimensions` are exactly those under which it is published."""

    region: str
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, region: str, namespace: Any, name: Any, dimensions: Any) -> Metric:
        """A metric from what a program writes; dimensions that nobody can know yet match nothing."""
        pairs = dimensions if isinstance(dimensions, Mapping) else {}
        return cls(region, str(namespace), str(name), frozenset((str(k), str(v)) for k, v in pairs.items()))

    def __str__(self) -> str:
        pairs = ", ".join(f"{name}={value}" for name, value in sorted(self.dimensions))
        return f"{self.namespace} {self.name} ({pairs or 'no dimensions'})"


@dataclass(frozen=True)
class Reading:
    """A metric's datapoints and the unit that they are published with."""

    minutes: Minutes
    unit: str = "Percent"


def steady(value: float) -> Minutes:
    """Datapoints that never change."""
    return lambda minute: value
