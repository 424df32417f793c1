"""Reads the alarms of a plan as CloudWatch would define them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lab_support.alarms.composite import AlarmRule, InvalidAlarmRule, parse_alarm_rule
from lab_support.alarms.evaluation import COMPARISONS, MissingData
from lab_support.alarms.expressions import Expression, parse
from lab_support.alarms.insights import InsightsQuery, is_query, parse_query
from lab_support.alarms.math_values import CannotEvaluate
from lab_support.alarms.metrics import Metric
from lab_support.alarms.statistics import is_statistic
from lab_support.plan.dependencies import comes_after
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import NotKnownYet

KINDS: Final = ("cloudwatch.MetricAlarm", "cloudwatch.CompositeAlarm")


@dataclass(frozen=True)
class MetricQuery:
    """One query of an alarm: a statistic of a metric, a Metrics Insights query, or an expression."""

    id: str
    metric: Metric | None = None
    statistic: str = ""
    unit: str | None = None
    expression: Expression | None = None
    insights: InsightsQuery | None = None
    returns: bool = False


@dataclass(frozen=True)
class MetricAlarm:
    """An alarm on a metric or an expression. `period` is in minutes; `problem` says why it cannot be evaluated."""

    resource: Resource
    region: str
    queries: tuple[MetricQuery, ...] = ()
    period: int = 1
    evaluation_periods: int = 1
    datapoints_to_alarm: int = 1
    comparison: str = ""
    threshold: float = 0.0
    treatment: MissingData = MissingData.MISSING
    ignores_few_samples: bool = False
    problem: str = ""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that it watches."""
        return tuple(query.metric for query in self.queries if query.metric is not None)


@dataclass(frozen=True)
class CompositeAlarm:
    """An alarm on the states of other alarms. `wait` is in minutes; `problem` says why it cannot be evaluated."""

    resource: Resource
    region: str
    rule: AlarmRule
    suppressor: str = ""
    wait: int = 0
    problem: str = ""


Alarm = MetricAlarm | CompositeAlarm


def alarms_of(plan: Plan) -> tuple[Alarm, ...]:
    """Every alarm that the plan would leave in the account, in the order of the plan."""
    alarms: list[Alarm] = [
        _metric_alarm(resource, plan) if resource.kind == KINDS[0] else _composite(resource, plan)
        for resource in plan.of_type(*KINDS)
        if resource.op != "delete"
    ]
    # A second PutMetricAlarm of a name overwrites the first; which of the two comes second may be open.
    names = Counter((alarm.region, name_of(alarm.resource)) for alarm in alarms)
    chance = {
        resource.overwritten_by
        for resource in plan
        if resource.overwritten_by and not comes_after(resource.overwritten_by, resource.urn, plan)
    }
    shared = "another alarm of the program has the same name, and the one that is created later overwrites the other"
    return tuple(
        replace(alarm, problem=shared)
        if names[alarm.region, name_of(alarm.resource)] > 1 or alarm.resource.urn in chance
        else alarm
        for alarm in alarms
    )


def name_of(resource: Resource) -> str:
    """The physical name of an alarm."""
    names = (resource.get("name"), resource.get("alarm_name"), resource.id)
    return next((name for name in names if isinstance(name, str) and name), "")


def _region(resource: Resource, plan: Plan) -> str:
    return str(resource.get("region", plan.region))


def _metric_alarm(resource: Resource, plan: Plan) -> MetricAlarm:
    region = _region(resource, plan)
    try:
        return _read(resource, region)
    except CannotEvaluate as reason:
        return MetricAlarm(resource, region, queries=_watched(resource, region), problem=str(reason))
    except NotKnownYet:
        return MetricAlarm(resource, region, problem="its settings are unknown until the program is deployed")


def _watched(resource: Resource, region: str) -> tuple[MetricQuery, ...]:
    """The metrics that an alarm watches, without its calculation."""
    named = [query["metric"] for query in resource.get("metric_queries") or () if query.get("metric")]
    named += [resource] if resource.get("metric_name") else []
    return tuple(
        MetricQuery(str(n), Metric.of(region, m.get("namespace"), m.get("metric_name"), m.get("dimensions")))
        for n, m in enumerate(named)
    )


def _read(resource: Resource, region: str) -> MetricAlarm:
    """The alarm of a resource. Raises CannotEvaluate if CloudWatch could not evaluate it, or the lab cannot."""
    if resource.get("evaluation_criteria"):
        raise CannotEvaluate("it evaluates a PromQL query, which the lab cannot compute")
    comparison = resource.get("comparison_operator")
    if resource.get("threshold_metric_id") or comparison not in COMPARISONS:
        raise CannotEvaluate("it compares with an anomaly detection band, which is learned from history")
    queries, seconds = _queries(resource, region)
    periods = _integer(resource.get("evaluation_periods"), "evaluation_periods")
    if seconds < 60:
        raise CannotEvaluate(
            f"most of its periods of {seconds} seconds have no datapoint: the metric has one per minute"
        )
    return MetricAlarm(
        resource,
        region,
        queries=queries,
        period=seconds // 60,
        evaluation_periods=periods,
        datapoints_to_alarm=_integer(resource.get("datapoints_to_alarm", periods), "datapoints_to_alarm"),
        comparison=str(comparison),
        threshold=_number(resource.get("threshold"), "threshold"),
        treatment=_treatment(resource),
        ignores_few_samples=resource.get("evaluate_low_sample_count_percentiles") == "ignore",
    )


def _treatment(resource: Resource) -> MissingData:
    value = resource.get("treat_missing_data", "missing")
    if value not in {treatment.value for treatment in MissingData}:
        raise CannotEvaluate("how it treats missing data is not known")
    return MissingData(value)


def _queries(resource: Resource, region: str) -> tuple[tuple[MetricQuery, ...], int]:
    """The alarm's queries, and their period in seconds."""
    given = resource.get("metric_queries")
    if not given:
        statistic = resource.get("statistic") or resource.get("extended_statistic")
        metric = Metric.of(
            region, resource.get("namespace"), resource.get("metric_name"), resource.get("dimensions")
        )
        query = MetricQuery("m", metric, _statistic(statistic), resource.get("unit"), returns=True)
        return (query,), _integer(resource.get("period"), "period")
    queries, periods = [], []
    for written in given:
        queries.append(_query(written, region))
        inner = written.get("metric") or {}
        periods += [period for period in (inner.get("period"), written.get("period")) if period is not None]
    if len(set(periods)) != 1:
        raise CannotEvaluate("all metrics of an alarm's expression must have the same period")
    if sum(query.returns for query in queries) != 1:
        raise CannotEvaluate("exactly one of its queries must return data")
    return tuple(queries), _integer(periods[0], "period")


def _query(given: Mapping[str, Any], region: str) -> MetricQuery:
    name, returns = str(given.get("id")), given.get("return_data") is True
    if given.get("account_id"):
        raise CannotEvaluate("it watches a metric of another account")
    expression = str(given.get("expression") or "")
    if is_query(expression):
        query = parse_query(expression)
        return MetricQuery(name, statistic=query.statistic, insights=query, returns=returns)
    if expression:
        return MetricQuery(name, expression=parse(expression), returns=returns)
    inner = given.get("metric") or {}
    metric = Metric.of(region, inner.get("namespace"), inner.get("metric_name"), inner.get("dimensions"))
    return MetricQuery(name, metric, _statistic(inner.get("stat")), inner.get("unit"), returns=returns)


def _statistic(value: Any) -> str:
    if not isinstance(value, str) or not is_statistic(value):
        raise CannotEvaluate(f"{value!r} is not a statistic of CloudWatch")
    return value


def _integer(value: Any, name: str) -> int:
    return int(_number(value, name))


def _number(value: Any, name: str) -> float:
    if not isinstance(value, (int, float)):
        raise CannotEvaluate(f"its {name} is not known")
    return float(value)


def _composite(resource: Resource, plan: Plan) -> CompositeAlarm:
    region = _region(resource, plan)
    suppressor = resource.get("actions_suppressor") or {}
    try:
        rule = parse_alarm_rule(str(resource.get("alarm_rule")))
    except InvalidAlarmRule as reason:
        return CompositeAlarm(resource, region, AlarmRule("", (), lambda states: False), problem=str(reason))
    return CompositeAlarm(
        resource,
        region,
        rule,
        suppressor=str(suppressor.get("alarm") or ""),
        wait=-(-int(suppressor.get("wait_period") or 0) // 60),
    )
