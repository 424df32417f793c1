"""What the failure of a zone does to brokers, search domains, MemoryDB clusters and file systems; part of SINGLE-ZONE.

- Amazon MQ Developer Guide, "Deployment options for Amazon MQ for ActiveMQ brokers", and the same for RabbitMQ: a
  single-instance broker is "one broker in one Availability Zone".
- Amazon OpenSearch Service Developer Guide, "Configuring a multi-AZ domain": without zone awareness, all nodes of a
  domain are in one zone.
- Amazon MemoryDB Developer Guide, "Minimizing downtime in MemoryDB with Multi-AZ": in a shard without a replica,
  "MemoryDB stops accepting writes until the primary node is replaced and synced from the transaction log".
- Amazon DynamoDB Developer Guide, "DAX cluster components": a cluster without read replicas is one node in one zone.
- Amazon EFS User Guide, "EFS file system types": One Zone stores files "within a single Availability Zone".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, created


def check_services(plan: Plan) -> Iterator[Observation]:
    """Brokers, domains, MemoryDB and DAX clusters and file systems that stop when a zone fails."""
    for kind, check in _CHECKS.items():
        for resource in created(plan, kind):
            if observation := check(plan, resource):
                yield observation


def _broker(_: Plan, broker: Resource) -> Observation | None:
    mode = broker.get("deployment_mode", "SINGLE_INSTANCE")
    if mode is UNKNOWN:
        return _unknown(broker, "its deployment_mode is unknown until deployment", "deployment_mode")
    if mode != "SINGLE_INSTANCE":
        return None
    is_rabbit = str(broker.get("engine_type")).lower() == "rabbitmq"
    # Only ActiveMQ with EFS, its default, stores messages in several zones.
    is_safe = not is_rabbit and str(broker.get("storage_type", "efs")).lower() == "efs"
    messages = "its messages are safe" if is_safe else "its messages cannot be read until the zone is back"
    other = "CLUSTER_MULTI_AZ" if is_rabbit else "ACTIVE_STANDBY_MULTI_AZ"
    return Observation(
        broker,
        f"When the zone that it runs in fails, nothing can be sent or received, because it is the only broker; "
        f"{messages}.",
        f'Set deployment_mode="{other}", with subnets in at least two zones. This replaces the broker, so drain its '
        "queues first.",
        arguments=("deployment_mode",),
    )


def _domain(_: Plan, domain: Resource) -> Observation | None:
    config = domain.get("cluster_config", {})
    if config is UNKNOWN:
        return _unknown(domain, "whether its nodes are in several zones is unknown", "cluster_config")
    config = config[0] if isinstance(config, list) and config else config
    settings = [
        config.get(name) if isinstance(config, Mapping) else None
        for name in ("zone_awareness_enabled", "multi_az_with_standby_enabled")
    ]
    if any(setting is True for setting in settings):
        return None
    if any(setting is UNKNOWN for setting in settings):
        return _unknown(domain, "whether its nodes are in several zones is unknown", "cluster_config")
    return Observation(
        domain,
        "When the zone that it runs in fails, it stops, because all of its nodes run in that zone, with its data.",
        "Set zone_awareness_enabled=True in cluster_config, with at least two data nodes, subnets in as many zones if "
        "it is in a VPC, and replicas of its indices.",
        arguments=("cluster_config",),
    )


def _memory(plan: Plan, cluster: Resource) -> Observation | None:
    replicas = cluster.get("num_replicas_per_shard", 1)
    if replicas is UNKNOWN:
        return _unknown(cluster, "whether its shards have replicas is unknown", "num_replicas_per_shard")
    zones = _zones(plan, cluster, "memorydb.SubnetGroup")
    if replicas and len(zones) != 1:
        return None
    where = next(iter(zones), "the zone of the only node of a shard")
    because = "all of its nodes run in that zone" if replicas else "there is no replica to fail over to"
    return Observation(
        cluster,
        f"When {where} fails, nothing can be written, because {because}; the transaction log keeps the data.",
        "Set num_replicas_per_shard to at least 1, with a subnet group in at least two zones: MemoryDB then fails over "
        "to a replica automatically.",
        arguments=("num_replicas_per_shard", "subnet_group_name"),
    )


def _accelerator(plan: Plan, cluster: Resource) -> Observation | None:
    nodes = cluster.get("replication_factor", 1)
    if nodes is UNKNOWN:
        return _unknown(cluster, "how many nodes it has is unknown until deployment", "replication_factor")
    zones = _zones(plan, cluster, "dax.SubnetGroup")
    if nodes > 1 and len(zones) != 1:
        return None
    return Observation(
        cluster,
        f"When {next(iter(zones), 'the zone of its only node')} fails, it stops: all of its nodes run in that zone.",
        "Set replication_factor to at least 3, with a subnet group in several zones.",
        arguments=("replication_factor", "subnet_group_name"),
    )


def _files(_: Plan, files: Resource) -> Observation | None:
    zone = files.inputs.get("availability_zone_name")
    if not isinstance(zone, str) or not zone:
        return None
    return Observation(
        files,
        f"When {zone} fails, its files cannot be reached, and if the zone is destroyed they are lost: it is a One Zone "
        "file system.",
        "Leave out availability_zone_name: EFS then stores the files in several zones. This replaces the file system, "
        "so copy its files first.",
        arguments=("availability_zone_name",),
    )


def _zones(plan: Plan, cluster: Resource, kind: str) -> set[str]:
    """The zones of the subnets of a cluster, or none if one of them is not known."""
    subnets = [
        subnet
        for group in plan.referenced(cluster, "subnet_group_name", kind)
        for subnet in plan.referenced(group, "subnet_ids", "ec2.Subnet")
    ]
    zones = [subnet.inputs.get("availability_zone") for subnet in subnets]
    known = {zone for zone in zones if isinstance(zone, str) and zone}
    return known if all(zone in known for zone in zones) else set()


def _unknown(resource: Resource, why: str, argument: str) -> Observation:
    return Observation(resource, unknown=why, arguments=(argument,))


_CHECKS: Final[Mapping[str, Callable[[Plan, Resource], Observation | None]]] = {
    "mq.Broker": _broker,
    "opensearch.Domain": _domain,
    "elasticsearch.Domain": _domain,
    "memorydb.Cluster": _memory,
    "dax.Cluster": _accelerator,
    "efs.FileSystem": _files,
}
