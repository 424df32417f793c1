"""The alarms of a plan, read into what CloudWatch would keep of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lab_support.alarms.composite import InvalidRule, Rule, parse_rule
from lab_support.alarms.evaluation import COMPARISONS, Missing
from lab_support.alarms.expressions import Node, parse
from lab_support.alarms.insights import Query, is_query, parse_query
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
    """One line of an alarm's calculation: a statistic of a metric or over what a query finds, or an expression."""

    id: str
    metric: Metric | None = None
    statistic: str = ""
    unit: str | None = None
    expression: Node | None = None
    insights: Query | None = None
    returns: bool = False


@dataclass(frozen=True)
class MetricAlarm:
    """An alarm on a metric or an expression. `period` counts minutes; `problem` says why it can decide nothing."""

    resource: Resource
    region: str
    queries: tuple[MetricQuery, ...] = ()
    period: int = 1
    evaluation_periods: int = 1
    datapoints_to_alarm: int = 1
    comparison: str = ""
    threshold: float = 0.0
    treatment: Missing = Missing.MISSING
    ignores_few_samples: bool = False
    problem: str = ""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that it reads."""
        return tuple(query.metric for query in self.queries if query.metric is not None)


@dataclass(frozen=True)
class CompositeAlarm:
    """An alarm on the states of others. `children` has the alarm for each name in the rule."""

    resource: Resource
    region: str
    rule: Rule
    suppressor: str = ""
    wait: int = 0
    problem: str = ""


Alarm = MetricAlarm | CompositeAlarm


def alarms_of(plan: Plan) -> tuple[Alarm, ...]:
    """Every alarm that the plan would leave in the account, in the order of the plan."""
    resources = [each for each in plan.of_type(*KINDS) if each.op != "delete"]
    found: list[Alarm] = [
        _metric_alarm(each, plan) if each.kind == KINDS[0] else _composite(each, plan) for each in resources
    ]
    # A second PutMetricAlarm of a name overwrites the first; which of the two comes second may be open.
    names = Counter((alarm.region, name_of(alarm.resource)) for alarm in found)
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
        for alarm in found
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
        return MetricAlarm(
            resource, region, problem="how it decides is unknown until the program is deployed"
        )


def _watched(resource: Resource, region: str) -> tuple[MetricQuery, ...]:
    """The metrics that an alarm names, without what it makes of them."""
    named = [each["metric"] for each in resource.get("metric_queries") or () if each.get("metric")]
    named += [resource] if resource.get("metric_name") else []
    return tuple(
        MetricQuery(str(n), Metric.of(region, m.get("namespace"), m.get("metric_name"), m.get("dimensions")))
        for n, m in enumerate(named)
    )


def _read(resource: Resource, region: str) -> MetricAlarm:
    """Raises CannotEvaluate where CloudWatch could decide nothing, or the lab cannot tell what it would decide."""
    if resource.get("evaluation_criteria"):
        raise CannotEvaluate("it watches a PromQL query, which the lab cannot compute")
    comparison = resource.get("comparison_operator")
    if resource.get("threshold_metric_id") or comparison not in COMPARISONS:
        raise CannotEvaluate("it compares with a band of normal values that is learned from history")
    queries, seconds = _queries(resource, region)
    periods = _integer(resource.get("evaluation_periods"), "evaluation_periods")
    if seconds < 60:
        raise CannotEvaluate(
            f"its period of {seconds} seconds finds no datapoint most of the time: the metric has one a minute"
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


def _treatment(resource: Resource) -> Missing:
    value = resource.get("treat_missing_data", "missing")
    if value not in {each.value for each in Missing}:
        raise CannotEvaluate("what it makes of missing data is not known")
    return Missing(value)


def _queries(resource: Resource, region: str) -> tuple[tuple[MetricQuery, ...], int]:
    """The calculation and its period in seconds."""
    given = resource.get("metric_queries")
    if not given:
        statistic = resource.get("statistic") or resource.get("extended_statistic")
        metric = Metric.of(
            region, resource.get("namespace"), resource.get("metric_name"), resource.get("dimensions")
        )
        query = MetricQuery("m", metric, _statistic(statistic), resource.get("unit"), returns=True)
        return (query,), _integer(resource.get("period"), "period")
    queries, periods = [], []
    for each in given:
        queries.append(_query(each, region))
        inner = each.get("metric") or {}
        periods += [p for p in (inner.get("period"), each.get("period")) if p is not None]
    if len(set(periods)) != 1:
        raise CannotEvaluate("the metrics of an alarm's expression must have one and the same period")
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
        rule = parse_rule(str(resource.get("alarm_rule")))
    except InvalidRule as reason:
        return CompositeAlarm(resource, region, Rule("", (), lambda states: False), problem=str(reason))
    return CompositeAlarm(
        resource,
        region,
        rule,
        suppressor=str(suppressor.get("alarm") or ""),
        wait=-(-int(suppressor.get("wait_period") or 0) // 60),
    )
