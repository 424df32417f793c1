"""The databases of a plan, and the zones in which their parts run.

A database is what an application writes to: an RDS instance, a Multi-AZ DB cluster or an Aurora cluster. A read replica
is not a database of its own: it has a lagging copy, and someone must promote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = ["databases"]  # what notebooks import from lab_support


class DatabaseKind(StrEnum):
    """How RDS deploys a database, which decides what happens when a zone fails."""

    SINGLE_AZ = "Single-AZ instance"
    MULTI_AZ = "Multi-AZ instance"
    MULTI_AZ_CLUSTER = "Multi-AZ DB cluster"
    AURORA = "Aurora cluster"


@dataclass(frozen=True)
class Part:
    """A part of a database that runs in one zone. `role`: primary, standby, reader or replica."""

    name: str
    role: str
    zone: str


@dataclass(frozen=True)
class Database:
    """One database of a plan: its resource, how RDS deploys it, and its parts, the primary first.

    `members` are the instances of an Aurora cluster.
    """

    resource: Resource
    kind: DatabaseKind
    parts: tuple[Part, ...]
    members: tuple[Resource, ...] = ()

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.resource.name

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones in which its parts run."""
        return tuple(dict.fromkeys(part.zone for part in self.parts))

    @property
    def engine(self) -> str:
        """Its engine; `postgres` or `aurora-postgresql` for PostgreSQL."""
        return str(self.resource.get("engine", ""))

    @property
    def backup_days(self) -> int:
        """How many days RDS keeps backups; 0 means that there are none."""
        days = self.resource.get("backup_retention_period", 0)
        return int(days) if isinstance(days, (int, float)) else 0

    @property
    def is_public(self) -> bool:
        """Whether it, or an instance of it, is or may be reachable from the internet."""
        values = [resource.get("publicly_accessible", False) for resource in (self.resource, *self.members)]
        return any(value is not False for value in values)


def databases(plan: Plan) -> tuple[Database, ...]:
    """Every database that the plan would create, in the order of the plan."""
    found: list[Database] = []
    for resource in plan.of_type("rds.Instance", "rds.Cluster"):
        if resource.op == "delete" or is_replica(resource):
            continue
        found.append(
            _instance(plan, resource) if resource.kind == "rds.Instance" else _cluster(plan, resource)
        )
    return tuple(found)


def is_replica(resource: Resource) -> bool:
    """Whether an instance or a cluster replicates another one."""
    sources = [resource.get(name) for name in ("replicate_source_db", "replication_source_identifier")]
    return any(source is UNKNOWN or source for source in sources) or _is_secondary(resource)


def _is_secondary(resource: Resource) -> bool:
    """Whether a cluster is a secondary one of a global cluster: it gets its data, and its user, from the primary one
    (Amazon Aurora User Guide, "Getting started with Amazon Aurora global databases")."""
    origins = ("master_username", "snapshot_identifier", "restore_to_point_in_time", "s3_import")
    is_member = resource.inputs.get("global_cluster_identifier") is not None
    return is_member and all(resource.inputs.get(name) is None for name in origins)


def replicas_of(plan: Plan, database: Database) -> tuple[Resource, ...]:
    """The read replicas of a database in the plan."""
    return tuple(
        instance
        for instance in plan.of_type("rds.Instance")
        if database.resource in plan.referenced(instance, "replicate_source_db", "rds.Instance")
    )


def _instance(plan: Plan, resource: Resource) -> Database:
    zones = zones_of_group(plan, resource)
    first = resource.get("availability_zone")
    first = first if isinstance(first, str) else zones[0]
    parts = [Part(resource.name, "primary", first)]
    if resource.get("multi_az") is not True:
        return Database(resource, DatabaseKind.SINGLE_AZ, tuple(parts))
    # RDS places the standby in another zone of the subnet group, and rejects a group with only one zone.
    second = next(zone for zone in (*zones, *plan.zones) if zone != first)
    parts.append(Part(resource.name, "standby", second))
    return Database(resource, DatabaseKind.MULTI_AZ, tuple(parts))


def _cluster(plan: Plan, resource: Resource) -> Database:
    if not str(resource.get("engine", "")).startswith("aurora"):
        zones = (*zones_of_group(plan, resource), *plan.zones)
        distinct = tuple(dict.fromkeys(zones))[:3]
        roles = ("primary", "reader", "reader")
        parts = [Part(resource.name, role, zone) for role, zone in zip(roles, distinct, strict=False)]
        return Database(resource, DatabaseKind.MULTI_AZ_CLUSTER, tuple(parts))
    members = tuple(
        member
        for member in plan.of_type("rds.ClusterInstance")
        if resource in plan.referenced(member, "cluster_identifier", "rds.Cluster")
    )
    ordered = sorted(members, key=lambda member: (_tier(member), member.name))
    parts = [
        Part(member.name, "reader" if n else "primary", str(member.get("availability_zone", plan.zones[0])))
        for n, member in enumerate(ordered)
    ]
    return Database(resource, DatabaseKind.AURORA, tuple(parts), members)


def _tier(member: Resource) -> int:
    tier = member.get("promotion_tier", 0)
    return int(tier) if isinstance(tier, (int, float)) else 0


def zones_of_group(plan: Plan, resource: Resource) -> tuple[str, ...]:
    """The zones of a database's subnets, sorted; all zones of the region if the plan does not say."""
    zones = set()
    for group in plan.referenced(resource, "db_subnet_group_name", "rds.SubnetGroup"):
        for subnet in plan.referenced(group, "subnet_ids", "ec2.Subnet"):
            zone = subnet.get("availability_zone")
            if zone is not UNKNOWN and zone:
                zones.add(str(zone))
    return tuple(sorted(zones)) or plan.zones
