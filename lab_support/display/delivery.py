"""Draws the delivery drill: a notice's way from the alarm to the people on call, and where it ends."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from lab_support.display.html import BAD, GOOD, escape, icon, state_class, view
from lab_support.display.view import View
from lab_support.display.way import Stop, reached, way_html, way_lines
from lab_support.drills.delivery import Deliveries, Delivery

_LETTER: Final = icon(
    '<rect x="1.5" y="3.5" width="13" height="9" rx="1"/><path d="m1.5 4.5 6.5 4.5 6.5-4.5"/>'
)
_SOURCE: Final = (
    "Source: Amazon SNS Developer Guide, docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
)


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
    return f"The path of a notice to {delivery.target}"


def _stops(delivery: Delivery) -> tuple[Stop, ...]:
    people = Stop("On call", delivery.subscribers or ("nobody",), delivery.arrives)
    return reached(
        [Stop("Alarms that use this topic", delivery.alarms, True), *_permissions(delivery), people]
    )


def _permissions(delivery: Delivery) -> Iterator[Stop]:
    for of_key, group in groupby(
        delivery.permissions, key=lambda permission: permission.action.startswith("kms:")
    ):
        permissions = list(group)
        lines = [f"{BAD if permission.problem else GOOD} {permission.action}" for permission in permissions]
        holder = permissions[0].holder
        # A key that is not of the program has no name here.
        name = f"the key of {holder.name}" if of_key and holder.kind == "sns.Topic" else holder.name
        passes = not any(permission.problem for permission in permissions)
        yield Stop(
            "Key policy" if of_key else "Topic policy", (name, "does it let CloudWatch call", *lines), passes
        )


def _text(delivery: Delivery) -> str:
    lines = [_title(delivery), f"  {_verdict(delivery)}"]
    lines += way_lines(_stops(delivery))
    if delivery.problem:
        lines += textwrap.wrap(
            _sentence(delivery.problem), 92, initial_indent="    ", subsequent_indent="    "
        )
    return "\n".join(lines)


def _card(delivery: Delivery) -> str:
    problem = f"<p>{escape(_sentence(delivery.problem))}</p>" if delivery.problem else ""
    return (
        f'<section class="lab-card {state_class(delivery.arrives)}"><h4>{escape(_title(delivery))}</h4>'
        f'{way_html(_stops(delivery), _LETTER)}<b class="lab-fate">{_verdict(delivery)}</b>{problem}</section>'
    )


def _sentence(problem: str) -> str:
    """A problem as a sentence; the name of a resource at its beginning keeps its spelling."""
    is_word = problem.startswith(("its ", "the "))
    return f"{problem[:1].upper() if is_word else problem[:1]}{problem[1:]}."
