"""Draws the stranger drill: for each role and topic, a wall with those who get in and those who stay outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lab_support.display.html import BAD, GOOD, breakable, escape, icon, state_class, view
from lab_support.display.view import View
from lab_support.drills.strangers import Door, Strangers, Visitor
from lab_support.reporting import counted

_PERSON: Final = icon(
    '<circle cx="8" cy="4.6" r="3"/><path d="M2.5 14.5c0-3.4 2.3-5.4 5.5-5.4s5.5 2 5.5 5.4"/>'
)
_SOURCES: Final = (
    "Sources: GitHub Docs, docs.github.com/actions/reference/openid-connect-reference; IAM User Guide, "
    "docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"
)


def strangers_view(reports: tuple[Strangers, ...]) -> View:
    """A card for each door, and the same as text."""
    doors = [door for report in reports for door in report.doors]
    if not doors:
        text = "The plan has no topic, and no role that anyone from outside could ask to assume."
        return view(f"<p>{text}</p>", text)
    html = "".join(map(_card, doors))
    return view(
        f'{html}<p class="lab-dim lab-small">{_SOURCES}</p>', "\n\n".join([*map(_text, doors), _SOURCES])
    )


def _title(door: Door) -> str:
    return f"Who can assume {door.resource.name}?" if door.is_role else f"Who can use {door.resource.name}?"


def _verdict(door: Door) -> str:
    strangers, missing = len(door.let_in), len(door.left_out)
    if strangers:
        requests = counted(sum(not visitor.expected for visitor in door.visitors), "request")
        return f"{BAD} strangers get in ({strangers} of {requests})"
    return f"{BAD} those it is meant for stay outside" if missing else f"{GOOD} no stranger gets in"


def _parts(door: Door) -> tuple[tuple[str, list[Visitor]], ...]:
    return (
        ("Inside", [visitor for visitor in door.visitors if visitor.admitted]),
        ("Outside", [visitor for visitor in door.visitors if not visitor.admitted]),
    )


def _is_right(visitor: Visitor) -> bool:
    return visitor.admitted is visitor.expected


def _text(door: Door) -> str:
    lines = [_title(door), f"  {_verdict(door)}"]
    for part, visitors in _parts(door):
        lines.append(f"  {part}:{'' if visitors else ' nobody'}")
        lines += [f"    {GOOD if _is_right(v) else BAD} {v.who}: {v.asks}" for v in visitors]
    return "\n".join(lines)


def _card(door: Door) -> str:
    good = not door.let_in and not door.left_out
    inside, outside = (_box(part, visitors) for part, visitors in _parts(door))
    return (
        f'<section class="lab-card {state_class(good)}"><h4>{escape(_title(door))}</h4>'
        f'<b class="lab-fate">{escape(_verdict(door))}</b><div class="lab-wall">{outside}{inside}</div></section>'
    )


def _box(part: str, visitors: Iterable[Visitor]) -> str:
    items = "".join(map(_item, visitors)) or "<li>nobody</li>"
    return f'<div class="lab-side lab-{part.lower()}"><h5>{part}</h5><ul role="list">{items}</ul></div>'


def _item(visitor: Visitor) -> str:
    right = _is_right(visitor)
    asks = breakable(visitor.asks).replace(":", ":<wbr>").replace("/", "/<wbr>")
    return (
        f'<li class="lab-visitor {state_class(right)}">{_PERSON}<span>{GOOD if right else BAD} '
        f"{escape(visitor.who)}<br><code>{asks}</code></span></li>"
    )
