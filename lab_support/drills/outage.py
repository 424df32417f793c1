"""The outage drill: one availability zone fails. What happens to each database?

    report = outage(plan, "ap-southeast-1a")
    for effect in report.effects:
        print(effect.database.name, effect.survives, effect.what)

The figures are AWS's own; each `Figure` has its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lab_support.drills.databases import Database, DatabaseKind, Part, databases, replicas_of
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN

__all__ = ["outage", "outages"]  # what notebooks import from lab_support

Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Figure:
    """A published figure: a text to quote, and where AWS publishes it."""

    text: str
    source: str


_GUIDE = "Amazon RDS User Guide, docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "Amazon Aurora User Guide, docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"

TAKEOVER = {
    DatabaseKind.MULTI_AZ: Figure("typically 60 to 120 seconds", _GUIDE + "Concepts.MultiAZ.Failover.html"),
    DatabaseKind.MULTI_AZ_CLUSTER: Figure(
        "typically under 35 seconds", _GUIDE + "multi-az-db-clusters-concepts-failover.html"
    ),
    DatabaseKind.AURORA: Figure(
        "typically less than 60 seconds, often less than 30", _AURORA + "Concepts.AuroraHighAvailability.html"
    ),
}
RESTORE = Figure(
    "until the zone is back or someone restores a backup, which can take several hours",
    "aws.amazon.com/rds/features/multi-az",
)
LOST_BY_RESTORE = Figure(
    "whatever was committed after the latest restorable time, typically the last five minutes",
    _GUIDE + "USER_PIT.html",
)
ALL_UNTIL_BACK = Figure(
    "everything, until the zone is back", _GUIDE + "USER_WorkingWithAutomatedBackups.html"
)
ALONE = Figure(
    "someone must create an instance in another zone", _AURORA + "Concepts.AuroraHighAvailability.html"
)


@dataclass(frozen=True)
class Effect:
    """The effect of a zone failure on one database.

    `survives`: the database responds again without manual action, and no committed data is lost. `stopped` are its
    parts in the failed zone, `running` the others. `downtime` and `lost` say how long and how much, with the source.
    """

    database: Database
    zone: str
    survives: bool
    what: str
    downtime: Figure | None
    lost: Figure | None
    stopped: Parts
    running: Parts


@dataclass(frozen=True)
class Outage:
    """The failure of one zone: its effect on every database of the plan."""

    zone: str
    zones: tuple[str, ...]
    effects: tuple[Effect, ...]

    @property
    def survives(self) -> bool:
        """Whether there is a database, and all databases survive."""
        return bool(self.effects) and all(effect.survives for effect in self.effects)


def outage(plan: Plan, zone: str) -> Outage:
    """The failure of one availability zone of the plan's region (`ap-southeast-1a`), with its effect on each database.

    Raises ValueError if the region has no such zone.
    """
    if zone not in plan.zones:
        raise ValueError(f"{plan.region} has the zones {', '.join(plan.zones)}, not {zone!r}")
    return Outage(zone, plan.zones, tuple(effect_on(plan, database, zone) for database in databases(plan)))


def outages(plan: Plan) -> tuple[Outage, ...]:
    """The failure of each zone of the region, one at a time."""
    return tuple(outage(plan, zone) for zone in plan.zones)


class _Outcome(NamedTuple):
    survives: bool
    what: str
    downtime: Figure | None = None
    lost: Figure | None = None


def effect_on(plan: Plan, database: Database, zone: str) -> Effect:
    """The effect of a zone failure, in any region, on one database of the plan."""
    stopped = tuple(part for part in database.parts if part.zone == zone)
    running = tuple(part for part in database.parts if part.zone != zone)
    outcome = _outcome(plan, database, stopped, running)
    return Effect(database, zone, *outcome, stopped=stopped, running=running)


def _outcome(plan: Plan, database: Database, stopped: Parts, running: Parts) -> _Outcome:
    if not database.parts:
        return _Outcome(False, "nothing responds: the cluster has no instance in any zone", ALONE)
    primary = database.parts[0]
    if primary not in stopped:
        what = f"its primary in {primary.zone} keeps running"
        return _Outcome(True, f"{what}; RDS replaces the {stopped[0].role}" if stopped else what)
    if running:
        takeover = TAKEOVER[database.kind]
        what = f"the {running[0].role} in {running[0].zone} takes over automatically, {takeover.text}"
        return _Outcome(True, f"{what}; no committed data is lost", takeover)
    if database.kind is DatabaseKind.AURORA:
        what = f"it stops, because all of its instances run in that zone; the data is safe, but {ALONE.text}"
        return _Outcome(False, what, ALONE)
    return _stops(plan, database)


def _stops(plan: Plan, database: Database) -> _Outcome:
    """A database that runs in one zone only: it stops, and coming back depends on its backups."""
    days = database.resource.get("backup_retention_period")
    has_backups = days is UNKNOWN or bool(days)
    until_back = "until the zone is back, because there are no backups to restore from"
    until = RESTORE.text if has_backups else until_back
    what = f"it stops, because it runs in that zone only; it stays down {until}"
    if replicas_of(plan, database):
        what += " (its read replica is a lagging copy, and someone must promote it)"
    return _Outcome(False, what, RESTORE, LOST_BY_RESTORE if has_backups else ALL_UNTIL_BACK)
