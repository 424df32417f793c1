"""SINGLE-ZONE on small plans: what is a finding, what is unknown, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.outage import ALL_UNTIL_BACK, ALONE
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewSubject
from lab_support.review.single_zone import check
from tests.plans import ZONE_A, ZONE_B, a_plan, a_resource, a_subnet_group


def observations(plan: Plan) -> list[Observation]:
    return list(check(ReviewSubject(plan)))


def a_database(**more: Any) -> Plan:
    return a_plan(a_resource("rds.Instance", "db", identifier="db", engine="postgres", **more))


def an_aurora(*zones: Any, **more: Any) -> Plan:
    cluster = a_resource(
        "rds.Cluster", "db", id="db", cluster_identifier="db", engine="aurora-postgresql", **more
    )
    members = [
        a_resource(
            "rds.ClusterInstance",
            f"m{n}",
            identifier=f"m{n}",
            cluster_identifier="db",
            availability_zone=zone,
        )
        for n, zone in enumerate(zones)
    ]
    return a_plan(cluster, *members)


def test_an_instance_without_a_standby_is_a_finding() -> None:
    (found,) = observations(a_database(multi_az=False, backup_retention_period=7))
    assert found.resource is not None
    assert found.resource.name == "db"
    assert found.what.startswith("When the zone that it runs in fails, it stops")
    assert "7 days" in found.what
    assert "multi_az=True" in found.repair


def test_the_finding_names_a_zone_that_the_program_chooses() -> None:
    plan = a_database(multi_az=False, availability_zone=ZONE_B, inputs={"availability_zone": ZONE_B})
    assert observations(plan)[0].what.startswith(f"When {ZONE_B} fails")


def test_a_database_in_another_region_is_a_finding() -> None:
    plan = a_database(multi_az=False, availability_zone="us-west-2d", region="us-west-2")
    assert len(observations(plan)) == 1


def test_without_backups_the_finding_says_that_everything_is_lost() -> None:
    (found,) = observations(a_database(multi_az=False, backup_retention_period=0))
    assert "no backups to restore from" in found.what
    assert ALL_UNTIL_BACK.text in found.what


@pytest.mark.parametrize(
    "plan",
    [
        a_plan(*a_subnet_group(ZONE_A, ZONE_B), a_resource("rds.Instance", "db", multi_az=True)),
        a_plan(a_resource("rds.Instance", "db", multi_az=False, replicate_source_db="other")),
        a_plan(a_resource("rds.Instance", "db", multi_az=False, op="read")),
        a_plan(a_resource("rds.Cluster", "db", engine="mysql")),
        a_plan(a_resource("rds.Cluster", "db", engine="aurora-mysql", engine_mode="serverless")),
        an_aurora(ZONE_A, ZONE_B),
        a_plan(a_resource("s3.Bucket", "db")),
    ],
    ids=["multi-az", "replica", "only read", "multi-az cluster", "serverless v1", "aurora", "none"],
)
def test_a_database_that_survives_is_no_finding(plan: Plan) -> None:
    assert observations(plan) == []


@pytest.mark.parametrize("zones", [(ZONE_A,), (ZONE_A, ZONE_A)])
def test_aurora_with_instances_in_one_zone_is_a_finding(zones: tuple[str, ...]) -> None:
    (found,) = observations(an_aurora(*zones))
    assert found.what.startswith("When the zone that it runs in fails, it stops")
    assert ALONE.text in found.what
    assert "aws.rds.ClusterInstance" in found.repair


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (a_database(multi_az=UNKNOWN), "multi_az"),
        (an_aurora(), "no instance of this cluster is in the program"),
        (an_aurora(ZONE_A, UNKNOWN), "the zones of its instances are unknown"),
    ],
)
def test_an_effect_that_depends_on_an_unknown_value_is_unknown(plan: Plan, words: str) -> None:
    (found,) = observations(plan)
    assert words in found.unknown
    assert not found.what
