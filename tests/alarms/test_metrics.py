"""A metric is identified by its region, namespace, name and exact dimensions."""

from __future__ import annotations

from lab_support.alarms.metrics import Metric, steady
from lab_support.plan.values import UNKNOWN


def test_metrics_with_other_dimensions_are_other_metrics() -> None:
    metric = Metric.of("r", "n", "m", {"a": "1", "b": "2"})
    assert metric == Metric.of("r", "n", "m", {"b": "2", "a": "1"})
    assert metric != Metric.of("r", "n", "m", {"a": "1"})


def test_unknown_dimensions_are_no_dimensions() -> None:
    assert Metric.of("r", "n", "m", UNKNOWN).dimensions == frozenset()


def test_a_metric_reads_as_its_name_with_its_dimensions() -> None:
    assert str(Metric.of("r", "AWS/RDS", "CPU", {"b": "2", "a": "1"})) == "AWS/RDS CPU (a=1, b=2)"
    assert str(Metric.of("r", "AWS/RDS", "CPU", {})) == "AWS/RDS CPU (no dimensions)"


def test_steady_datapoints_are_constant() -> None:
    assert {steady(20.0)(minute) for minute in range(-5, 5)} == {20.0}
