"""The incident drill: which alarms count for a database, and who is notified."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.display.show import show
from lab_support.drills.incident import Load, Response, incident, rise
from lab_support.plan.resource import Resource
from tests.alarm_plans import REGION, a_composite, a_database, a_topic, an_alarm
from tests.plans import a_plan, a_resource


def response(*resources: Resource, **load: Any) -> Response:
    (found,) = incident(a_plan(a_database(), a_topic(), *resources), **load).responses
    return found


def test_an_alarm_on_the_database_notifies_its_topic() -> None:
    found = response(an_alarm())
    assert (found.subject, found.earliest, found.latest) == ("db", 9, 13)
    assert found.in_time()
    assert not found.needless
    assert found.latest_at([a_topic()]) == 13
    assert found.latest_at([a_topic("another")]) is None
    assert found.by_topic == {a_topic().urn: 13}


def test_without_an_alarm_nobody_is_notified() -> None:
    found = response()
    assert (found.latest, found.watches) == (None, ())


@pytest.mark.parametrize(
    ("alarm", "says"),
    [
        ({"alarm_actions": []}, "no enabled ALARM action"),
        ({"actions_enabled": False}, "no enabled ALARM action"),
        (
            {"alarm_actions": [], "ok_actions": ["arn:aws:sns:ap-southeast-1:123456789012:topic"]},
            "no enabled ALARM action",
        ),
        ({"alarm_actions": ["arn:aws:sns:ap-southeast-1:123456789012:gone"]}, "no topic of the program"),
        ({"threshold": 101}, "does not go to ALARM"),
        ({"dimensions": {"DBInstanceIdentifier": "db-DB"}}, "no metric exists under this name"),
        ({"namespace": "AWS/EC2"}, "no alarm watches it"),
        ({"metric_name": "DatabaseConnections"}, "no alarm watches it"),
        ({"region": "us-east-1"}, "no metric exists under this name"),
        ({"metric_name": "DBLoadCPU", "threshold": 4}, "Performance Insights, which is off for db"),
        (
            {"comparison_operator": "GreaterThanUpperThreshold", "threshold_metric_id": "band"},
            "anomaly detection band",
        ),
        ({"threshold": 40}, "tells nobody anything"),
        (
            {"threshold": 40, "alarm_actions": ["arn:aws:sns:ap-southeast-1:123456789012:gone"]},
            "is always in ALARM, so the rise does not notify anyone",
        ),
    ],
)
def test_an_alarm_that_notifies_nobody_says_why(alarm: dict[str, Any], says: str) -> None:
    found = response(an_alarm(**alarm))
    assert not found.in_time() or found.needless
    assert says in found.what


def test_the_faster_of_two_alarms_counts() -> None:
    found = response(an_alarm("slow", evaluation_periods=6), an_alarm("fast", period=60))
    assert found.latest == 2
    assert len(found.watches) == 2


def test_a_composite_alarm_counts() -> None:
    quiet = an_alarm(alarm_actions=[])
    assert response(quiet, a_composite("ALARM(alarm)")).latest == 13
    assert response(quiet, a_composite("OK(alarm)")).needless


def test_a_database_in_another_region_needs_its_alarm_there() -> None:
    there = a_database(region="us-east-1")
    (found,) = incident(a_plan(there, a_topic(), an_alarm())).responses
    assert found.latest is None


def test_an_alarm_on_one_database_does_not_count_for_another() -> None:
    plan = a_plan(a_database(), a_database("other"), a_topic(), an_alarm())
    latest = {response.subject: response.latest for response in incident(plan).responses}
    assert latest == {"db": 13, "other": None}


def test_an_alarm_on_a_replica_does_not_count() -> None:
    replica = a_database("replica", replicate_source_db="db")
    plan = a_plan(a_database(), replica, a_topic(), an_alarm(dimensions={"DBInstanceIdentifier": "replica"}))
    (found,) = incident(plan).responses
    assert found.latest is None
    assert not found.needless


def a_cluster(engine: str = "aurora-postgresql") -> tuple[Resource, ...]:
    cluster = a_resource("rds.Cluster", "c", id="c", engine=engine, cluster_identifier="c", region=REGION)
    members = [
        a_resource("rds.ClusterInstance", f"m{n}", cluster_identifier="c", identifier=f"m{n}", region=REGION)
        for n in (1, 2)
    ]
    return (cluster, *(members if engine.startswith("aurora") else ()))


@pytest.mark.parametrize(
    ("engine", "dimensions", "counts"),
    [
        ("aurora-postgresql", {"DBClusterIdentifier": "c"}, True),
        ("aurora-postgresql", {"DBClusterIdentifier": "c", "Role": "WRITER"}, True),
        ("aurora-postgresql", {"DBInstanceIdentifier": "m1"}, True),
        ("aurora-postgresql", {"DBClusterIdentifier": "c", "Role": "READER"}, False),
        ("aurora-postgresql", {"DBInstanceIdentifier": "m2"}, False),
        ("aurora-postgresql", {"DBInstanceIdentifier": "c"}, False),
        ("postgres", {"DBInstanceIdentifier": "c-instance-1"}, True),
        ("postgres", {"DBClusterIdentifier": "c"}, True),
    ],
)
def test_an_alarm_on_a_cluster_counts_if_it_watches_the_writer(
    engine: str, dimensions: dict[str, str], counts: bool
) -> None:
    plan = a_plan(*a_cluster(engine), a_topic(), an_alarm(dimensions=dimensions))
    (found,) = incident(plan).responses
    assert found.in_time() is counts


def test_the_response_to_a_rise_of_any_metric_is_known() -> None:
    alarm = an_alarm(
        namespace="AWS/Kinesis",
        metric_name="GetRecords.IteratorAgeMilliseconds",
        dimensions={"StreamName": "s"},
        threshold=60_000,
        period=60,
        statistic="Maximum",
    )
    load = Load(1_000, 70_000, "Milliseconds")

    def latest(name: str, up_to: Load) -> int | None:
        metric = "GetRecords.IteratorAgeMilliseconds"
        return rise(a_plan(a_topic(), alarm), "AWS/Kinesis", metric, {"StreamName": name}, up_to).latest

    assert latest("s", load) == 2
    assert latest("t", load) is None
    assert latest("s", Load(1_000, 50_000, "Milliseconds")) is None


def test_both_forms_of_the_view_say_the_same() -> None:
    for resources in ([an_alarm()], [], [an_alarm(threshold=40)], [an_alarm(evaluation_periods=6)]):
        found = incident(a_plan(a_database(), a_topic(), *resources))
        view = show(found)
        assert found.responses[0].what in " ".join(view.text.split())
        assert 'role="img" aria-label="db: CPU load from 50 % to 97 %' in view.html
        assert "minutes after the rise" in view.html
        assert "CPU load (%)" in view.html
    assert "paged by minute 13" in show(incident(a_plan(a_database(), a_topic(), an_alarm()))).html
    assert "no database" in show(incident(a_plan())).text
