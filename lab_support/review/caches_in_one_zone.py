"""What the failure of a zone does to the caches of a plan; part of SINGLE-ZONE.

ElastiCache User Guide, "Resilience in Amazon ElastiCache" and "Minimizing downtime in ElastiCache by using Multi-AZ":
without automatic failover, ElastiCache replaces a failed primary instead of promoting a replica; a replacement is
created in the zone of the failed node, and what a single node held is lost. Only Multi-AZ promises that the nodes are
in different zones: without it, ElastiCache or the program chooses them. Serverless caches always span zones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, created
from lab_support.review.wording import listed

_GROUP, _CLUSTER = "elasticache.ReplicationGroup", "elasticache.Cluster"
_REPAIR: Final = (
    "Set automatic_failover_enabled=True and multi_az_enabled=True, with at least one replica in each shard and a "
    "subnet group in at least two zones: ElastiCache then promotes a replica in another zone."
)
# They watch a cache or belong to it, but do not use it.
_NO_USERS: Final = ("cloudwatch.", "elasticache.", "appautoscaling.")


def check_caches(plan: Plan) -> Iterator[Observation]:
    """Caches that stop when a zone fails, and those whose zones the program leaves open."""
    for group in created(plan, _GROUP):
        # A secondary group of a global datastore holds a copy; the primary one is reviewed itself.
        if not group.inputs.get("global_replication_group_id"):
            yield from _of_group(plan, group)
    for cluster in created(plan, _CLUSTER):
        if not cluster.inputs.get("replication_group_id"):
            yield from _of_cluster(plan, cluster)


def _of_group(plan: Plan, group: Resource) -> Iterator[Observation]:
    nodes = _nodes_of_a_shard(plan, group)
    failover, multi_az = group.get("automatic_failover_enabled"), group.get("multi_az_enabled")
    arguments = (
        "automatic_failover_enabled",
        "multi_az_enabled",
        "num_cache_clusters",
        "replicas_per_node_group",
    )
    if nodes is not UNKNOWN and nodes == 1:
        shards = group.inputs.get("num_node_groups", 1)
        what = (
            f"When the zone of {'its only node' if shards == 1 else 'the only node of a shard'} fails, the node stops, "
            "and what it holds is lost: ElastiCache replaces it, empty, in the same zone."
        )
        yield Observation(group, what, _REPAIR, arguments=arguments)
    elif UNKNOWN in (nodes, failover, multi_az):
        why = "whether a replica in another zone takes over is unknown until deployment"
        yield Observation(group, unknown=why, arguments=arguments)
    elif failover is not True:
        what = (
            "When the zone of its primary fails, nothing can be written: automatic failover is off, so ElastiCache "
            f"replaces the primary instead of promoting {'its replica' if nodes == 2 else 'a replica'}."
        )
        yield Observation(group, what, _REPAIR, arguments=arguments)
    elif multi_az is not True:
        zones = _chosen_zones(plan, group)
        if len(zones) == 1:
            what = f"When {zones[0]} fails, it stops, because all of its nodes run in that zone."
            yield Observation(group, what, _REPAIR, arguments=arguments)
        elif not zones:
            why = "ElastiCache chooses the zones of its nodes; multi_az_enabled=True makes them differ"
            yield Observation(group, unknown=why, arguments=arguments)


def _nodes_of_a_shard(plan: Plan, group: Resource) -> Any:
    """How many nodes the smallest shard of a replication group has, or UNKNOWN."""
    blocks, given = group.inputs.get("node_group_configurations"), group.inputs.get("replicas_per_node_group")
    replicas = [block.get("replica_count") for block in _listed(blocks) if isinstance(block, Mapping)] or [
        given
    ]
    known = [int(count) for count in replicas if isinstance(count, (int, float))]
    if len(known) == len(replicas):
        return 1 + min(known)
    if blocks or given is not None or group.inputs.get("num_node_groups"):
        return UNKNOWN
    count = group.get("num_cache_clusters", 1)
    added = [
        cluster
        for cluster in plan.of_type(_CLUSTER)
        if group in plan.referenced(cluster, "replication_group_id")
    ]
    return int(count) + len(added) if isinstance(count, (int, float)) else UNKNOWN


def _of_cluster(plan: Plan, cluster: Resource) -> Iterator[Observation]:
    nodes, mode = cluster.get("num_cache_nodes", 1), cluster.inputs.get("az_mode")
    zones = {*_listed(cluster.inputs.get("preferred_availability_zones"))}
    if nodes is not UNKNOWN and nodes > 1 and (mode == "cross-az" or len(zones) > 1):
        return  # Memcached: the nodes in the other zones keep running, with their part of what is cached
    arguments = ("az_mode", "num_cache_nodes", "availability_zone")
    if UNKNOWN in (nodes, mode, *zones):
        yield Observation(
            cluster, unknown="the zones of its nodes are unknown until deployment", arguments=arguments
        )
        return
    users = _users_of(plan, cluster)
    if not users:
        why = "all of its nodes run in one zone, but nothing in this program uses it"
        yield Observation(cluster, unknown=why, arguments=arguments)
        return
    zone = cluster.inputs.get("availability_zone") or next(iter(zones), None)
    where = zone if isinstance(zone, str) else f"the zone of its {'only node' if nodes == 1 else 'nodes'}"
    what = (
        f"When {where} fails, it stops, and what it holds is lost: ElastiCache replaces nodes empty, in the same "
        f"zone. {listed(users)} {'uses' if len(users) == 1 else 'use'} it."
    )
    memcached = cluster.get("engine") == "memcached"
    repair = (
        'Set az_mode="cross-az" with at least two nodes: those in the other zones keep running.'
        if memcached
        else "Use an aws.elasticache.ReplicationGroup with a replica instead. " + _REPAIR
    )
    yield Observation(cluster, what, repair, arguments=arguments)


def _users_of(plan: Plan, cluster: Resource) -> list[str]:
    """The resources that are given something of a cluster, such as its address."""
    return [
        resource.name
        for resource in plan
        if resource.is_custom
        and not resource.kind.startswith(_NO_USERS)
        and any(cluster.urn in urns for urns in resource.properties_from.values())
    ]


def _chosen_zones(plan: Plan, group: Resource) -> tuple[str, ...]:
    """The zones that the program chooses for the nodes of a group, or that its subnets leave; empty if it is open."""
    zones = _listed(group.inputs.get("preferred_cache_cluster_azs"))
    for block in _listed(group.inputs.get("node_group_configurations")):
        if isinstance(block, Mapping):
            zones += [
                block.get("primary_availability_zone"),
                *_listed(block.get("replica_availability_zones")),
            ]
    if not zones:
        subnets = [
            subnet
            for subnet_group in plan.referenced(group, "subnet_group_name", "elasticache.SubnetGroup")
            for subnet in plan.referenced(subnet_group, "subnet_ids", "ec2.Subnet")
        ]
        zones = [subnet.inputs.get("availability_zone") for subnet in subnets]
        zones = zones if len(set(zones)) == 1 else []
    known = [zone for zone in zones if isinstance(zone, str) and zone]
    return tuple(dict.fromkeys(known)) if len(known) == len(zones) else ()


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
