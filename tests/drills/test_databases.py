"""The databases of a plan, and the zones in which their parts run."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.databases import DatabaseKind, databases, is_replica, replicas_of, zones_of_group
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource, a_subnet_group


def an_instance(name: str = "db", **properties: Any) -> Resource:
    usual = {"engine": "postgres", "availability_zone": ZONE_B, "db_subnet_group_name": "group"}
    return a_resource("rds.Instance", name, **{**usual, **properties})


def a_member(name: str, zone: Any, **properties: Any) -> Resource:
    return a_resource(
        "rds.ClusterInstance", name, cluster_identifier="cluster", availability_zone=zone, **properties
    )


def a_cluster(engine: str = "aurora-postgresql", **properties: Any) -> Resource:
    return a_resource(
        "rds.Cluster", "cluster", id="cluster", engine=engine, db_subnet_group_name="group", **properties
    )


NETWORK = a_subnet_group(ZONE_A, ZONE_B, ZONE_C)


def parts(*resources: Resource) -> list[tuple[str, str]]:
    """The role and the zone of every part of the one database among these resources."""
    (found,) = databases(a_plan(*NETWORK, *resources))
    return [(part.role, part.zone) for part in found.parts]


def test_a_plan_without_a_database_has_none() -> None:
    assert databases(a_plan(*NETWORK)) == ()


def test_an_instance_runs_in_its_zone() -> None:
    assert parts(an_instance()) == [("primary", ZONE_B)]


def test_multi_az_adds_a_standby_in_another_zone_of_the_subnet_group() -> None:
    resources = (*a_subnet_group(ZONE_B, ZONE_C), an_instance(multi_az=True))
    (found,) = databases(a_plan(*resources))
    assert [(part.role, part.zone) for part in found.parts] == [("primary", ZONE_B), ("standby", ZONE_C)]
    assert found.kind is DatabaseKind.MULTI_AZ


@pytest.mark.parametrize("multi_az", [False, None, UNKNOWN])
def test_a_standby_counts_only_if_it_is_certain(multi_az: Any) -> None:
    assert parts(an_instance(multi_az=multi_az)) == [("primary", ZONE_B)]


def test_a_multi_az_cluster_runs_in_three_zones() -> None:
    assert parts(a_cluster("postgres")) == [("primary", ZONE_A), ("reader", ZONE_B), ("reader", ZONE_C)]


def test_the_primary_of_aurora_is_the_instance_with_the_lowest_promotion_tier() -> None:
    second = a_member("a-second", ZONE_A, promotion_tier=1)
    first = a_member("z-first", ZONE_C, promotion_tier=0)
    assert parts(a_cluster(), second, first) == [("primary", ZONE_C), ("reader", ZONE_A)]


def test_aurora_without_an_instance_has_no_part() -> None:
    assert parts(a_cluster()) == []


def test_members_of_another_cluster_do_not_count() -> None:
    stranger = a_resource("rds.ClusterInstance", "x", cluster_identifier="another", availability_zone=ZONE_A)
    assert parts(a_cluster(), stranger) == []


@pytest.mark.parametrize("name", ["replicate_source_db", "replication_source_identifier"])
def test_a_replica_is_no_database_of_its_own(name: str) -> None:
    follower = an_instance("follower", **{name: "db"})
    assert is_replica(follower)
    (found,) = databases(a_plan(an_instance(), follower))
    assert found.name == "db"


@pytest.mark.parametrize("handle", ["db-id", "the-name", "arn:aws:rds:x"])
def test_a_replica_is_found_by_any_handle_of_its_source(handle: str) -> None:
    source = an_instance(identifier="the-name", arn="arn:aws:rds:x")
    follower = an_instance("follower", replicate_source_db=handle)
    plan = a_plan(source, follower)
    (found,) = databases(plan)
    assert replicas_of(plan, found) == (follower,)


def test_a_deleted_database_does_not_count() -> None:
    assert databases(a_plan(an_instance(op="delete"))) == ()


@pytest.mark.xfail(strict=True, reason="only databases are left out if deleted, not their instances")
def test_a_deleted_instance_of_a_cluster_does_not_count() -> None:
    going = a_member("going", ZONE_B, promotion_tier=1, op="delete")
    assert parts(a_cluster(), a_member("stays", ZONE_A), going) == [("primary", ZONE_A)]


def test_the_zones_of_a_subnet_group_are_those_of_its_subnets() -> None:
    database = an_instance()
    assert zones_of_group(a_plan(*a_subnet_group(ZONE_C, ZONE_A), database), database) == (ZONE_A, ZONE_C)


def test_the_zones_of_an_unknown_subnet_group_are_all_of_the_region() -> None:
    database = an_instance(db_subnet_group_name="made-elsewhere")
    assert zones_of_group(a_plan(database), database) == (ZONE_A, ZONE_B, ZONE_C)


@pytest.mark.parametrize(("days", "expected"), [(30, 30), (7.0, 7), (None, 0), (UNKNOWN, 0)])
def test_unknown_or_missing_backup_days_count_as_none(days: Any, expected: int) -> None:
    (found,) = databases(a_plan(an_instance(backup_retention_period=days)))
    assert found.backup_days == expected


@pytest.mark.parametrize(("value", "public"), [(False, False), (None, False), (True, True), (UNKNOWN, True)])
def test_a_database_that_may_be_public_counts_as_public(value: Any, public: bool) -> None:
    (found,) = databases(a_plan(an_instance(publicly_accessible=value)))
    assert found.is_public is public


def test_a_cluster_with_a_public_instance_is_public() -> None:
    (found,) = databases(a_plan(a_cluster(), a_member("m", ZONE_A, publicly_accessible=True)))
    assert found.is_public


def test_databases_come_in_the_order_of_the_plan() -> None:
    plan = a_plan(an_instance("z"), a_cluster("postgres"), an_instance("a"))
    assert [found.name for found in databases(plan)] == ["z", "cluster", "a"]
