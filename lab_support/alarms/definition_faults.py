"""What is wrong with the definition of an alarm: the rules of PutMetricAlarm and PutCompositeAlarm, and the provider's.

In pulumi-aws 7 no input of a MetricAlarm is required by its type, because an alarm can also watch a PromQL query; so
everything that an alarm on a metric must have is checked here. CloudWatch does not check whether the metric or the
database exists, and neither do these rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lab_support.alarms.composite import InvalidAlarmRule, parse_alarm_rule
from lab_support.alarms.statistics import is_statistic
from lab_support.plan.values import python_name

Values = Mapping[str, Any]

_OPERATORS: Final = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_STATISTICS: Final = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
# Inputs with a fixed set of values, checked by the provider before it calls CloudWatch.
_CHOICES: Final = {
    "comparisonOperator": ("comparison_operator", _OPERATORS),
    "statistic": ("statistic", _STATISTICS),
    "treatMissingData": ("treat_missing_data", ("breaching", "notBreaching", "ignore", "missing")),
    "evaluateLowSampleCountPercentiles": ("evaluate_low_sample_count_percentiles", ("evaluate", "ignore")),
}
# What an alarm on an expression must not say, since each of its queries says it.
_WITH_QUERIES: Final = ("metricName", "namespace", "dimensions", "period", "statistic", "extendedStatistic")
_DAY, _WEEK, _HOUR = 86_400, 604_800, 3_600


class InvalidDefinition(ValueError):
    """CloudWatch refuses an alarm, or the provider does first: then `argument` is the wire name of the input."""

    def __init__(self, reason: str, argument: str = "") -> None:
        super().__init__(reason)
        self.argument = argument


def choices(values: Values) -> None:
    for name, (spelled, allowed) in _CHOICES.items():
        value = values.get(name)
        if isinstance(value, str) and value not in allowed:
            options = ", ".join(f'"{option}"' for option in allowed)
            raise InvalidDefinition(f"expected {spelled} to be one of [{options}], got {value}", name)


def one_way_to_watch(values: Values) -> None:
    """Either a metric or queries or a PromQL query, each with what belongs to it."""
    if values.get("evaluationCriteria"):
        return
    if values.get("metricQueries"):
        both = next((name for name in _WITH_QUERIES if values.get(name)), None)
        if both is not None:
            raise InvalidDefinition(f'"{python_name(both)}": conflicts with metric_query', both)
        return
    if not values.get("metricName"):
        raise InvalidDefinition("MetricName must not be null")
    if values.get("statistic") and values.get("extendedStatistic"):
        raise InvalidDefinition('"extended_statistic": conflicts with statistic', "statistic")
    if not values.get("statistic") and not values.get("extendedStatistic"):
        text = "One of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm"
        raise InvalidDefinition(text, "statistic")
    if not values.get("namespace"):
        raise InvalidDefinition("Namespace must not be null")
    if not values.get("period"):
        raise InvalidDefinition("Period must not be null")


def extended_statistic(values: Values) -> None:
    given = values.get("extendedStatistic")
    if isinstance(given, str) and (given in _STATISTICS or not is_statistic(given)):
        page = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html"
        raise InvalidDefinition(f"invalid statistic, see: {page}", "extendedStatistic")


def threshold(values: Values) -> None:
    if values.get("evaluationCriteria"):
        return
    if not values.get("comparisonOperator"):
        raise InvalidDefinition("PutMetricAlarm request should have a valid ComparisonOperator parameter")
    number, band = values.get("threshold"), values.get("thresholdMetricId")
    if number is not None and band:
        raise InvalidDefinition('"threshold": conflicts with threshold_metric_id', "threshold")
    if number is None and not band:
        raise InvalidDefinition("PutMetricAlarm request should have valid Threshold parameter")


def periods(values: Values) -> None:
    if values.get("evaluationCriteria"):
        return
    count = values.get("evaluationPeriods")
    if count is None:
        raise InvalidDefinition("PutMetricAlarm request should have an EvaluationPeriods parameter")
    needed = values.get("datapointsToAlarm")
    for name, value in (("evaluation_periods", count), ("datapoints_to_alarm", needed)):
        if isinstance(value, (int, float)) and value < 1:
            raise InvalidDefinition(f"expected {name} to be at least (1), got {value}", name)
    if isinstance(needed, (int, float)) and isinstance(count, (int, float)) and needed > count:
        raise InvalidDefinition("DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    for period in _lengths(values):
        if period not in (10, 20, 30) and period % 60:
            text = f"expected period to be 10, 20, 30 or divisible by 60, got: {period}"
            raise InvalidDefinition(text, "period")
        if isinstance(count, (int, float)):
            _range(period, count)


def _lengths(values: Values) -> Iterator[int]:
    for query in (values, *_queries(values), *(q.get("metric") or {} for q in _queries(values))):
        if isinstance(query.get("period"), (int, float)):
            yield int(query["period"])


def _range(period: int, count: float) -> None:
    """How far an alarm may look back: a day, and a week when its periods are of an hour or more."""
    if period < _HOUR and period * count > _DAY:
        text = (
            "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)"
        )
        raise InvalidDefinition(f"{text} for alarms using period < 3600")
    if period * count > _WEEK:
        text = (
            "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)"
        )
        raise InvalidDefinition(f"{text} for alarms using period >= 3600")


def queries(values: Values) -> None:
    given = _queries(values)
    if not given:
        return
    if any(query.get("expression") and query.get("metric") for query in given):
        text = "No metric_query may have both `expression` and a `metric` specified"
        raise InvalidDefinition(text, "metricQueries")
    if len({query.get("id") for query in given}) < len(given):
        raise InvalidDefinition("The values for parameter id in Metrics are not unique")
    for query in given:
        if isinstance(query.get("id"), str) and not re.fullmatch(r"[a-z]\w*", query["id"]):
            raise InvalidDefinition(
                f"The value {query['id']} for parameter id is not matching the expected pattern"
            )
        stat = (query.get("metric") or {}).get("stat")
        if isinstance(stat, str) and not is_statistic(stat):
            raise InvalidDefinition(
                f"expected stat to be a statistic of CloudWatch, got {stat}", "metricQueries"
            )
    returned = [query for query in given if query.get("returnData") is True]
    if len(returned) != 1 and not values.get("thresholdMetricId"):
        raise InvalidDefinition("Exactly one element of the metrics list should return data.")


def _queries(values: Values) -> list[dict[str, Any]]:
    given = values.get("metricQueries")
    return [query for query in given if isinstance(query, dict)] if isinstance(given, list) else []


def composite_rule(values: Values) -> None:
    """The syntax of the rule. Whether its alarms exist depends on what is created first, so it is not checked here."""
    rule = values.get("alarmRule")
    if not isinstance(rule, str):
        return
    if rule != rule.strip() or not rule:
        raise InvalidDefinition("AlarmRule must not contain leading or trailing whitespace or be null")
    try:
        parse_alarm_rule(rule)
    except InvalidAlarmRule as reason:
        raise InvalidDefinition(f"Invalid AlarmRule: {reason}") from None


METRIC_ALARM: Final[tuple[Callable[[Values], None], ...]] = (
    choices,
    one_way_to_watch,
    extended_statistic,
    threshold,
    periods,
    queries,
)
