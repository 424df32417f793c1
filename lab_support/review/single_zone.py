"""SINGLE-ZONE: a database that one failing zone stops. The outage drill as a rule.

NIST SP 800-53 CP-10 (recovery) and SC-5 (denial of service). True of every database without a second part, of a small
one for development, too: how bad that is, the severity and an acceptance say.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.databases import Database, DatabaseKind, databases
from lab_support.drills.outage import Effect, effect_on
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from lab_support.review.findings import Observation, ReviewRule, ReviewSubject, counted


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """The databases that do not go on when some zone fails."""
    plan = subject.plan
    for database in databases(plan):
        resource = database.resource
        if resource.op == "read" or _runs_by_itself(database):
            continue
        if reason := _not_known(plan, database):
            yield Observation(resource, unknown=reason)
        elif failure := _worst(plan, database):
            yield Observation(resource, _what(database, failure), _repair(database))


def _worst(plan: Plan, database: Database) -> Effect | None:
    """What the failure of a zone does that stops the database."""
    effects = (effect_on(plan, database, zone) for zone in database.zones or plan.zones)
    return next((effect for effect in effects if not effect.survives), None)


def _runs_by_itself(database: Database) -> bool:
    """Aurora Serverless v1 has no instances: Aurora makes a new one in another zone (Aurora User Guide, "How Aurora
    Serverless v1 works")."""
    return bool(database.resource.get("engine_mode") == "serverless")


def _not_known(plan: Plan, database: Database) -> str:
    """What would have to be known to say what an outage does; empty where all of it is."""
    resource = database.resource
    if database.kind is not DatabaseKind.AURORA:
        unknown = resource.kind == "rds.Instance" and resource.get("multi_az") is UNKNOWN
        return (
            "whether it has a standby in another zone (multi_az) is unknown before the deployment"
            if unknown
            else ""
        )
    if resource.get("engine") is UNKNOWN:
        return "its engine is unknown before the deployment"
    if not database.members:
        return (
            "no instance of this cluster is in the program; whether another program makes some is not known"
        )
    zones = [member.get("availability_zone") for member in database.members]
    if len(zones) > 1 and any(not isinstance(zone, str) for zone in zones):
        return "the zones of its instances are unknown before the deployment"
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
        return "Add a second aws.rds.ClusterInstance in another zone: Aurora then fails over to it by itself."
    return (
        "Set multi_az=True, with a subnet group over at least two zones: RDS then keeps a standby in another zone and "
        "fails over to it by itself."
    )


RULE = ReviewRule(
    "SINGLE-ZONE",
    "High",
    "availability",
    "CP-10, SC-5",
    "A database stops when one availability zone fails",
    check,
)
