"""Plays datapoints through alarms, minute by minute, and tells when each performs its ALARM actions.

Minute 0 is the first minute of the incident; what is before it has been so for ever. A period of several minutes
begins at some minute of its own: `phase` says how many minutes of the clock had passed when the incident began, so
that playing every phase shows how the answer depends on where the incident falls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lab_support.alarms.datapoints import Datapoints, MetricData
from lab_support.alarms.definitions import Alarm, CompositeAlarm, MetricAlarm, name_of
from lab_support.alarms.evaluation import COMPARISONS, Missing, State, evaluate
from lab_support.alarms.math_values import CannotEvaluate
from lab_support.alarms.metrics import Metric

HORIZON: Final = 60  # minutes after the beginning of the incident
_MOST_PHASES: Final = 360

States = tuple[State, ...]


@dataclass(frozen=True)
class Track:
    """An alarm through an incident: its state after each minute, the first is the one before the incident.

    `acts_at` is the minute in which it performs its ALARM actions, None if it never does; 0 means that it did so
    before anything happened, and says nothing any more. `problem` says why it can decide nothing, `unpublished` has the
    metrics that it reads and that nobody publishes.
    """

    alarm: Alarm
    states: States
    acts_at: int | None
    problem: str = ""
    unpublished: tuple[Metric, ...] = ()


def phases(alarms: tuple[Alarm, ...]) -> range:
    """Every way in which the beginning of an incident can fall into the periods of these alarms."""
    periods = [a.period for a in alarms if isinstance(a, MetricAlarm) and a.period <= HORIZON]
    return range(min(math.lcm(*periods), _MOST_PHASES))


class Replay:
    """Plays one set of metric data through the alarms of a program."""

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
        """Every alarm's track when the incident begins at this minute of the clock."""
        return tuple(self._track(alarm, phase) for alarm in self.alarms)

    def concerns(self, alarm: Alarm) -> bool:
        """Whether the alarm reads one of the affected metrics, or follows an alarm that does."""
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
            held, _ = self._states(suppressor, phase, (alarm,))
            return Track(alarm, states, _acts_with_suppressor(states, held, alarm.wait), problem)
        metrics = alarm.metrics if isinstance(alarm, MetricAlarm) else ()
        unpublished = tuple(metric for metric in metrics if metric in self.data.absent)
        return Track(alarm, states, None if problem else _acts(states), problem, unpublished)

    def _states(self, alarm: Alarm, phase: int, asking: tuple[Alarm, ...]) -> tuple[States, str]:
        key = (alarm.resource.urn, phase % alarm.period if isinstance(alarm, MetricAlarm) else phase)
        if key not in self._known:
            if alarm.problem or alarm in asking:
                self._known[key] = _held(State.OK), alarm.problem or "its rule refers to itself"
            elif isinstance(alarm, MetricAlarm):
                self._known[key] = self._watch(alarm, phase)
            else:
                self._known[key] = self._follow(alarm, phase, (*asking, alarm))
        return self._known[key]

    def _follow(self, alarm: CompositeAlarm, phase: int, asking: tuple[Alarm, ...]) -> tuple[States, str]:
        tracks: dict[str, States] = {}
        for name in alarm.rule.alarms:
            child = self._by_key.get((alarm.region, name))
            if child is None:
                return _held(State.OK), f"its rule names an alarm {name!r} that does not exist"
            states, problem = self._states(child, phase, asking)
            if problem:
                return _held(State.OK), f"it depends on {child.resource.name}: {problem}"
            tracks[name] = states
        return tuple(
            State.ALARM if alarm.rule.holds({name: s[n] for name, s in tracks.items()}) else State.OK
            for n in range(HORIZON + 1)
        ), ""

    def _watch(self, alarm: MetricAlarm, phase: int) -> tuple[States, str]:
        metrics = alarm.metrics
        if not self.data.concerns(alarm) and not (
            metrics and all(metric in self.data.absent for metric in metrics)
        ):
            return _held(State.OK), ""
        try:
            return self._evaluated(alarm, phase), ""
        except CannotEvaluate as reason:
            return _held(State.OK), str(reason)

    def _evaluated(self, alarm: MetricAlarm, phase: int) -> States:
        points = Datapoints(alarm, self.data)
        state = _decide(alarm, points, -alarm.period, State.INSUFFICIENT_DATA)
        states = [state]
        for minute in range(1, HORIZON + 1):
            if (minute + phase) % alarm.period == 0:
                state = _decide(alarm, points, minute, state)
            states.append(state)
        return tuple(states)


def _held(state: State) -> States:
    return (state,) * (HORIZON + 1)


def _acts(states: States) -> int | None:
    """The first minute in which the alarm goes to ALARM."""
    return next((n for n, state in enumerate(states) if state is State.ALARM), None)


def _acts_with_suppressor(states: States, suppressor: States, wait: int) -> int | None:
    """With a suppressor, actions wait up to `wait` minutes for it, and are not performed while it is in ALARM.

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
    """The state after the evaluation at the end of a minute, before which the last period ends."""
    values = points.until(end)
    if points.too_few:
        return state
    compare = COMPARISONS[alarm.comparison]
    breaches = [None if value is None else compare(value, alarm.threshold) for value in values]
    return evaluate(
        breaches, alarm.evaluation_periods, alarm.datapoints_to_alarm, Missing(alarm.treatment), state
    )
