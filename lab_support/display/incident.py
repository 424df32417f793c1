"""Draws the incident drill: load over time, thresholds, alarm states, and when someone is paged."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from lab_support.alarms.definitions import MetricAlarm
from lab_support.alarms.evaluation import State
from lab_support.display.html import BAD, GOOD, escape, prose, state_class, view
from lab_support.display.view import View
from lab_support.drills.incident import Incident, Response, Watch

_BEFORE: Final = 10  # minutes drawn before the rise
# The picture's geometry, in units small enough to stay readable in a narrow output.
_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 470, 34, 458, 28, 150
_ROW: Final = 38
_SOURCE: Final = (
    "Source: Amazon CloudWatch User Guide, "
    "docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html"
)


def incidents_view(incidents: tuple[Incident, ...]) -> View:
    """A picture for each database, and the same as text."""
    responses = [response for incident in incidents for response in incident.responses]
    if not responses:
        text = "The plan has no database, so there is no load that could rise."
        return view(f"<p>{text}</p>", text)
    html = "".join(_card(response) for response in responses)
    return view(html, "\n\n".join(_text(response) for response in responses))


def _title(response: Response) -> str:
    load = response.load
    return f"{response.subject}: CPU load from {load.text(load.before)} to {load.text(load.after)}"


def _is_good(response: Response) -> bool:
    return response.in_time() and not response.needless


def _verdict(response: Response) -> str:
    if _is_good(response):
        return f"{GOOD} someone is paged in time"
    if response.needless:
        return f"{BAD} the alarm says nothing new"
    return f"{BAD} nobody is paged" if response.latest is None else f"{BAD} someone is paged too late"


def _text(response: Response) -> str:
    lines = [_title(response), f"  {_verdict(response)} (required: within {response.within} minutes)"]
    lines += textwrap.wrap(response.what, 92, initial_indent="    ", subsequent_indent="    ")
    for watch in response.watches:
        lines.append(f"  {watch.name}{_threshold_text(watch)}")
        for first, last, state in () if watch.track.problem else _spans(watch):
            begin = "before the rise" if first == 0 else f"from minute {first}"
            lines.append(f"    {begin}: {state}" + ("" if last < _end(response) else " (until the end)"))
        lines += textwrap.wrap(
            _behaviour(response, watch), 92, initial_indent="    ", subsequent_indent="    "
        )
    return "\n".join([*lines, f"  {_SOURCE}"])


def _threshold_text(watch: Watch) -> str:
    alarm = watch.track.alarm
    if not isinstance(alarm, MetricAlarm) or not alarm.comparison:
        return ""
    of = f"{alarm.datapoints_to_alarm} of {alarm.evaluation_periods} periods of {alarm.period} min"
    return f": {alarm.comparison} {alarm.threshold:g}, {of}"


def _behaviour(response: Response, watch: Watch) -> str:
    """What an alarm does, as a sentence; empty where the sentence on the whole incident says it."""
    return "" if watch.what in response.what else f"It {watch.what}."


def _end(response: Response) -> int:
    """The last minute that is drawn: a few after the last event, twice the limit at least, an hour at most."""
    times = [watch.track.acts_at or 0 for watch in response.watches]
    return min(max([response.within * 2, *(minute + 5 for minute in times)]), 60)


def _spans(watch: Watch) -> Iterator[tuple[int, int, State]]:
    """The states of an alarm, each with its first and last minute."""
    for state, group in groupby(enumerate(watch.track.states), key=lambda pair: pair[1]):
        minutes = [minute for minute, _ in group]
        yield minutes[0], minutes[-1], state


class _Scale:
    """Converts minutes and values to coordinates in the picture."""

    def __init__(self, response: Response) -> None:
        self.end = _end(response)
        highest = max(response.load.before, response.load.after)
        self.top = 100.0 if response.load.unit == "Percent" else highest * 1.2

    def x(self, minute: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (minute + _BEFORE) / (self.end + _BEFORE), 1)

    def y(self, value: float) -> float:
        return round(_TOP + _HEIGHT * (1 - min(value, self.top * 1.05) / self.top), 1)


def _card(response: Response) -> str:
    return (
        f'<section class="lab-card lab-incident {state_class(_is_good(response))}"><h4>{escape(_title(response))}</h4>'
        f'<div class="lab-halves">{_picture(response)}<div><b class="lab-fate">{_verdict(response)}</b>'
        f'<p class="lab-small">(required: within {response.within} minutes)</p><p>{prose(response.what)}</p>'
        f"{_alarms(response)}</div></div>"
        f'<p class="lab-dim lab-small">{_SOURCE}</p></section>'
    )


def _alarms(response: Response) -> str:
    entries = "".join(
        f"<li><b>{escape(watch.name)}</b>{prose(_threshold_text(watch))}. {escape(_behaviour(response, watch))}</li>"
        for watch in response.watches
    )
    return f'<ul class="lab-list lab-small" role="list">{entries}</ul>' if entries else ""


def _picture(response: Response) -> str:
    scale = _Scale(response)
    rows = [watch for watch in response.watches if not watch.track.problem]
    height = _TOP + _HEIGHT + 50 + _ROW * max(len(rows), 1)
    parts = [
        *_unseen(response, scale),
        *_axes(response, scale),
        *_curve(response, scale),
        *_paging(response, scale),
    ]
    for number, watch in enumerate(rows):
        parts += _band(watch, scale, _TOP + _HEIGHT + 50 + number * _ROW)
    if not rows:
        parts.append(_label(_LEFT, _TOP + _HEIGHT + 64, "No alarm watches this load.", "lab-strong"))
    label = escape(f"{_title(response)}. {response.what}", quote=True)
    box = f"0 0 {_WIDTH} {height}"
    return f'<svg class="lab-chart" role="img" aria-label="{label}" viewBox="{box}">{"".join(parts)}</svg>'


def _unseen(response: Response, scale: _Scale) -> Iterator[str]:
    """The time in which the load is high and nobody knows it."""
    end = scale.end if response.latest is None or response.needless else min(response.latest, scale.end)
    left, width = scale.x(0), scale.x(end) - scale.x(0)
    yield f'<rect class="lab-unseen" x="{left}" y="{_TOP}" width="{width:.1f}" height="{_HEIGHT}"/>'
    room = min(width, scale.x(response.within) - left)  # left of the limit's line
    if room > 6.5 * len("nobody knows"):
        yield _label(left + room / 2, _TOP + _HEIGHT - 26, "nobody knows", anchor="middle")


def _label(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _axes(response: Response, scale: _Scale) -> Iterator[str]:
    bottom = _TOP + _HEIGHT
    for share in (0, 0.25, 0.5, 0.75, 1):
        value = scale.top * share
        yield _line("lab-grid", _LEFT, scale.y(value), _RIGHT, scale.y(value))
        yield _label(_LEFT - 6, scale.y(value) + 4, f"{value:,g}", anchor="end")
    for minute in range(-_BEFORE, scale.end + 1, 10):
        yield _line("lab-axis", scale.x(minute), bottom, scale.x(minute), bottom + 4)
        yield _label(scale.x(minute), bottom + 17, str(minute), anchor="middle")
    unit = "%" if response.load.unit == "Percent" else response.load.unit.lower()
    yield _label(0, 14, f"CPU load ({unit})")
    yield _label(_RIGHT, bottom + 33, "minutes after the rise", anchor="end")
    yield _line("lab-axis", _LEFT, bottom, _RIGHT, bottom)


def _curve(response: Response, scale: _Scale) -> Iterator[str]:
    load = response.load
    before, after = scale.y(load.before), scale.y(load.after)
    yield (
        f'<polyline class="lab-load" points="{_LEFT},{before} {scale.x(0)},{before} {scale.x(0)},{after} '
        f'{_RIGHT},{after}"/>'
    )
    yield _label(_LEFT + 4, before + 15, load.text(load.before))
    yield _label(_RIGHT - 4, after + 15, load.text(load.after), anchor="end")
    alarms = [watch.track.alarm for watch in response.watches]
    compared = {
        alarm.threshold
        for alarm in alarms
        if isinstance(alarm, MetricAlarm) and len(alarm.queries) == 1 and alarm.comparison
    }
    for threshold in sorted(compared):
        y = scale.y(threshold)
        yield _line("lab-threshold", _LEFT, y, _RIGHT, y)
        yield _label(_LEFT + 4, y - 4, f"threshold {load.text(threshold)}")


def _paging(response: Response, scale: _Scale) -> Iterator[str]:
    bottom = _TOP + _HEIGHT
    limit = scale.x(response.within)
    yield _line("lab-limit", limit, _TOP, limit, bottom)
    yield _label(limit + 4, bottom - 6, f"limit: {response.within} min")
    if response.needless:
        yield _label(_RIGHT, 14, "nothing new is reported", "lab-strong", "end")
    elif response.latest is None:
        yield _label(_RIGHT, 14, "nobody is paged", "lab-strong", "end")
    else:
        x = scale.x(response.latest)
        yield _line("lab-told", x, _TOP - 8, x, bottom)
        yield _label(min(x, _RIGHT - 58), 14, f"▼ paged by minute {response.latest}", "lab-strong", "middle")


def _band(watch: Watch, scale: _Scale, y: float) -> Iterator[str]:
    """The states of one alarm as a band under the time axis."""
    yield _label(_LEFT, y + 8, watch.name)
    for first, last, state in _spans(watch):
        begin = scale.x(first if first else -_BEFORE)
        if first > scale.end:
            continue
        end = scale.x(min(last + 1, scale.end))
        width = max(end - begin, 1)
        yield f'<rect class="lab-phase lab-{state}" x="{begin}" y="{y + 12}" width="{width}" height="16"/>'
        if width > 7 * len(state):
            yield _label((begin + end) / 2, y + 24, str(state), anchor="middle")
