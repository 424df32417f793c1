"""The statistics of an alarm, over the datapoints of one period."""

from __future__ import annotations

import pytest

from lab_support.alarms.statistics import UnknownStatistic, aggregate, is_statistic, percentile_of

TEN = [float(n) for n in range(1, 11)]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("Average", 5.5),
        ("Sum", 55),
        ("Minimum", 1),
        ("Maximum", 10),
        ("SampleCount", 10),
        ("p50", 5),
        ("p90", 9),
        ("p100", 10),
        ("p0", 1),
        ("tm90", 5),
        ("wm90", 5.4),
        ("tc90", 9),
        ("ts90", 45),
        ("TM(20%:80%)", 5),
        ("TC(2:5)", 3),
        ("PR(:5)", 50),
        ("IQM", 5.5),
    ],
)
def test_a_statistic_computes_as_documented(statistic: str, expected: float) -> None:
    assert aggregate(TEN, statistic) == pytest.approx(expected)


def test_missing_datapoints_are_ignored() -> None:
    assert aggregate([None, 4.0, None, 8.0], "Average") == 6
    assert aggregate([None, None], "Sum") is None


@pytest.mark.parametrize("name", ["average", "Mean", "p101", "TM(:)", "p", "", "p99.9.9"])
def test_an_unknown_statistic_is_rejected(name: str) -> None:
    assert not is_statistic(name)
    with pytest.raises(UnknownStatistic):
        aggregate(TEN, name)


def test_only_percentile_statistics_have_a_percentile() -> None:
    assert percentile_of("p99.5") == pytest.approx(0.995)
    assert percentile_of("tm99") is None
    assert percentile_of("Average") is None
