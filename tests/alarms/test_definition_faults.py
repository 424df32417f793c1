"""Faults in the definition of an alarm: who refuses it, and because of which input."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.alarms.definition_faults import METRIC_ALARM, InvalidDefinition, composite_rule

SOUND: dict[str, Any] = {
    "comparisonOperator": "GreaterThanThreshold",
    "evaluationPeriods": 2,
    "metricName": "CPUUtilization",
    "namespace": "AWS/RDS",
    "period": 60,
    "statistic": "Average",
    "threshold": 80,
}


def check(values: dict[str, Any]) -> None:
    for rule in METRIC_ALARM:
        rule(values)


def test_a_sound_definition_has_no_fault() -> None:
    check(SOUND)


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"comparisonOperator": "Above"}, "comparisonOperator"),
        ({"extendedStatistic": "p90", "statistic": None, "metricQueries": [{"id": "a"}]}, "metricName"),
        ({"thresholdMetricId": "e1"}, "threshold"),
        ({"period": 45}, "period"),
    ],
)
def test_the_provider_refuses_an_input_that_it_checks_itself(change: dict[str, Any], argument: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        check({**SOUND, **change})
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metricName": None}, "MetricName must not be null"),
        ({"evaluationPeriods": 1, "datapointsToAlarm": 2}, "DatapointsToAlarm must be less than"),
        ({"evaluationPeriods": 1441}, "across more than a day"),
    ],
)
def test_cloudwatch_refuses_what_the_provider_lets_pass(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidDefinition, match=words) as caught:
        check({**SOUND, **change})
    assert caught.value.argument == ""


def test_a_composite_alarm_needs_a_rule_that_can_be_read() -> None:
    composite_rule({"alarmRule": "ALARM(high) OR ALARM(low)"})
    with pytest.raises(InvalidDefinition, match="Invalid AlarmRule"):
        composite_rule({"alarmRule": "ALARM(high) OR"})
