"""Metric math: AWS's documented examples, and expressions that the lab refuses to compute."""

from __future__ import annotations

import pytest

from lab_support.alarms.expressions import Scope, one_series, parse
from lab_support.alarms.math_values import Array, CannotEvaluate, Series, Value

A: Series = (30.0, 20.0, 0.0, 0.0)
B: Series = (20.0, None, 20.0, None)


def compute(text: str, **series: Series) -> Value:
    length = len(next(iter(series.values()), ()))
    return parse(text)(Scope(series, tuple(series), 300, length))


# CloudWatch User Guide, using-metric-math.html, "Comparison and logical operators".
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(metric1 < metric2)", (0, 0, 1, 0)),
        ("(metric1 >= 30)", (1, 0, 0, 0)),
        ("(metric1 > 15 AND metric2 > 15)", (1, 0, 0, 0)),
    ],
)
def test_comparisons_compute_as_in_the_user_guide(text: str, expected: tuple[float, ...]) -> None:
    assert compute(text, metric1=A, metric2=B) == expected


# The same page, "Using IF expressions".
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IF(metric1, metric2, metric3)", (30, 0, 20, None, None)),
        ("IF(metric1, 5, metric3)", (5, 5, 20, None, None)),
        ("IF(metric1, metric2, 5)", (30, 0, 5, 5, None)),
    ],
)
def test_if_computes_as_in_the_user_guide(text: str, expected: Series) -> None:
    found = compute(
        text,
        metric1=(1.0, 1.0, 0.0, 0.0, None),
        metric2=(30.0, None, 0.0, 0.0, 30.0),
        metric3=(0.0, 0.0, 20.0, None, 20.0),
    )
    assert found == expected


M: Series = (1.0, 4.0, None, 9.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("m + 1", (2, 5, None, 10)),
        ("-m", (-1, -4, None, -9)),
        ("2 + 3 * m", (5, 14, None, 29)),
        ("(2 + 3) * m", (5, 20, None, 45)),
        ("2 ^ 2 ^ m / 0", (None, None, None, None)),
        ("m - AVG(m) + 14/3", (1, 4, None, 9)),
        ("MAX([m, n])", (10, 10, 10, 10)),
        ("SUM(METRICS())", (11, 14, 10, 19)),
        ('SUM(METRICS("n"))', (10, 10, 10, 10)),
        ("AVG(METRICS())", (5.5, 7, 5, 9.5)),
        ("FILL(m, 0)", (1, 4, 0, 9)),
        ("FILL(m, REPEAT)", (1, 4, 4, 9)),
        ("FILL(m, n)", (1, 4, 10, 9)),
        ("RUNNING_SUM(m)", (1, 5, 5, 14)),
        ("DIFF(m)", (None, 3, None, 5)),
        ("RATE(m) * PERIOD(m)", (None, 3, None, 2.5)),
        ("CEIL(m / 2) - FLOOR(m / 2)", (1, 0, None, 1)),
        ("ABS(m - 5)", (4, 1, None, 4)),
        ("TIME_SERIES(7)", (7, 7, 7, 7)),
        ("LAST([m, n])", (10, 10, 10, 10)),
        ("m > 3 || n == 0", (0, 1, 0, 1)),
        ("m > 3 && n != 10", (0, 0, 0, 0)),
        ("100 - n <= 90", (1, 1, 1, 1)),
    ],
)
def test_operators_and_functions_compute_as_documented(text: str, expected: Series) -> None:
    found = one_series(compute(text, m=M, n=(10.0, 10.0, 10.0, 10.0)))
    assert list(found) == [None if point is None else pytest.approx(point) for point in expected]


def test_an_operator_applies_to_each_series_of_an_array() -> None:
    found = compute("METRICS() / 2", m=(2.0, 4.0), n=(6.0, None))
    assert found == Array([(1.0, 2.0), (3.0, None)])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ANOMALY_DETECTION_BAND(m)", "history"),
        ("IF(HOUR(m) > 8, m)", "time of day"),
        ("SEARCH('x', 'Average')", "SEARCH"),
        ("other * 2", "'other'"),
        ("MEAN(m)", "MEAN"),
        ("m +", "too early"),
        ("(m", "')'"),
        ("m m", "unexpected 'm'"),
        ("m ; 2", "cannot be parsed"),
        ("AVG(m)", "one time series"),
        ("[m, m]", "one time series"),
        ("ABS(m, m)", "arguments"),
    ],
)
def test_an_expression_that_cannot_be_computed_says_why(text: str, reason: str) -> None:
    with pytest.raises(CannotEvaluate, match=reason.replace("(", r"\(").replace(")", r"\)")):
        one_series(compute(text, m=(1.0, 2.0)))
