"""Which databases a plan holds, and where each of their parts runs: what an outage of a zone meets.

A database is what an application writes to: an RDS instance, a Multi-AZ DB cluster or an Aurora cluster. Read
replicas are not databases of their own: they hold a late copy, and becoming the primary takes somebody's action.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN


class DatabaseKind(StrEnum):
    """The ways in which RDS runs a database, by what happens when a zone fails."""

    SINGLE_AZ = "Single-AZ instance"
    MULTI_AZ = "Multi-AZ instance"
    MULTI_AZ_CLUSTER = "Multi-AZ DB cluster"
    AURORA = "Aurora cluster"


@dataclass(frozen=True)
class Part:
    """Something of a database that runs in one zone. `role`: primary, standby, reader or replica."""

    name: str
    role: str
    zone: str


@dataclass(frozen=True)
class Database:
    """One database of a plan: its resource, how RDS runs it, and its parts, the primary first."""

    resource: Resource
    kind: DatabaseKind
    parts: tuple[Part, ...]
    members: tuple[Resource, ...] = ()

    @property
    def name(self) -> str:
        """The name that the program gave it."""
        return self.resource.name

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones in which a part of it runs."""
        return tuple(dict.fromkeys(part.zone for part in self.parts))

    @property
    def engine(self) -> str:
        """The engine, `postgres` or `aurora-postgresql` for PostgreSQL."""
        return str(self.resource.get("engine", ""))

    @property
    def backup_days(self) -> int:
        """How many days of backups RDS keeps; 0 is none."""
        days = self.resource.get("backup_retention_period", 0)
        return int(days) if isinstance(days, (int, float)) else 0

    @property
    def is_public(self) -> bool:
        """Whether it, or an instance of it, has an address on the internet (or might have: that is unknown)."""
        answers = [each.get("publicly_accessible", False) for each in (self.resource, *self.members)]
        return any(answer is not False for answer in answers)


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
    """Whether an instance or a cluster only follows another one."""
    sources = [resource.get(name) for name in ("replicate_source_db", "replication_source_identifier")]
    return any(source is UNKNOWN or source for source in sources)


def replicas_of(plan: Plan, database: Database) -> tuple[Resource, ...]:
    """The read replicas of a database in the plan."""
    return tuple(
        each
        for each in plan.of_type("rds.Instance")
        if database.resource in plan.referenced(each, "replicate_source_db", "rds.Instance")
    )


def _instance(plan: Plan, resource: Resource) -> Database:
    zones = zones_of_group(plan, resource)
    first = resource.get("availability_zone")
    first = first if isinstance(first, str) else zones[0]
    parts = [Part(resource.name, "primary", first)]
    if resource.get("multi_az") is not True:
        return Database(resource, DatabaseKind.SINGLE_AZ, tuple(parts))
    # RDS puts the standby into another zone of the subnet group, and refuses a group without one.
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
    """The zones of the subnets that a database may use, sorted; all of the region's where the plan cannot tell."""
    zones = set()
    for group in plan.referenced(resource, "db_subnet_group_name", "rds.SubnetGroup"):
        for subnet in plan.referenced(group, "subnet_ids", "ec2.Subnet"):
            zone = subnet.get("availability_zone")
            if zone is not UNKNOWN and zone:
                zones.add(str(zone))
    return tuple(sorted(zones)) or plan.zones
