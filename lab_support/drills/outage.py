"""The outage drill: one availability zone fails, and this is what becomes of each database.

    report = outage(plan, "ap-southeast-1a")
    for effect in report.effects:
        print(effect.database.name, effect.survives, effect.what)

The figures are AWS's own; each `Figure` carries its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lab_support.drills.databases import Database, DatabaseKind, Part, databases, replicas_of
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN

Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Figure:
    """A published figure: the text as it can be quoted, and where AWS publishes it."""

    text: str
    source: str


_GUIDE = "Amazon RDS User Guide, docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
_AURORA = "Amazon Aurora User Guide, docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"

TAKEOVER = {
    DatabaseKind.MULTI_AZ: Figure(
        "typically 60 to 120 seconds", _GUIDE + "Concepts.MultiAZSingleStandby.html"
    ),
    DatabaseKind.MULTI_AZ_CLUSTER: Figure(
        "typically under 35 seconds", _GUIDE + "multi-az-db-clusters-concepts.html"
    ),
    DatabaseKind.AURORA: Figure(
        "typically less than 60 seconds, often less than 30", _AURORA + "Concepts.AuroraHighAvailability.html"
    ),
}
RESTORE = Figure(
    "a restore that somebody must start, which can take several hours", "aws.amazon.com/rds/features/multi-az"
)
LOST_BY_RESTORE = Figure(
    "what was committed after the latest restorable time, typically the last five minutes",
    _GUIDE + "USER_PIT.html",
)
ALL_UNTIL_BACK = Figure(
    "everything, until the zone is back", _GUIDE + "USER_WorkingWithAutomatedBackups.html"
)
ALONE = Figure(
    "somebody must create an instance in another zone", _AURORA + "Concepts.AuroraHighAvailability.html"
)


@dataclass(frozen=True)
class Effect:
    """What the failure of a zone does to one database.

    `survives`: the database answers again without anybody's action and no committed data is lost. `stopped` and
    `running` are its parts on either side; `downtime` and `lost` say how long and how much, with the source.
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
        """Whether there is a database and every one of them goes on."""
        return bool(self.effects) and all(effect.survives for effect in self.effects)


def outage(plan: Plan, zone: str) -> Outage:
    """Fails one availability zone of the plan's region (`ap-southeast-1a`) and tells what becomes of its databases.

    Raises ValueError for a zone that the region does not have.
    """
    if zone not in plan.zones:
        raise ValueError(f"{plan.region} has the zones {', '.join(plan.zones)}, not {zone!r}")
    return Outage(zone, plan.zones, tuple(effect_on(plan, each, zone) for each in databases(plan)))


def outages(plan: Plan) -> tuple[Outage, ...]:
    """The failure of each zone of the region, one at a time."""
    return tuple(outage(plan, zone) for zone in plan.zones)


class _Fate(NamedTuple):
    survives: bool
    what: str
    downtime: Figure | None = None
    lost: Figure | None = None


def effect_on(plan: Plan, database: Database, zone: str) -> Effect:
    """What the failure of a zone, of any region, does to one database of the plan."""
    stopped = tuple(part for part in database.parts if part.zone == zone)
    running = tuple(part for part in database.parts if part.zone != zone)
    fate = _fate(plan, database, zone, stopped, running)
    return Effect(database, zone, *fate, stopped=stopped, running=running)


def _fate(plan: Plan, database: Database, zone: str, stopped: Parts, running: Parts) -> _Fate:
    if not database.parts:
        return _Fate(False, "nothing answers: the cluster has no instance, in this zone or in another", ALONE)
    primary = database.parts[0]
    if primary not in stopped:
        what = f"its primary runs in {primary.zone} and goes on"
        return _Fate(True, f"{what}; RDS replaces the {stopped[0].role}" if stopped else what)
    if running:
        takeover = TAKEOVER[database.kind]
        what = f"the {running[0].role} in {running[0].zone} takes over by itself, {takeover.text}"
        return _Fate(True, f"{what}; nothing that was committed is lost", takeover)
    if database.kind is DatabaseKind.AURORA:
        what = f"what answers runs in {zone} only; the data is safe in the other zones, but {ALONE.text}"
        return _Fate(False, what, ALONE)
    return _stops(plan, database, zone)


def _stops(plan: Plan, database: Database, zone: str) -> _Fate:
    """A database without a second part: it stops, and what then depends on its backups and on people."""
    what = f"it runs in that zone only and stops; what brings it back is {RESTORE.text}"
    if replicas_of(plan, database):
        what += " (its read replica is a late copy, and promoting it takes somebody's action too)"
    days = database.resource.get("backup_retention_period")
    if days is not UNKNOWN and not days:
        return _Fate(False, f"{what}, and there are no backups to restore from", RESTORE, ALL_UNTIL_BACK)
    return _Fate(False, what, RESTORE, LOST_BY_RESTORE)
