"""When alarms go to ALARM, depending on when within their periods the load rises."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.alarms.datapoints import MetricData
from lab_support.alarms.definitions import alarms_of
from lab_support.alarms.evaluation import State
from lab_support.alarms.metrics import Metric, Reading
from lab_support.alarms.replay import Replay, Track, phases
from lab_support.plan.resource import Resource
from tests.alarm_plans import NO_METRIC, REGION, a_composite, a_query, an_alarm
from tests.plans import a_plan

CPU = Metric.of(REGION, "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "db"})
RISE = MetricData({CPU: Reading(lambda minute: 50.0 if minute < 0 else 97.0)})


def tracks(*resources: Resource, phase: int = 0, data: MetricData = RISE) -> dict[str, Track]:
    played = Replay(alarms_of(a_plan(*resources)), data).play(phase)
    return {track.alarm.resource.name: track for track in played}


def minutes(**properties: Any) -> list[int | None]:
    """The minute of the ALARM actions for each phase."""
    alarms = alarms_of(a_plan(an_alarm(**properties)))
    replay = Replay(alarms, RISE)
    return [replay.play(phase)[0].acts_at for phase in phases(alarms)]


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        # Five minutes average above 80 while at most one of them is calm.
        ({}, [10, 9, 13, 12, 11]),
        ({"evaluation_periods": 3}, [15, 14, 18, 17, 16]),
        ({"evaluation_periods": 1}, [5, 4, 8, 7, 6]),
        ({"evaluation_periods": 3, "datapoints_to_alarm": 1}, [5, 4, 8, 7, 6]),
        ({"period": 60, "evaluation_periods": 5}, [5]),
        ({"statistic": "Maximum"}, [10, 9, 8, 7, 6]),
        ({"statistic": "Minimum"}, [10, 14, 13, 12, 11]),
        ({"threshold": 97}, [None] * 5),
        ({"threshold": 97, "comparison_operator": "GreaterThanOrEqualToThreshold", "evaluation_periods": 1},
         [5, 9, 8, 7, 6]),
        ({"threshold": 40}, [0] * 5),
        ({"statistic": "SampleCount"}, [None] * 5),
        ({"statistic": None, "extended_statistic": "p99", "evaluate_low_sample_count_percentiles": "ignore"},
         [None] * 5),
        ({"unit": "Count"}, [None] * 5),
        ({"unit": "Percent"}, [10, 9, 13, 12, 11]),
        ({"dimensions": {"DBInstanceIdentifier": "db", "Role": "WRITER"}}, [None] * 5),
        ({"dimensions": {"DBInstanceIdentifier": "db"}, "region": "us-east-1"}, [None] * 5),
        ({"period": 10}, [None]),
    ],
)  # fmt: skip
def test_an_alarm_acts_in_the_expected_minute_of_each_phase(
    alarm: dict[str, Any], expected: list[int | None]
) -> None:
    assert minutes(**alarm) == expected


def test_an_alarm_compares_the_result_of_its_expression() -> None:
    queries = [a_query("cpu"), a_query("busy", "IF(cpu > 85, 1, 0)", returns=True)]
    assert minutes(**NO_METRIC, metric_queries=queries, threshold=0, evaluation_periods=3) == [3]


BY_INSTANCE = 'SCHEMA("AWS/RDS", DBInstanceIdentifier)'


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        (f"SELECT MAX(CPUUtilization) FROM {BY_INSTANCE} WHERE DBInstanceIdentifier = 'db'", 1),
        (f"SELECT MAX(CPUUtilization) FROM {BY_INSTANCE} WHERE DBInstanceIdentifier != 'x'", 1),
        (
            f"SELECT AVG(CPUUtilization) FROM {BY_INSTANCE} GROUP BY DBInstanceIdentifier ORDER BY MAX() DESC",
            1,
        ),
        ('SELECT MIN(CPUUtilization) FROM "AWS/RDS"', None),
        (f"SELECT MAX(CPUUtilization) FROM {BY_INSTANCE} WHERE DBInstanceIdentifier = 'x'", None),
        ('SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/RDS", DBClusterIdentifier)', None),
        ('SELECT MAX(CPUUtilization) FROM "AWS/EC2"', None),
        ("SELECT what", None),
    ],
)
def test_an_alarm_on_a_metrics_insights_query_compares_its_result(query: str, acts: int | None) -> None:
    idle = Metric.of(REGION, "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "idle"})
    data = MetricData({**RISE.readings, idle: Reading(lambda minute: 20.0)})
    queries = [{**a_query("q", query, returns=True), "period": 60}]
    alarm = an_alarm(**NO_METRIC, metric_queries=queries, evaluation_periods=1)
    assert tracks(alarm, data=data)["alarm"].acts_at == acts


def test_expressions_may_be_written_in_any_order() -> None:
    queries = [a_query("b", "a * 2", returns=True), a_query("a", "cpu + 1"), a_query("cpu")]
    assert minutes(**NO_METRIC, metric_queries=queries, threshold=195) == [2]


@pytest.mark.parametrize(
    ("queries", "problem"),
    [
        ([a_query("cpu"), a_query("x", "cpu + y", returns=True), a_query("y", "x")], "refers to"),
        ([a_query("cpu"), a_query("other", period=300), a_query("x", "cpu + other", returns=True)], "period"),
        ([a_query("cpu")], "exactly one"),
    ],
)
def test_an_alarm_that_cannot_be_evaluated_never_acts_and_says_why(
    queries: list[dict[str, Any]], problem: str
) -> None:
    track = tracks(an_alarm(**NO_METRIC, metric_queries=queries))["alarm"]
    assert track.acts_at is None
    assert problem in track.problem


def test_an_alarm_on_an_unpublished_metric_depends_on_its_treatment_of_missing_data() -> None:
    unpublished = Metric.of(REGION, "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "db-ABC"})
    data = MetricData(RISE.readings, frozenset({unpublished}))
    lost = {"dimensions": {"DBInstanceIdentifier": "db-ABC"}}
    found = tracks(
        an_alarm("waiting", **lost),
        an_alarm("screaming", **lost, treat_missing_data="breaching"),
        an_alarm("calm", **lost, treat_missing_data="notBreaching"),
        data=data,
    )
    assert {name: track.states[-1] for name, track in found.items()} == {
        "waiting": State.INSUFFICIENT_DATA,
        "screaming": State.ALARM,
        "calm": State.OK,
    }
    assert found["screaming"].acts_at == 0
    assert found["waiting"].unpublished == (unpublished,)


def test_an_alarm_on_an_unrelated_metric_stays_ok() -> None:
    other = an_alarm("ecs", namespace="AWS/ECS", treat_missing_data="breaching")
    assert set(tracks(other)["ecs"].states) == {State.OK}


class TestComposite:
    def test_a_composite_alarm_follows_its_alarms(self) -> None:
        quiet = an_alarm(alarm_actions=[])
        assert tracks(quiet, a_composite('ALARM("alarm")'), phase=2)["composite"].acts_at == 13
        arn = str(quiet["arn"])
        assert tracks(quiet, a_composite(f"ALARM({arn})"))["composite"].acts_at == 10

    def test_a_composite_alarm_acts_only_when_its_rule_holds(self) -> None:
        others = (an_alarm(), an_alarm("ecs", namespace="AWS/ECS"))
        assert tracks(*others, a_composite("ALARM(alarm) AND ALARM(ecs)"))["composite"].acts_at is None
        assert tracks(*others, a_composite("ALARM(alarm) OR ALARM(ecs)"))["composite"].acts_at == 10

    def test_a_rule_that_always_holds_acts_before_the_incident(self) -> None:
        assert tracks(an_alarm(), a_composite("ALARM(alarm) OR TRUE"))["composite"].acts_at == 0

    def test_composites_may_be_nested_but_not_circular(self) -> None:
        inner, outer = a_composite("ALARM(alarm)", "inner"), a_composite("ALARM(inner)", "outer")
        assert tracks(an_alarm(), inner, outer)["outer"].acts_at == 10
        circle = a_composite("ALARM(outer)", "inner")
        assert tracks(an_alarm(), circle, outer)["outer"].problem

    def test_a_rule_with_an_alarm_that_does_not_exist_is_a_problem(self) -> None:
        track = tracks(an_alarm(), a_composite("ALARM(alarm-0123456)"))["composite"]
        assert track.acts_at is None
        assert "does not exist" in track.problem

    def test_a_suppressor_delays_or_prevents_actions(self) -> None:
        def acts_at(wait: int, **suppressor: Any) -> int | None:
            rule = a_composite(
                "ALARM(alarm)",
                actions_suppressor={"alarm": "other", "wait_period": wait, "extension_period": 60},
            )
            return tracks(an_alarm(), an_alarm("other", **suppressor), rule)["composite"].acts_at

        assert acts_at(120, namespace="AWS/ECS") == 12
        assert acts_at(600, evaluation_periods=1) is None
