"""What changed in every environment: environments that changed alike are shown once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lab_support.display.diff import NOTHING, diff_view
from lab_support.display.html import escape, view
from lab_support.display.view import View
from lab_support.plan.plan import Plan

# What AWS or the engine makes up: a UUID, the digits of ids and of names' suffixes, and the end of a secret's ARN.
_MADE_UP: Final = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{7,}\b")
_END_OF_SECRET: Final = re.compile(r"(:secret:[^\s\"':]+-)\w{6}\b")


def change_views(pairs: Iterable[tuple[Plan, Plan]]) -> tuple[View, ...]:
    """The differences between pairs of plans, one pair for each environment; before each a line that says where."""
    alike: dict[str, list[tuple[Plan, Plan]]] = {}
    for before, after in pairs:
        what = _without_environment(diff_view(before, after).text, after.stack)
        alike.setdefault(what, []).append((before, after))
    shown: list[View] = []
    for group in alike.values():
        environments = [after.stack for _, after in group]
        difference = diff_view(*group[0])
        shown += [_where(environments, len(alike) == 1, difference.text != NOTHING), difference]
    return tuple(shown)


def _where(environments: list[str], is_all: bool, is_changed: bool) -> View:
    first, *others = environments
    text = (
        f"In {', '.join([*environments[:-1], ''])[:-2]} and {environments[-1]}" if others else f"In {first}"
    )
    if is_all and others:
        text = f"The same in every environment that was compared ({', '.join(environments)})"
    if others and is_changed:
        text += f"; shown for {first}"
    return view(f"<p>{escape(text)}:</p>", f"{text}:")


def _without_environment(text: str, environment: str) -> str:
    """The text without what differs between environments anyway: their names, and what is made up."""
    text = _MADE_UP.sub("#", _END_OF_SECRET.sub(r"\1#", text))
    return re.sub(rf"(?<![a-z0-9]){re.escape(environment)}(?![a-z0-9])", "*", text)
