"""What an alarm compares: the metric data of an incident, summarised to one value per period."""

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
    """What the metrics do. `readings` has the metrics with datapoints; `absent` those known to have none.

    An alarm that reads neither has nothing to do with the incident: it stays OK.
    """

    readings: Mapping[Metric, Reading]
    absent: frozenset[Metric] = frozenset()

    def concerns(self, alarm: MetricAlarm) -> bool:
        """Whether the alarm reads one of the metrics that have datapoints."""
        return any(self.read_by(query, alarm.region) for query in alarm.queries)

    def read_by(self, query: MetricQuery, region: str) -> list[Reading]:
        """The readings behind one line of an alarm's calculation."""
        if query.insights is not None:
            return [r for metric, r in self.readings.items() if query.insights.finds(metric, region)]
        reading = self.readings.get(query.metric) if query.metric is not None else None
        return [reading] if reading is not None else []


class Datapoints:
    """What an alarm compares: one value a period, oldest first, computed from the metric data."""

    def __init__(self, alarm: MetricAlarm, data: MetricData) -> None:
        self.alarm = alarm
        self.data = data
        self.length = alarm.evaluation_periods + EXTRA_POINTS
        self._queries = {query.id: query for query in alarm.queries}
        self._metrics = tuple(name for name, query in self._queries.items() if query.metric is not None)
        # For each line that reads metrics, its values by the minute in which their period begins.
        self._read: dict[str, dict[int, float | None]] = {
            name: {} for name, query in self._queries.items() if query.expression is None
        }
        self._calm: Series | None = None

    @property
    def too_few(self) -> bool:
        """Whether the alarm waits for more samples than a percentile of its evaluation period has."""
        if not self.alarm.ignores_few_samples:
            return False
        shares = [percentile_of(query.statistic) for query in self.alarm.queries]
        samples = self.alarm.evaluation_periods * self.alarm.period
        return any(
            samples < 10 / (1 - share if share >= 0.5 else share) for share in shares if share and share < 1
        )

    def until(self, end: int) -> Series:
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
        while waiting:  # an expression may name another one, in whatever order they are written
            left: list[MetricQuery] = []
            reason = CannotEvaluate("its expressions name each other in a circle")
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
        """One value a period, up to a minute, of a line that reads metrics."""
        period = self.alarm.period
        values = self._read[name]
        # Before the incident, every period is like the last.
        begins = [max(begin, -period) for begin in range(end - self.length * period, end, period)]
        for begin in begins:
            if begin not in values:
                values[begin] = self._point(self._queries[name], begin)
        return tuple([values[begin] for begin in begins])

    def _point(self, query: MetricQuery, begin: int) -> float | None:
        """The statistic over the period that begins at this minute."""
        found = [r for r in self.data.read_by(query, self.alarm.region) if query.unit in (None, "", r.unit)]
        minutes = range(begin, begin + self.alarm.period)
        return self._summary(query, [[reading.minutes(minute) for minute in minutes] for reading in found])

    def _summary(self, query: MetricQuery, points: list[list[float | None]]) -> float | None:
        """One number from the datapoints of each metric: over all of them, or of the worst where they are grouped."""
        if query.insights is None or not query.insights.grouped:
            return aggregate([point for each in points for point in each], query.statistic)
        each_alone = [aggregate(each, query.statistic) for each in points]
        worst = min if self.alarm.comparison.startswith("Less") else max
        return worst((value for value in each_alone if value is not None), default=None)
