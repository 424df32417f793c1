"""The incident drill: the load of a database rises and stays high. Who is notified, and when?

    report = incident(plan)                     # from a calm 50 % to 97 %; is someone notified within 15 minutes?
    for response in report.responses:
        print(response.subject, response.latest, response.what)

It replays one datapoint per minute, with none missing, through every alarm of the plan. An alarm counts if it watches
exactly the database's metric, changes to ALARM, and its action reaches a topic of the program.

CloudWatch evaluates an alarm every minute over a sliding window (CloudWatch User Guide, "Alarm evaluation"); with a
wall clock window it evaluates whole periods. `earliest` is the result with a sliding window; `latest` holds wherever
within the periods the load rises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.alarms.datapoints import MetricData
from lab_support.alarms.definitions import alarms_of
from lab_support.alarms.metrics import Metric, Reading, steady
from lab_support.alarms.optional_metrics import unpublished
from lab_support.alarms.replay import HORIZON, Replay, Track, phases
from lab_support.drills.database_metrics import absent_metrics, cpu_metrics
from lab_support.drills.databases import databases
from lab_support.drills.notices import Notice, notices_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["Load", "incident", "rise"]  # what notebooks import from lab_support

WITHIN: Final = 15  # minutes within which someone should be notified


@dataclass(frozen=True)
class Load:
    """The course of a metric: it is at `before` for a long time, then rises to `after` and stays there."""

    before: float
    after: float
    unit: str = "Percent"

    def at(self, minute: int) -> float:
        """The datapoint of a minute; minute 0 is the first of the incident."""
        return self.before if minute < 0 else self.after

    def text(self, value: float) -> str:
        """A value with its unit: `97 %`."""
        return f"{value:,g} {'%' if self.unit == 'Percent' else self.unit.lower()}"


SPIKE: Final = Load(before=50.0, after=97.0)


@dataclass(frozen=True)
class Watch:
    """One alarm during the incident: its track in the slowest case, and the notices that it sends.

    `no_data` says why a setting leaves it without data; it is empty if none does.
    """

    track: Track
    notices: tuple[Notice, ...]
    no_data: str = ""

    @property
    def name(self) -> str:
        return self.track.alarm.resource.name

    @property
    def topics(self) -> tuple[Resource, ...]:
        """The topics that its ALARM actions notify."""
        return tuple(notice.topic for notice in self.notices if notice.topic is not None)

    @property
    def what(self) -> str:
        """What the alarm does during the incident, as the predicate of a sentence."""
        if self.track.problem:
            return f"cannot be relied on: {self.track.problem}"
        minute = self.track.acts_at
        if self.track.unpublished and not minute:
            metrics = ", ".join(map(str, self.track.unpublished))
            why = self.no_data or "no metric exists under this name"
            return f"stays {self.track.states[0]}: it watches {metrics}, but {why}"
        if minute is None:
            return f"does not go to ALARM within {HORIZON} minutes"
        if not self.notices:
            return "goes to ALARM, but has no enabled ALARM action"
        topics = ", ".join(topic.name for topic in self.topics)
        if minute == 0:
            return f"is always in ALARM, so the rise does not notify {topics or 'anyone'}"
        if not topics:
            return f"goes to ALARM, but its action notifies nobody: {self.notices[0].problem}"
        return f"goes to ALARM after {minute} minutes and notifies {topics}"


@dataclass(frozen=True)
class Response:
    """The response to one incident: who is notified, and after how many minutes.

    `subject` is what the incident happens to, `measure` is what rises. `earliest` and `latest` are minutes after the
    rise, over all phases of the alarms' periods; `latest` is None if in one of them nobody is notified within an hour.
    `by_topic` has the latest minute for each topic, by URN. `needless` has the notices sent before anything happened.
    `watches` has the alarms that the incident can affect, in the slowest case.
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
        """Like `latest`, but only for notices to one of these topics."""
        minutes = [self.by_topic.get(topic.urn) for topic in topics]
        return min((m for m in minutes if m is not None), default=None)

    @property
    def goes_off(self) -> bool:
        """Whether an alarm that has an action goes to ALARM in time, even if its notice does not arrive."""
        minutes = (watch.track.acts_at for watch in self.watches if watch.notices)
        return any(minute and minute <= self.within for minute in minutes)

    def in_time(self, topics: Iterable[Resource] | None = None) -> bool:
        """Whether someone is always notified in time (through one of these topics, if given)."""
        minute = self.latest if topics is None else self.latest_at(topics)
        return minute is not None and minute <= self.within

    @property
    def what(self) -> str:
        """The response as a sentence."""
        if self.needless:
            names = ", ".join(dict.fromkeys(notice.alarm.resource.name for notice in self.needless))
            return (
                f"While {self.measure} is at a steady {self.load.text(self.load.before)}, {names} is already in ALARM: "
                "an alarm that never clears tells nobody anything."
            )
        rises = f"When {self.measure} rises to {self.load.text(self.load.after)} and stays there,"
        if self.latest is not None:
            return f"{rises} {self._topics} is notified after {_span(self.earliest, self.latest)} minutes."
        if not self.watches:
            return f"{rises} nobody is notified: no alarm watches it."
        result = "someone is notified only at some times" if self.earliest else "nobody is notified"
        return f"{rises} {result}: " + "; ".join(f"{watch.name} {watch.what}" for watch in self.watches) + "."

    @property
    def _topics(self) -> str:
        topics = [topic for watch in self.watches for topic in watch.topics if self.by_topic.get(topic.urn)]
        return " or ".join(dict.fromkeys(topic.name for topic in topics)) or "a topic"


@dataclass(frozen=True)
class Incident:
    """The incidents of a plan: the load of each of its databases rises, one at a time."""

    load: Load
    within: int
    responses: tuple[Response, ...]


def incident(plan: Plan, load: Load = SPIKE, within: int = WITHIN) -> Incident:
    """The response to a rise of each database's CPU load, while the load of the others stays the same."""
    responses = tuple(_database(plan, database.name, load, within) for database in databases(plan))
    return Incident(load, within, responses)


def rise(
    plan: Plan, namespace: str, name: str, dimensions: Mapping[str, Any], load: Load, within: int = WITHIN
) -> Response:
    """The response to a rise of one metric of the plan's region."""
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
    data = MetricData(readings, absent_metrics(plan, alarms_of(plan), readings))
    return _respond(plan, (name, "the CPU load"), load, within, data)


def _respond(plan: Plan, subject: tuple[str, str], load: Load, within: int, data: MetricData) -> Response:
    alarms = alarms_of(plan)
    notices = {alarm.resource.urn: notices_of(plan, alarm) for alarm in alarms}
    replay = Replay(alarms, data)
    by_phase = [_first_notices(replay.play(phase), notices) for phase in phases(alarms)]
    firsts = [min(minutes.values(), default=None) for minutes in by_phase]
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
            urn: _worst(minutes.get(urn) for minutes in by_phase) for minutes in by_phase for urn in minutes
        },
        needless=tuple(
            notice
            for track in tracks
            if track.acts_at == 0
            for notice in notices[track.alarm.resource.urn]
            if notice.topic is not None
        ),
        watches=tuple(
            Watch(track, notices[track.alarm.resource.urn], _no_data(plan, track)) for track in tracks
        ),
    )


def _no_data(plan: Plan, track: Track) -> str:
    return next((found.why for metric in track.unpublished if (found := unpublished(plan, metric))), "")


def _first_notices(tracks: tuple[Track, ...], notices: Mapping[str, tuple[Notice, ...]]) -> dict[str, int]:
    """The minute of the first notice to each topic, by URN."""
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
