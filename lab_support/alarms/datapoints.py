"""The values that an alarm compares: metric data, aggregated to one value per period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab_support.alarms.definitions import MetricAlarm, MetricQuery
from lab_support.alarms.evaluation import EXTRA_POINTS
from lab_support.alarms.expressions import Scope, one_series
from lab_support.alarms.math_values import CannotEvaluate, Series, Value
from lab_support.alarms.metrics import Metric, Reading
from lab_support.alarms.statistics import aggregate, percentile_of


@dataclass(frozen=True)
class MetricData:
    """The metrics of an incident: `readings` has those with datapoints, `absent` those known to have none.

    An alarm that watches none of them is not affected and stays OK.
    """

    readings: Mapping[Metric, Reading]
    absent: frozenset[Metric] = frozenset()

    def concerns(self, alarm: MetricAlarm) -> bool:
        """Whether the alarm watches a metric that has datapoints."""
        return any(self.read_by(query, alarm.region) for query in alarm.queries)

    def read_by(self, query: MetricQuery, region: str) -> list[Reading]:
        """The readings that one query of an alarm uses."""
        if query.insights is not None:
            return [r for metric, r in self.readings.items() if query.insights.finds(metric, region)]
        reading = self.readings.get(query.metric) if query.metric is not None else None
        return [reading] if reading is not None else []


class Datapoints:
    """The values that an alarm compares, computed from metric data: one per period, the oldest first."""

    def __init__(self, alarm: MetricAlarm, data: MetricData) -> None:
        self.alarm = alarm
        self.data = data
        self.length = alarm.evaluation_periods + EXTRA_POINTS
        self._queries = {query.id: query for query in alarm.queries}
        self._metrics = tuple(name for name, query in self._queries.items() if query.metric is not None)
        # For each query that is no expression, its values by the first minute of their period.
        self._read: dict[str, dict[int, float | None]] = {
            name: {} for name, query in self._queries.items() if query.expression is None
        }
        self._calm: Series | None = None

    @property
    def too_few(self) -> bool:
        """Whether there are too few samples for a percentile, and the alarm is set to ignore it then."""
        if not self.alarm.ignores_few_samples:
            return False
        shares = [percentile_of(query.statistic) for query in self.alarm.queries]
        samples = self.alarm.evaluation_periods * self.alarm.period
        return any(
            samples < 10 / (1 - share if share >= 0.5 else share) for share in shares if share and share < 1
        )

    def until(self, end: int) -> Series:
        """The values of the evaluation range that ends at a minute. Raises CannotEvaluate."""
        if end <= 0 and self._calm is not None:
            return self._calm
        values = self._computed(end)
        if end <= 0:
            self._calm = values
        return values

    def _computed(self, end: int) -> Series:
        known: dict[str, Value] = {name: self._series(name, end) for name in self._read}
        scope = Scope(known, self._metrics, self.alarm.period * 60, self.length)
        waiting = [query for query in self.alarm.queries if query.expression is not None]
        while waiting:  # an expression may refer to a later one
            left: list[MetricQuery] = []
            reason = CannotEvaluate("its expressions refer to each other in a circle")
            for query in waiting:
                assert query.expression is not None
                try:
                    known[query.id] = query.expression(scope)
                except CannotEvaluate as missing:
                    reason = missing
                    left.append(query)
            if len(left) == len(waiting):
                raise reason
            waiting = left
        return one_series(next(known[query.id] for query in self.alarm.queries if query.returns))

    def _series(self, name: str, end: int) -> Series:
        """The values of a query that is no expression: one per period, up to a minute."""
        period = self.alarm.period
        values = self._read[name]
        # Before the incident, all periods are alike.
        begins = [max(begin, -period) for begin in range(end - self.length * period, end, period)]
        for begin in begins:
            if begin not in values:
                values[begin] = self._point(self._queries[name], begin)
        return tuple([values[begin] for begin in begins])

    def _point(self, query: MetricQuery, begin: int) -> float | None:
        """The statistic over the period that begins at a minute."""
        found = [r for r in self.data.read_by(query, self.alarm.region) if query.unit in (None, "", r.unit)]
        minutes = range(begin, begin + self.alarm.period)
        return self._summary(query, [[reading.minutes(minute) for minute in minutes] for reading in found])

    def _summary(self, query: MetricQuery, points: list[list[float | None]]) -> float | None:
        """One value from the datapoints of all metrics: over all of them, or for a grouped query that of the worst."""
        if query.insights is None or not query.insights.grouped:
            return aggregate([point for series in points for point in series], query.statistic)
        by_metric = [aggregate(series, query.statistic) for series in points]
        worst = min if self.alarm.comparison.startswith("Less") else max
        return worst((value for value in by_metric if value is not None), default=None)
