"""SINGLE-ZONE on small plans: what is a finding, what is unknown, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.outage import ALL_UNTIL_BACK, ALONE
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
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
        an_aurora(ZONE_A, inputs={"global_cluster_identifier": "everywhere"}),
        a_plan(a_resource("s3.Bucket", "db")),
    ],
    ids=[
        *("multi-az", "replica", "only read", "multi-az cluster", "serverless v1", "aurora"),
        *("secondary of a global cluster", "none"),
    ],
)
def test_a_database_that_survives_is_no_finding(plan: Plan) -> None:
    assert observations(plan) == []


def test_the_primary_of_a_global_cluster_is_judged_like_any_other() -> None:
    primary = {"global_cluster_identifier": "everywhere", "master_username": "app"}
    assert len(observations(an_aurora(ZONE_A, inputs=primary))) == 1


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


def a_cluster_of(kind: str, *zones: str | None) -> Plan:
    cluster = a_resource(f"{kind}.Cluster", "db", id="db", cluster_identifier="db")
    members = [
        a_resource(
            f"{kind}.ClusterInstance",
            f"m{n}",
            cluster_identifier="db",
            inputs={"availability_zone": zone} if zone else {},
        )
        for n, zone in enumerate(zones)
    ]
    return a_plan(cluster, *members)


@pytest.mark.parametrize("kind", ["docdb", "neptune"])
def test_a_cluster_that_cannot_fail_over_is_a_finding(kind: str) -> None:
    for plan in (a_cluster_of(kind, None), a_cluster_of(kind, ZONE_A, ZONE_A)):
        (found,) = observations(plan)
        assert found.what
        assert f"aws.{kind}.ClusterInstance" in found.repair
    assert (
        observations(a_cluster_of(kind, None, None)) == observations(a_cluster_of(kind, ZONE_A, ZONE_B)) == []
    )
    assert observations(a_cluster_of(kind))[0].unknown


def a_group(*others: Resource, **arguments: Any) -> Plan:
    group = a_resource("elasticache.ReplicationGroup", "cache", id="cache", inputs=arguments, **arguments)
    return a_plan(group, *others)


FAILS_OVER = {"automatic_failover_enabled": True}


@pytest.mark.parametrize(
    "plan",
    [
        a_group(num_cache_clusters=1),
        a_group(),
        a_group(num_cache_clusters=3),
        a_group(num_cache_clusters=2, automatic_failover_enabled=False),
        a_group(
            num_node_groups=2,
            replicas_per_node_group=0,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
        ),
        a_group(num_cache_clusters=2, preferred_cache_cluster_azs=[ZONE_A, ZONE_A], **FAILS_OVER),
        a_group(node_group_configurations=[{"replica_count": 1}, {"replica_count": 0}], **FAILS_OVER),
    ],
    ids=[
        "one node",
        "no arguments",
        "no failover",
        "failover off",
        "shards of one",
        "one zone chosen",
        "blocks",
    ],
)
def test_a_replication_group_that_stops_with_a_zone_is_a_finding(plan: Plan) -> None:
    (found,) = observations(plan)
    assert found.resource is not None
    assert found.resource.name == "cache"
    assert found.what.startswith("When ")
    assert "automatic_failover_enabled=True" in found.repair


@pytest.mark.parametrize(
    "plan",
    [
        a_group(num_cache_clusters=2, multi_az_enabled=True, **FAILS_OVER),
        a_group(num_node_groups=2, replicas_per_node_group=1, multi_az_enabled=True, **FAILS_OVER),
        a_group(num_cache_clusters=2, preferred_cache_cluster_azs=[ZONE_A, ZONE_B], **FAILS_OVER),
        a_group(global_replication_group_id="another"),
        a_plan(a_resource("elasticache.ServerlessCache", "cache")),
    ],
    ids=["multi-az", "shards", "zones chosen", "copy of another region", "serverless"],
)
def test_a_cache_that_fails_over_to_another_zone_is_no_finding(plan: Plan) -> None:
    assert observations(plan) == []


@pytest.mark.parametrize(
    "plan",
    [
        a_group(num_cache_clusters=2, **FAILS_OVER),
        a_group(num_cache_clusters=UNKNOWN),
        a_group(num_cache_clusters=2, multi_az_enabled=UNKNOWN),
        a_group(num_node_groups=2),
        a_plan(a_resource("elasticache.Cluster", "cache", engine="redis")),
    ],
    ids=["zones open", "nodes unknown", "multi-az unknown", "replicas open", "not used"],
)
def test_a_cache_of_which_the_program_does_not_say_enough_is_unknown(plan: Plan) -> None:
    (found,) = observations(plan)
    assert found.unknown
    assert not found.what


def a_used_cluster(**arguments: Any) -> Plan:
    cache = a_resource("elasticache.Cluster", "cache", inputs=arguments, **arguments)
    task = a_resource("ecs.TaskDefinition", "task", properties_from={"container_definitions": (cache.urn,)})
    return a_plan(cache, task)


@pytest.mark.parametrize(
    ("arguments", "repair"),
    [
        ({"engine": "redis"}, "aws.elasticache.ReplicationGroup"),
        ({"engine": "memcached", "num_cache_nodes": 1}, 'az_mode="cross-az"'),
        ({"engine": "memcached", "num_cache_nodes": 3}, 'az_mode="cross-az"'),
        ({"engine": "memcached", "num_cache_nodes": 2, "az_mode": "single-az"}, 'az_mode="cross-az"'),
    ],
)
def test_a_cluster_in_one_zone_is_a_finding_if_something_uses_it(
    arguments: dict[str, Any], repair: str
) -> None:
    (found,) = observations(a_used_cluster(**arguments))
    assert "task uses it" in found.what
    assert repair in found.repair


def test_nodes_of_memcached_in_two_zones_and_members_of_a_group_are_no_finding() -> None:
    assert observations(a_used_cluster(engine="memcached", num_cache_nodes=2, az_mode="cross-az")) == []
    zones = [ZONE_A, ZONE_B]
    assert (
        observations(
            a_used_cluster(engine="memcached", num_cache_nodes=2, preferred_availability_zones=zones)
        )
        == []
    )
    member = a_resource(
        "elasticache.Cluster", "m", replication_group_id="cache", inputs={"replication_group_id": "cache"}
    )
    assert observations(a_group(member, num_cache_clusters=1, multi_az_enabled=True, **FAILS_OVER)) == []


def a_service(kind: str, *others: Resource, **properties: Any) -> Plan:
    return a_plan(a_resource(kind, "service", inputs=properties, **properties), *others)


def subnets_of(kind: str, *zones: str) -> list[Resource]:
    subnets = [
        a_resource("ec2.Subnet", f"subnet-{n}", inputs={"availability_zone": zone})
        for n, zone in enumerate(zones)
    ]
    group = a_resource(kind, "group", id="group", subnet_ids=[subnet.id for subnet in subnets])
    return [*subnets, group]


@pytest.mark.parametrize(
    ("plan", "what", "repair"),
    [
        (a_service("mq.Broker", engine_type="ActiveMQ"), "its messages are safe", "ACTIVE_STANDBY_MULTI_AZ"),
        (
            a_service("mq.Broker", engine_type="RabbitMQ", deployment_mode="SINGLE_INSTANCE"),
            "cannot be read until",
            "CLUSTER_MULTI_AZ",
        ),
        (a_service("opensearch.Domain"), "all of its nodes", "zone_awareness_enabled=True"),
        (
            a_service("elasticsearch.Domain", cluster_config={"instance_count": 3}),
            "all of its nodes",
            "zone_awareness_enabled=True",
        ),
        (a_service("memorydb.Cluster", num_replicas_per_shard=0), "no replica", "num_replicas_per_shard"),
        (
            a_service(
                "memorydb.Cluster", *subnets_of("memorydb.SubnetGroup", ZONE_A), subnet_group_name="group"
            ),
            f"When {ZONE_A} fails",
            "num_replicas_per_shard",
        ),
        (a_service("dax.Cluster", replication_factor=1), "its only node", "replication_factor"),
        (a_service("efs.FileSystem", availability_zone_name=ZONE_A), "One Zone", "availability_zone_name"),
    ],
)
def test_a_service_in_one_zone_is_a_finding(plan: Plan, what: str, repair: str) -> None:
    (found,) = observations(plan)
    assert what in found.what
    assert repair in found.repair


@pytest.mark.parametrize(
    "plan",
    [
        a_service("mq.Broker", deployment_mode="ACTIVE_STANDBY_MULTI_AZ"),
        a_service("mq.Broker", deployment_mode="CLUSTER_MULTI_AZ"),
        a_plan(a_resource("mq.Broker", "service", op="read")),
        a_service("opensearch.Domain", cluster_config={"zone_awareness_enabled": True}),
        a_service("opensearch.Domain", cluster_config={"multi_az_with_standby_enabled": True}),
        a_service("memorydb.Cluster"),
        a_service(
            "memorydb.Cluster", *subnets_of("memorydb.SubnetGroup", ZONE_A, ZONE_B), subnet_group_name="group"
        ),
        a_service("dax.Cluster", replication_factor=3),
        a_service("efs.FileSystem"),
    ],
)
def test_a_service_in_several_zones_is_no_finding(plan: Plan) -> None:
    assert observations(plan) == []


@pytest.mark.parametrize(
    "plan",
    [
        a_service("mq.Broker", deployment_mode=UNKNOWN),
        a_service("opensearch.Domain", cluster_config={"zone_awareness_enabled": UNKNOWN}),
        a_service("opensearch.Domain", cluster_config=UNKNOWN),
        a_service("memorydb.Cluster", num_replicas_per_shard=UNKNOWN),
        a_service("dax.Cluster", replication_factor=UNKNOWN),
    ],
)
def test_a_service_whose_zones_are_not_known_before_deployment_is_unknown(plan: Plan) -> None:
    (found,) = observations(plan)
    assert found.unknown
    assert not found.what
