"""Draws the delivery drill: a notice's way from the alarm to the people on call, and where it ends."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from lab_support.display.html import BAD, GOOD, escape, icon, state_class, view
from lab_support.display.view import View
from lab_support.drills.delivery import Deliveries, Delivery

_LETTER: Final = icon(
    '<rect x="1.5" y="3.5" width="13" height="9" rx="1"/><path d="m1.5 4.5 6.5 4.5 6.5-4.5"/>'
)
_SOURCE: Final = (
    "Source: Amazon SNS Developer Guide, docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
)


@dataclass(frozen=True)
class _Stop:
    """One stop of a notice: a title, lines below it, and whether it gets past; None if it does not get there."""

    title: str
    lines: tuple[str, ...]
    passes: bool | None


def deliveries_view(reports: tuple[Deliveries, ...]) -> View:
    """A row for each topic and outcome, and the same as text."""
    ways = [way for report in reports for way in report.ways]
    if not ways:
        text = "No alarm of the plan has an action, so there is no notice that could arrive."
        return view(f"<p>{text}</p>", text)
    html = "".join(map(_card, ways))
    text = "\n\n".join(map(_text, ways))
    return view(f'{html}<p class="lab-dim lab-small">{_SOURCE}</p>', f"{text}\n{_SOURCE}")


def _verdict(delivery: Delivery) -> str:
    return f"{GOOD} the notice arrives" if delivery.arrives else f"{BAD} nobody is notified"


def _title(delivery: Delivery) -> str:
    return f"The way of a notice to {delivery.target}"


def _stops(delivery: Delivery) -> tuple[_Stop, ...]:
    """The stops in their order; those after the one where the notice ends are not reached."""
    stops = [_Stop("In ALARM", delivery.alarms, True), *_permissions(delivery)]
    if delivery.arrives:
        stops.append(_Stop("On call", delivery.subscribers, True))
    else:
        ends = any(stop.passes is False for stop in stops)
        stops.append(_Stop("On call", delivery.subscribers or ("nobody",), None if ends else False))
    reached = True
    result = []
    for stop in stops:
        result.append(stop if reached else _Stop(stop.title, stop.lines, None))
        reached = reached and bool(stop.passes)
    return tuple(result)


def _permissions(delivery: Delivery) -> Iterator[_Stop]:
    for holder, group in groupby(delivery.permissions, key=lambda permission: permission.holder):
        permissions = list(group)
        of_key = permissions[0].action.startswith("kms:")
        lines = [f"{BAD if permission.problem else GOOD} {permission.action}" for permission in permissions]
        title = "Key policy" if of_key else "Topic policy"
        passes = not any(permission.problem for permission in permissions)
        yield _Stop(title, (holder.name, "lets CloudWatch call", *lines), passes)


def _text(delivery: Delivery) -> str:
    lines = [_title(delivery), f"  {_verdict(delivery)}"]
    for stop in _stops(delivery):
        sign = {True: GOOD, False: BAD, None: "–"}[stop.passes]
        state = "" if stop.passes is not None else " (not reached)"
        lines.append(f"  {sign} {stop.title}{state}: {', '.join(stop.lines)}")
    if delivery.problem:
        lines += textwrap.wrap(f"{delivery.problem}.", 92, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def _card(delivery: Delivery) -> str:
    stops = "".join(map(_stop, _stops(delivery)))
    problem = f"<p>{escape(_sentence(delivery.problem))}</p>" if delivery.problem else ""
    return (
        f'<section class="lab-card {state_class(delivery.arrives)}"><h4>{escape(_title(delivery))}</h4>'
        f'<ol class="lab-way" role="list">{stops}</ol><b class="lab-fate">{_verdict(delivery)}</b>{problem}</section>'
    )


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:]}."


def _stop(stop: _Stop) -> str:
    style = {True: "lab-passed", False: "lab-ended", None: "lab-unreached"}[stop.passes]
    sign = {True: f"{_LETTER} {GOOD}", False: f"{_LETTER} {BAD} ends here", None: "not reached"}[stop.passes]
    lines = "".join(f"<span>{escape(line)}</span>" for line in stop.lines)
    return (
        f'<li class="lab-stop {style}"><h5>{escape(stop.title)}</h5>{lines}'
        f'<span class="lab-letter">{sign}</span></li>'
    )
