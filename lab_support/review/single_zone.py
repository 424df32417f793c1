"""SINGLE-ZONE: a database, a cache or a broker that does not survive the failure of a zone. The outage drill as a rule.

NIST SP 800-53 CP-10 (recovery), SC-5(2) (capacity and redundancy) and SC-36 (distributed processing and storage). It
also reports small databases for development; an acceptance can say that such a risk is acceptable.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.databases import Database, DatabaseKind, databases, is_replica
from lab_support.drills.outage import Effect, effect_on
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from lab_support.reporting import counted
from lab_support.review.caches_in_one_zone import check_caches
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.services_in_one_zone import check_services


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Databases and caches that do not survive the failure of an availability zone."""
    plan = subject.plan
    for database in databases(plan):
        resource = database.resource
        if resource.op == "read" or _is_serverless_v1(database):
            continue
        if reason := _unknown(database):
            yield Observation(resource, unknown=reason, arguments=("multi_az",))
        elif effect := _first_fatal_effect(plan, database):
            yield Observation(resource, _what(database, effect), _repair(database), arguments=("multi_az",))
    yield from _clusters_of_one(plan)
    yield from check_caches(plan)
    yield from check_services(plan)


# Databases whose storage spans zones, as Aurora's does, and whose instances fail over to another one if there is one
# (DocumentDB Developer Guide, "Amazon DocumentDB Failover"; Neptune User Guide, "Fault tolerance").
_SHARED_STORAGE = {"docdb.Cluster": "docdb.ClusterInstance", "neptune.Cluster": "neptune.ClusterInstance"}


def _clusters_of_one(plan: Plan) -> Iterator[Observation]:
    for cluster in created(plan, *_SHARED_STORAGE):
        kind = _SHARED_STORAGE[cluster.kind]
        if is_replica(cluster):
            continue  # a copy of another cluster, which is reviewed itself
        members = [
            member
            for member in plan.of_type(kind)
            if member.op != "delete" and cluster in plan.referenced(member, "cluster_identifier")
        ]
        zones = {member.inputs.get("availability_zone") for member in members}
        zone = next(iter(zones)) if len(zones) == 1 else None
        if not members:
            why = "no instance of this cluster is in the program; another program may create some"
            yield Observation(cluster, unknown=why)
        elif len(members) == 1 or isinstance(zone, str):
            what = (
                f"When {zone if isinstance(zone, str) else 'the zone that it runs in'} fails, it stops, because all of "
                "its instances run in that zone; the data is safe, but there is nothing to fail over to."
            )
            repair = f"Add a second aws.{kind} in another zone: it then takes over automatically."
            yield Observation(cluster, what, repair)


def _first_fatal_effect(plan: Plan, database: Database) -> Effect | None:
    """The effect of the first zone failure that the database does not survive."""
    effects = (effect_on(plan, database, zone) for zone in database.zones or plan.zones)
    return next((effect for effect in effects if not effect.survives), None)


def _is_serverless_v1(database: Database) -> bool:
    """Aurora Serverless v1 has no instances in the program; Aurora creates a new one in another zone (Aurora User
    Guide, "How Aurora Serverless v1 works")."""
    return bool(database.resource.get("engine_mode") == "serverless")


def _unknown(database: Database) -> str:
    """The unknown value that the effect of an outage depends on, in words; empty if there is none."""
    resource = database.resource
    if database.kind is not DatabaseKind.AURORA:
        is_unknown = resource.kind == "rds.Instance" and resource.get("multi_az") is UNKNOWN
        reason = "whether it has a standby in another zone (multi_az) is unknown until deployment"
        return reason if is_unknown else ""
    if resource.get("engine") is UNKNOWN:
        return "its engine is unknown until deployment"
    if not database.members:
        return "no instance of this cluster is in the program; another program may create some"
    zones = [member.get("availability_zone") for member in database.members]
    if len(zones) > 1 and any(not isinstance(zone, str) for zone in zones):
        return "the zones of its instances are unknown until deployment"
    return ""


def _what(database: Database, effect: Effect) -> str:
    resources = (database.resource, *database.members)
    is_chosen = any(resource.inputs.get("availability_zone") for resource in resources)
    zone = effect.zone if is_chosen else "the zone that it runs in"
    lost = f" Lost: {effect.lost.text}." if effect.lost else ""
    days = database.backup_days
    kept = f" Backups are kept for {counted(days, 'day')}." if days else ""
    return f"When {zone} fails, {effect.what}.{lost}{kept}"


def _repair(database: Database) -> str:
    if database.kind is DatabaseKind.AURORA:
        return "Add a second aws.rds.ClusterInstance in another zone: Aurora then fails over to it automatically."
    return (
        "Set multi_az=True, with a subnet group in at least two zones: RDS then keeps a standby in another zone and "
        "fails over to it automatically."
    )


RULE = ReviewRule(
    "SINGLE-ZONE",
    "High",
    "availability",
    "CP-10, SC-5(2), SC-36",
    "A database, a cache or a broker stops when one availability zone fails",
    "Set multi_az=True on an RDS instance, with a subnet group in two zones, or give an Aurora cluster a "
    "second instance in another zone. For ElastiCache, set automatic_failover_enabled=True and multi_az_enabled=True "
    "on a replication group with a replica. Brokers, search domains and MemoryDB clusters have arguments of their own "
    "for several zones. What may be lost for some hours, such as a database for tests, can be accepted in "
    ".lab-review.yaml with a reason and a date.",
    check,
)
