"""The alarms of a plan are read as CloudWatch would define them; a problem says why one cannot be evaluated."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.alarms.definitions import Alarm, CompositeAlarm, MetricAlarm, alarms_of, name_of
from lab_support.alarms.evaluation import MissingData
from lab_support.alarms.metrics import Metric
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.alarm_plans import NO_METRIC, REGION, a_composite, a_query, an_alarm
from tests.plans import a_plan

CPU = Metric.of(REGION, "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "db"})


def read(*resources: Resource) -> tuple[Alarm, ...]:
    return alarms_of(a_plan(*resources))


def test_a_metric_alarm_has_its_settings_with_the_period_in_minutes() -> None:
    (alarm,) = read(an_alarm())
    assert isinstance(alarm, MetricAlarm)
    assert (alarm.period, alarm.evaluation_periods, alarm.datapoints_to_alarm) == (5, 2, 2)
    assert (alarm.comparison, alarm.threshold) == ("GreaterThanThreshold", 80)
    assert (alarm.metrics, alarm.treatment, alarm.problem) == ((CPU,), MissingData.MISSING, "")


def test_a_composite_alarm_has_its_rule_and_its_suppressor() -> None:
    (alarm,) = read(a_composite("ALARM(a)", actions_suppressor={"alarm": "s", "wait_period": 61}))
    assert isinstance(alarm, CompositeAlarm)
    assert (alarm.rule.alarms, alarm.suppressor, alarm.wait) == (("a",), "s", 2)


def test_a_deleted_alarm_is_left_out() -> None:
    assert read(an_alarm(op="delete")) == ()


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"period": 10}, "10 seconds"),
        ({"statistic": "Mean"}, "'Mean'"),
        ({"treat_missing_data": "whatever"}, "missing data"),
        ({"threshold": UNKNOWN}, "threshold"),
        ({"evaluation_criteria": {"promql": "up"}}, "PromQL"),
        ({**NO_METRIC, "metric_queries": [a_query("m", returns=True) | {"account_id": "1"}]}, "account"),
        ({**NO_METRIC, "metric_queries": UNKNOWN}, "unknown until the program is deployed"),
    ],
)
def test_an_alarm_that_cannot_be_evaluated_has_a_problem(properties: dict[str, Any], problem: str) -> None:
    (alarm,) = read(an_alarm(**properties))
    assert problem in alarm.problem


def test_an_invalid_rule_is_a_problem() -> None:
    (alarm,) = read(a_composite("ALARM(a) AND"))
    assert alarm.problem


def test_two_alarms_with_the_same_name_are_not_relied_on() -> None:
    assert all(alarm.problem for alarm in read(an_alarm("one", name="same"), an_alarm("two", name="same")))


def test_the_name_of_an_alarm_is_its_physical_name() -> None:
    assert name_of(an_alarm("logical", name="physical")) == "physical"
    assert name_of(a_composite("TRUE", "composite")) == "composite"
