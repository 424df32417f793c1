"""Replays metric data through alarms, minute by minute, and reports when each performs its ALARM actions.

Minute 0 is the first minute of the incident; everything before it is steady. An incident may begin anywhere within a
period of several minutes. `phase` is the minute of the clock at which it begins; replaying every phase shows how the
result depends on it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lab_support.alarms.datapoints import Datapoints, MetricData
from lab_support.alarms.definitions import Alarm, CompositeAlarm, MetricAlarm, name_of
from lab_support.alarms.evaluation import COMPARISONS, MissingData, State, evaluate
from lab_support.alarms.math_values import CannotEvaluate
from lab_support.alarms.metrics import Metric

HORIZON: Final = 60  # minutes to replay after the incident begins
_MOST_PHASES: Final = 360

States = tuple[State, ...]


@dataclass(frozen=True)
class Track:
    """An alarm during an incident: its state before it, then after each minute.

    `acts_at` is the minute in which it performs its ALARM actions, or None if it never does; 0 means that it was in
    ALARM before the incident, so that nothing changes. `problem` says why it cannot be evaluated; `unpublished` has the
    metrics that it watches but nothing publishes.
    """

    alarm: Alarm
    states: States
    acts_at: int | None
    problem: str = ""
    unpublished: tuple[Metric, ...] = ()


def phases(alarms: tuple[Alarm, ...]) -> range:
    """All minutes at which an incident can begin relative to the periods of these alarms."""
    periods = [a.period for a in alarms if isinstance(a, MetricAlarm) and a.period <= HORIZON]
    return range(min(math.lcm(*periods), _MOST_PHASES))


class Replay:
    """Replays metric data through the alarms of a program."""

    def __init__(self, alarms: tuple[Alarm, ...], data: MetricData) -> None:
        self.alarms = alarms
        self.data = data
        self._by_key = {
            (alarm.region, key): alarm
            for alarm in alarms
            for key in (name_of(alarm.resource), alarm.resource.get("arn"))
            if not alarm.problem
        }
        self._known: dict[tuple[str, int], tuple[States, str]] = {}

    def play(self, phase: int) -> tuple[Track, ...]:
        """The track of every alarm if the incident begins at this minute of the clock."""
        return tuple(self._track(alarm, phase) for alarm in self.alarms)

    def concerns(self, alarm: Alarm) -> bool:
        """Whether the alarm watches one of the incident's metrics, or another alarm that does."""
        if isinstance(alarm, MetricAlarm):
            return self.data.concerns(alarm) or any(m in self.data.absent for m in alarm.metrics)
        children = [self._by_key.get((alarm.region, name)) for name in alarm.rule.alarms]
        return any(child is not None and child is not alarm and self.concerns(child) for child in children)

    def _track(self, alarm: Alarm, phase: int) -> Track:
        states, problem = self._states(alarm, phase, ())
        if isinstance(alarm, CompositeAlarm) and alarm.suppressor and not problem:
            suppressor = self._by_key.get((alarm.region, alarm.suppressor))
            if suppressor is None:
                return Track(alarm, states, None, "the alarm that suppresses its actions does not exist")
            suppressing, _ = self._states(suppressor, phase, (alarm,))
            return Track(alarm, states, _acts_with_suppressor(states, suppressing, alarm.wait), problem)
        metrics = alarm.metrics if isinstance(alarm, MetricAlarm) else ()
        unpublished = tuple(metric for metric in metrics if metric in self.data.absent)
        return Track(alarm, states, None if problem else _acts(states), problem, unpublished)

    def _states(self, alarm: Alarm, phase: int, parents: tuple[Alarm, ...]) -> tuple[States, str]:
        """The alarm's states, and why it cannot be evaluated if so; `parents` are the composites that watch it."""
        key = (alarm.resource.urn, phase % alarm.period if isinstance(alarm, MetricAlarm) else phase)
        if key not in self._known:
            if alarm.problem or alarm in parents:
                self._known[key] = _steady(State.OK), alarm.problem or "its rule refers to itself"
            elif isinstance(alarm, MetricAlarm):
                self._known[key] = self._metric_alarm(alarm, phase)
            else:
                self._known[key] = self._composite(alarm, phase, (*parents, alarm))
        return self._known[key]

    def _composite(self, alarm: CompositeAlarm, phase: int, parents: tuple[Alarm, ...]) -> tuple[States, str]:
        tracks: dict[str, States] = {}
        for name in alarm.rule.alarms:
            child = self._by_key.get((alarm.region, name))
            if child is None:
                return _steady(State.OK), f"its rule refers to the alarm {name!r}, which does not exist"
            states, problem = self._states(child, phase, parents)
            if problem:
                return _steady(State.OK), f"it depends on {child.resource.name}: {problem}"
            tracks[name] = states
        return tuple(
            State.ALARM if alarm.rule.holds({name: s[n] for name, s in tracks.items()}) else State.OK
            for n in range(HORIZON + 1)
        ), ""

    def _metric_alarm(self, alarm: MetricAlarm, phase: int) -> tuple[States, str]:
        metrics = alarm.metrics
        if not self.data.concerns(alarm) and not (
            metrics and all(metric in self.data.absent for metric in metrics)
        ):
            return _steady(State.OK), ""
        try:
            return self._evaluated(alarm, phase), ""
        except CannotEvaluate as reason:
            return _steady(State.OK), str(reason)

    def _evaluated(self, alarm: MetricAlarm, phase: int) -> States:
        points = Datapoints(alarm, self.data)
        state = _decide(alarm, points, -alarm.period, State.INSUFFICIENT_DATA)
        states = [state]
        for minute in range(1, HORIZON + 1):
            if (minute + phase) % alarm.period == 0:
                state = _decide(alarm, points, minute, state)
            states.append(state)
        return tuple(states)


def _steady(state: State) -> States:
    return (state,) * (HORIZON + 1)


def _acts(states: States) -> int | None:
    """The first minute in which the alarm goes to ALARM."""
    return next((n for n, state in enumerate(states) if state is State.ALARM), None)


def _acts_with_suppressor(states: States, suppressor: States, wait: int) -> int | None:
    """With a suppressor, actions wait up to `wait` minutes for it and are not performed while it is in ALARM.

    CloudWatch User Guide, "Composite alarm action suppression": alarm-suppression.html.
    """
    begin = _acts(states)
    if begin is None:
        return None
    for minute in range(min(begin + wait, HORIZON), HORIZON + 1):
        if states[minute] is not State.ALARM:
            return None
        if suppressor[minute] is not State.ALARM:
            return minute
    return None


def _decide(alarm: MetricAlarm, points: Datapoints, end: int, state: State) -> State:
    """The state after the evaluation at minute `end`, when the last period has ended."""
    values = points.until(end)
    if points.too_few:
        return state
    compare = COMPARISONS[alarm.comparison]
    breaches = [None if value is None else compare(value, alarm.threshold) for value in values]
    return evaluate(
        breaches, alarm.evaluation_periods, alarm.datapoints_to_alarm, MissingData(alarm.treatment), state
    )
