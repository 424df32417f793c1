"""The effect of a zone failure on each kind of database, in hand-made plans and in real ones."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.drills.outage import ALL_UNTIL_BACK, ALONE, LOST_BY_RESTORE, RESTORE, Effect, outage, outages
from lab_support.engine.operations import preview
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource, a_subnet_group
from tests.programs import Program, aurora, database

NETWORK = a_subnet_group(ZONE_A, ZONE_B, ZONE_C)


def an_instance(name: str = "db", **properties: Any) -> Resource:
    usual = {
        "engine": "postgres",
        "availability_zone": ZONE_A,
        "db_subnet_group_name": "group",
        "backup_retention_period": 30,
    }
    return a_resource("rds.Instance", name, **{**usual, **properties})


def a_cluster(engine: str, *zones: Any) -> tuple[Resource, ...]:
    """A cluster with an instance in each of the zones."""
    cluster = a_resource("rds.Cluster", "cluster", id="cluster", engine=engine, db_subnet_group_name="group")
    members = [
        a_resource(
            "rds.ClusterInstance",
            f"member-{n}",
            cluster_identifier="cluster",
            availability_zone=zone,
            promotion_tier=n,
        )
        for n, zone in enumerate(zones)
    ]
    return (cluster, *members)


def effect(zone: str, *resources: Resource) -> Effect:
    """The effect of a zone failure on the one database among these resources."""
    (found,) = outage(a_plan(*NETWORK, *resources), zone).effects
    return found


KINDS = {
    "single-az": ((an_instance(),), {ZONE_A: False, ZONE_B: True, ZONE_C: True}),
    "multi-az": ((an_instance(multi_az=True),), dict.fromkeys((ZONE_A, ZONE_B, ZONE_C), True)),
    "multi-az cluster": (a_cluster("postgres"), dict.fromkeys((ZONE_A, ZONE_B, ZONE_C), True)),
    "aurora, no instance": (
        a_cluster("aurora-postgresql"),
        dict.fromkeys((ZONE_A, ZONE_B, ZONE_C), False),
    ),
    "aurora, one instance": (
        a_cluster("aurora-postgresql", ZONE_B),
        {ZONE_A: True, ZONE_B: False, ZONE_C: True},
    ),
    "aurora, two in one zone": (
        a_cluster("aurora-postgresql", ZONE_B, ZONE_B),
        {ZONE_A: True, ZONE_B: False, ZONE_C: True},
    ),
    "aurora, two zones": (
        a_cluster("aurora-postgresql", ZONE_B, ZONE_C),
        dict.fromkeys((ZONE_A, ZONE_B, ZONE_C), True),
    ),
    "with a read replica": (
        (an_instance(), an_instance("replica", replicate_source_db="db-id", availability_zone=ZONE_B)),
        {ZONE_A: False, ZONE_B: True, ZONE_C: True},
    ),
}


@pytest.mark.parametrize(("resources", "survives"), KINDS.values(), ids=KINDS.keys())
def test_which_failures_each_kind_of_database_survives(
    resources: tuple[Resource, ...], survives: dict[str, bool]
) -> None:
    plan = a_plan(*NETWORK, *resources)
    assert {failure.zone: failure.survives for failure in outages(plan)} == survives


@pytest.mark.parametrize(
    ("resources", "figure"),
    [
        ((an_instance(multi_az=True),), "60 to 120 seconds"),
        (a_cluster("postgres"), "under 35 seconds"),
        (a_cluster("aurora-postgresql", ZONE_A, ZONE_B), "less than 60 seconds"),
    ],
    ids=["multi-az", "multi-az cluster", "aurora"],
)
def test_a_takeover_takes_as_long_as_published_and_loses_nothing(
    resources: tuple[Resource, ...], figure: str
) -> None:
    found = effect(ZONE_A, *resources)
    assert found.downtime is not None
    assert figure in found.downtime.text
    assert found.downtime.source.startswith("Amazon")
    assert figure in found.what
    assert found.survives
    assert found.lost is None


def test_parts_in_the_failed_zone_stop_and_the_others_keep_running() -> None:
    found = effect(ZONE_A, an_instance(multi_az=True))
    assert [part.zone for part in found.stopped] == [ZONE_A]
    assert [part.role for part in found.running] == ["standby"]


def test_losing_only_the_standby_causes_no_downtime() -> None:
    found = effect(ZONE_B, an_instance(multi_az=True))
    assert found.survives
    assert found.downtime is None
    assert "RDS replaces the standby" in found.what


def test_a_zone_without_a_part_has_no_effect() -> None:
    found = effect(ZONE_C, an_instance())
    assert (found.survives, found.downtime, found.lost, found.stopped) == (True, None, None, ())


def test_with_backups_the_last_minutes_are_lost() -> None:
    found = effect(ZONE_A, an_instance())
    assert (found.downtime, found.lost) == (RESTORE, LOST_BY_RESTORE)
    assert "stays down until the zone is back or someone restores a backup" in found.what


def test_without_backups_everything_is_lost_until_the_zone_is_back() -> None:
    found = effect(ZONE_A, an_instance(backup_retention_period=0))
    assert found.lost == ALL_UNTIL_BACK
    assert "no backups" in found.what
    assert "someone restores" not in found.what


def test_a_read_replica_is_mentioned_but_does_not_help() -> None:
    replica = an_instance("replica", replicate_source_db="db-id", availability_zone=ZONE_B)
    found = effect(ZONE_A, an_instance(), replica)
    assert not found.survives
    assert "read replica is a lagging copy" in found.what


def test_aurora_with_its_instances_in_the_failed_zone_keeps_its_data() -> None:
    found = effect(ZONE_B, *a_cluster("aurora-postgresql", ZONE_B))
    assert (found.downtime, found.lost) == (ALONE, None)
    assert ALONE.text in found.what


def test_an_outage_is_survived_only_if_every_database_survives() -> None:
    plan = a_plan(*NETWORK, an_instance(multi_az=True), an_instance("second"))
    failed = outage(plan, ZONE_A)
    assert [effect.survives for effect in failed.effects] == [True, False]
    assert not failed.survives


def test_a_plan_without_a_database_survives_nothing() -> None:
    assert not outage(a_plan(*NETWORK), ZONE_A).survives


def test_every_zone_of_the_region_fails_once() -> None:
    assert [failure.zone for failure in outages(a_plan())] == [ZONE_A, ZONE_B, ZONE_C]
    assert [failure.zone for failure in outages(a_plan(region="eu-west-1"))] == [
        "eu-west-1a",
        "eu-west-1b",
        "eu-west-1c",
    ]


@pytest.mark.parametrize("zone", ["eu-west-1a", "ap-southeast-1d", "ap-southeast-1", ""])
def test_a_zone_of_another_region_is_rejected(zone: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"ap-southeast-1c, not {zone!r}")):
        outage(a_plan(), zone)


@pytest.mark.xfail(strict=True, reason="an instance whose zone is unknown counts as running in none")
def test_instances_in_unknown_zones_do_not_count_as_separate() -> None:
    plan = a_plan(*NETWORK, *a_cluster("aurora-postgresql", UNKNOWN))
    assert not all(failure.survives for failure in outages(plan))


@pytest.mark.parametrize("name", ["replicate_source_db", "backup_retention_period"])
def test_the_drill_accepts_unknown_values(name: str) -> None:
    plan = a_plan(*NETWORK, an_instance(**{name: UNKNOWN}))
    assert len(outages(plan)) == 3


REAL: dict[str, tuple[Program, bool]] = {
    "one zone": (database(), False),
    "multi-az": (database(multi_az=True), True),
    "multi-az without backups": (database(multi_az=True, backup_retention_period=0), True),
    "aurora, one instance": (aurora("ap-southeast-1a"), False),
    "aurora, two instances in one zone": (aurora("ap-southeast-1a", "ap-southeast-1a"), False),
    "aurora, two instances where RDS puts them": (aurora("", ""), True),
}


@pytest.mark.parametrize(("program", "survives"), REAL.values(), ids=REAL.keys())
def test_the_outage_of_a_real_plan_is_survived_as_expected(program: Program, survives: bool) -> None:
    plan: Plan = preview(program)
    assert all(failure.survives for failure in outages(plan)) is survives
