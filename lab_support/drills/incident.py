"""The incident drill: the load of a database rises and stays, and this is who is told about it, and when.

    report = incident(plan)                     # from a calm 50 % to 97 %, and told within 15 minutes?
    for response in report.responses:
        print(response.subject, response.latest, response.what)

It replays datapoints, one a minute and none missing, through every alarm of the plan. An alarm counts when its metric
is exactly the database's, when it changes to ALARM, and when its action arrives at a topic of the program.

CloudWatch evaluates an alarm every minute over a window that slides along (CloudWatch User Guide, "Alarm evaluation");
with a wall clock window it evaluates whole periods. `earliest` is what the sliding window achieves, `latest` holds
however the rise falls into the periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.alarms.datapoints import MetricData
from lab_support.alarms.definitions import alarms_of
from lab_support.alarms.metrics import Metric, Reading, steady
from lab_support.alarms.replay import HORIZON, Replay, Track, phases
from lab_support.drills.database_metrics import cpu_metrics, unknown_cpu_metrics
from lab_support.drills.databases import databases
from lab_support.drills.notices import Notice, notices_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

WITHIN: Final = 15  # minutes in which somebody should be told


@dataclass(frozen=True)
class Load:
    """What a metric does: it has been at `before` for long, then at `after`, and stays there."""

    before: float
    after: float
    unit: str = "Percent"

    def at(self, minute: int) -> float:
        """The datapoint of a minute; the first of the incident is 0."""
        return self.before if minute < 0 else self.after

    def text(self, value: float) -> str:
        """A value with its unit: `97 %`."""
        return f"{value:,g} {'%' if self.unit == 'Percent' else self.unit.lower()}"


SPIKE: Final = Load(before=50.0, after=97.0)


@dataclass(frozen=True)
class Watch:
    """One alarm during the incident: its track in the slowest case, and where its actions lead."""

    track: Track
    notices: tuple[Notice, ...]

    @property
    def name(self) -> str:
        return self.track.alarm.resource.name

    @property
    def told(self) -> tuple[Resource, ...]:
        """The topics that its ALARM actions notify."""
        return tuple(notice.topic for notice in self.notices if notice.topic is not None)

    @property
    def what(self) -> str:
        """What it does during the incident, as a sentence's end."""
        if self.track.problem:
            return f"cannot be relied on: {self.track.problem}"
        minute = self.track.acts_at
        if self.track.unpublished and not minute:
            metrics = ", ".join(map(str, self.track.unpublished))
            return f"is {self.track.states[0]} all the time: it watches {metrics}, which nobody publishes"
        if minute is None:
            return f"does not go to ALARM within {HORIZON} minutes"
        if not self.notices:
            return "goes to ALARM, but has no ALARM action that is enabled"
        if not self.told:
            return f"goes to ALARM, but its action tells nobody: {self.notices[0].problem}"
        topics = ", ".join(topic.name for topic in self.told)
        if minute == 0:
            return f"is in ALARM all the time, so {topics} hears nothing new"
        return f"goes to ALARM after {minute} minutes and notifies {topics}"


@dataclass(frozen=True)
class Response:
    """What becomes of one incident: who is told, and after how many minutes.

    `subject` is what the incident happens to, `measure` what rises. `earliest` and `latest` are minutes after the
    rise, over all the ways in which it can fall into the periods of the alarms; `latest` is None when there is one in
    which nobody is told within an hour. `by_topic` has the latest minute for each topic by its URN. `needless` are the
    notices that were sent while all was calm. `watches` shows the alarms that the incident can concern, in the slowest
    case.
    """

    subject: str
    measure: str
    load: Load
    within: int
    earliest: int | None
    latest: int | None
    by_topic: Mapping[str, int | None]
    needless: tuple[Notice, ...]
    watches: tuple[Watch, ...]

    def latest_at(self, topics: Iterable[Resource]) -> int | None:
        """Like `latest`, for notices that reach one of these topics."""
        minutes = [self.by_topic.get(topic.urn) for topic in topics]
        return min((m for m in minutes if m is not None), default=None)

    def in_time(self, topics: Iterable[Resource] | None = None) -> bool:
        """Whether somebody is told in time in every case (through one of these topics, if given)."""
        minute = self.latest if topics is None else self.latest_at(topics)
        return minute is not None and minute <= self.within

    @property
    def what(self) -> str:
        """The answer as a sentence."""
        if self.needless:
            names = ", ".join(dict.fromkeys(notice.alarm.resource.name for notice in self.needless))
            return (
                f"While {self.measure} is at a steady {self.load.text(self.load.before)}, {names} is in ALARM already: "
                "what is always reported tells nobody anything."
            )
        rises = f"When {self.measure} rises to {self.load.text(self.load.after)} and stays there,"
        if self.latest is not None:
            return f"{rises} {self._told} is notified after {_span(self.earliest, self.latest)} minutes."
        if not self.watches:
            return f"{rises} nobody is told: no alarm watches it."
        told = "it depends on the minute whether anybody is told" if self.earliest else "nobody is told"
        return f"{rises} {told}: " + "; ".join(f"{watch.name} {watch.what}" for watch in self.watches) + "."

    @property
    def _told(self) -> str:
        topics = [topic for watch in self.watches for topic in watch.told if self.by_topic.get(topic.urn)]
        return " or ".join(dict.fromkeys(topic.name for topic in topics)) or "a topic"


@dataclass(frozen=True)
class Incident:
    """The load of every database of a plan rises, one database at a time."""

    load: Load
    within: int
    responses: tuple[Response, ...]


def incident(plan: Plan, load: Load = SPIKE, within: int = WITHIN) -> Incident:
    """Raises the CPU load of each database of the plan, the others staying as they are, and tells who is told."""
    responses = tuple(_database(plan, each.name, load, within) for each in databases(plan))
    return Incident(load, within, responses)


def rise(
    plan: Plan, namespace: str, name: str, dimensions: Mapping[str, Any], load: Load, within: int = WITHIN
) -> Response:
    """The same for one metric of the plan's region: who is told when it rises."""
    metric = Metric.of(plan.region, namespace, name, dimensions)
    return _respond(
        plan, (str(metric), name), load, within, MetricData({metric: Reading(load.at, load.unit)})
    )


def _database(plan: Plan, name: str, load: Load, within: int) -> Response:
    readings = {}
    for database in databases(plan):
        busy = database.name == name
        for metric in cpu_metrics(plan, database):
            readings[metric] = Reading(load.at if busy else steady(load.before))
    data = MetricData(readings, unknown_cpu_metrics(plan, alarms_of(plan), readings))
    return _respond(plan, (name, "the CPU load"), load, within, data)


def _respond(plan: Plan, subject: tuple[str, str], load: Load, within: int, data: MetricData) -> Response:
    alarms = alarms_of(plan)
    notices = {alarm.resource.urn: notices_of(plan, alarm) for alarm in alarms}
    replay = Replay(alarms, data)
    played = [_told(replay.play(phase), notices) for phase in phases(alarms)]
    firsts = [min(minutes.values(), default=None) for minutes in played]
    slowest = max(phases(alarms), key=lambda phase: _or_never(firsts[phase]))
    tracks = [track for track in replay.play(slowest) if replay.concerns(track.alarm)]
    return Response(
        subject=subject[0],
        measure=subject[1],
        load=load,
        within=within,
        earliest=min((minute for minute in firsts if minute is not None), default=None),
        latest=_worst(firsts),
        by_topic={
            urn: _worst(minutes.get(urn) for minutes in played) for minutes in played for urn in minutes
        },
        needless=tuple(
            notice
            for track in tracks
            if track.acts_at == 0
            for notice in notices[track.alarm.resource.urn]
            if notice.topic is not None
        ),
        watches=tuple(Watch(track, notices[track.alarm.resource.urn]) for track in tracks),
    )


def _told(tracks: tuple[Track, ...], notices: Mapping[str, tuple[Notice, ...]]) -> dict[str, int]:
    """For each topic, by URN, the minute of its first notice."""
    minutes: dict[str, int] = {}
    for urn, minute in _arrivals(tracks, notices):
        minutes[urn] = min(minute, minutes.get(urn, minute))
    return minutes


def _arrivals(
    tracks: tuple[Track, ...], notices: Mapping[str, tuple[Notice, ...]]
) -> Iterator[tuple[str, int]]:
    for track in tracks:
        for notice in notices[track.alarm.resource.urn]:
            if notice.topic is not None and track.acts_at:
                yield notice.topic.urn, track.acts_at


def _span(earliest: int | None, latest: int) -> str:
    return str(latest) if earliest == latest else f"{earliest} to {latest}"


def _or_never(minute: int | None) -> float:
    return float("inf") if minute is None else minute


def _worst(minutes: Iterable[int | None]) -> int | None:
    listed = list(minutes)
    known = [minute for minute in listed if minute is not None]
    return max(known) if known and len(known) == len(listed) else None
