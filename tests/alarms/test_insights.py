"""Metrics Insights queries: how they are parsed, and which metrics they find."""

from __future__ import annotations

import pytest

from lab_support.alarms.insights import is_query, parse_query
from lab_support.alarms.math_values import CannotEvaluate
from lab_support.alarms.metrics import Metric

REGION = "ap-southeast-1"
DB = Metric.of(REGION, "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "db"})


@pytest.mark.parametrize(
    ("source", "finds"),
    [
        ('"AWS/RDS"', True),
        ('"AWS/EC2"', False),
        ('SCHEMA("AWS/RDS", DBInstanceIdentifier)', True),
        ('SCHEMA("AWS/RDS", DBInstanceIdentifier, Role)', False),
        ("\"AWS/RDS\" WHERE DBInstanceIdentifier = 'db'", True),
        ("\"AWS/RDS\" WHERE DBInstanceIdentifier != 'db'", False),
        ("\"AWS/RDS\" WHERE DBInstanceIdentifier = 'db' AND Role = 'WRITER'", False),
    ],
)
def test_a_query_finds_metrics_by_namespace_schema_and_conditions(source: str, finds: bool) -> None:
    query = parse_query(f"SELECT MAX(CPUUtilization) FROM {source}")
    assert query.finds(DB, REGION) is finds


def test_a_query_finds_metrics_of_its_region_only() -> None:
    assert not parse_query('SELECT MAX(CPUUtilization) FROM "AWS/RDS"').finds(DB, "us-east-1")


def test_a_query_has_a_statistic_and_may_be_grouped() -> None:
    assert parse_query('SELECT AVG(m) FROM "n"').statistic == "Average"
    assert not parse_query('SELECT AVG(m) FROM "n"').grouped
    assert parse_query('SELECT AVG(m) FROM "n" GROUP BY k ORDER BY MAX() DESC').grouped


@pytest.mark.parametrize("text", ["SELECT what", 'SELECT MAX(m) FROM "n" WHERE k LIKE 1'])
def test_a_query_that_cannot_be_parsed_is_rejected(text: str) -> None:
    assert is_query(text)
    with pytest.raises(CannotEvaluate):
        parse_query(text)


def test_an_expression_is_no_query() -> None:
    assert not is_query("SELECTED + 1")
