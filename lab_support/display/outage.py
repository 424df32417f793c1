"""Draws the outage drill: a card for each zone that fails, with what runs in which zone and what happens to it.

The cards are a list, and so are the zones in them, so a screen reader gives the same facts in the same order.
"""

from __future__ import annotations

import textwrap
from typing import Final

from lab_support.display.html import escape, icon, sign, state_class, view
from lab_support.display.view import View
from lab_support.drills.databases import Database, Part
from lab_support.drills.outage import Effect, Figure, Outage

_DATABASE: Final = icon(
    '<ellipse cx="8" cy="3.6" rx="5.5" ry="2.4"/><path d="M2.5 3.6v8.6c0 1.4 2.4 2.5 5.5 2.5s5.5-1.1 5.5-2.5V3.6"/>'
)


def outage_view(outages: tuple[Outage, ...]) -> View:
    """A figure for each database: what the failure of each zone does to it. `outages` come from one plan."""
    found = tuple(dict.fromkeys(effect.database.name for outage in outages for effect in outage.effects))
    if not found:
        text = "The plan has no database, so nothing could survive an outage."
        return view(f"<p>{text}</p>", text)
    effects = {
        name: [effect for outage in outages for effect in outage.effects if effect.database.name == name]
        for name in found
    }
    html = "".join(_figure(scenes, outages[0].zones) for scenes in effects.values())
    return view(html, "\n\n".join(_text(scenes) for scenes in effects.values()))


def _title(database: Database) -> str:
    zones = ", ".join(database.zones) or "no zone"
    return f"{database.name}: {database.kind}, running in {zones}"


def _figures(effects: list[Effect]) -> list[Figure]:
    return list(
        dict.fromkeys(
            figure for effect in effects for figure in (effect.downtime, effect.lost) if figure is not None
        )
    )


def _fate(effect: Effect) -> tuple[str, str]:
    """The verdict in two words, and the sentence that explains it."""
    sentence = f"{effect.what[0].upper()}{effect.what[1:]}."
    if effect.lost is not None:
        sentence += f" Lost: {effect.lost.text}."
    return f"{sign(effect.survives)} {'keeps running' if effect.survives else 'stops'}", sentence


def _text(effects: list[Effect]) -> str:
    lines = [_title(effects[0].database)]
    for effect in effects:
        word, sentence = _fate(effect)
        lines.append(f"  {effect.zone} fails: {word}")
        lines += textwrap.wrap(sentence, 92, initial_indent="    ", subsequent_indent="    ")
    lines += [f"  Source: {figure.source}" for figure in _figures(effects)]
    return "\n".join(lines)


def _figure(effects: list[Effect], zones: tuple[str, ...]) -> str:
    scenes = "".join(_scene(effect, zones) for effect in effects)
    sources = "; ".join(escape(figure.source) for figure in _figures(effects))
    note = f'<p class="lab-dim lab-small">Source: {sources}</p>' if sources else ""
    return (
        f'<section class="lab-outage"><h4>{escape(_title(effects[0].database))}</h4>'
        f'<ol class="lab-scenes" role="list">{scenes}</ol>{note}</section>'
    )


def _scene(effect: Effect, zones: tuple[str, ...]) -> str:
    word, sentence = _fate(effect)
    boxes = "".join(_zone(effect, zone) for zone in zones)
    return (
        f'<li class="lab-card lab-scene {state_class(effect.survives)}"><h5>When {escape(effect.zone)} fails</h5>'
        f'<ul class="lab-zones" role="list">{boxes}</ul>'
        f'<div><b class="lab-fate">{word}</b><p class="lab-small">{escape(sentence)}</p></div></li>'
    )


def _zone(effect: Effect, zone: str) -> str:
    out = zone == effect.zone
    parts = "".join(
        _part(effect, part, out) for part in (*effect.stopped, *effect.running) if part.zone == zone
    )
    state = '<span class="lab-name">✗ zone failed</span>' if out else ""
    return (
        f'<li class="lab-zone{" lab-out" if out else ""}"><span class="lab-name">{escape(zone)}</span>'
        f"{parts}{state}{'' if parts or out else _NOTHING}</li>"
    )


_NOTHING: Final = '<span class="lab-dim lab-small">nothing here</span>'


def _part(effect: Effect, part: Part, out: bool) -> str:
    takes_over = effect.survives and effect.downtime is not None and part is effect.running[0]
    if out:
        style, words = "lab-stopped", f'<span class="lab-role">{escape(part.role)}</span> stopped'
    elif takes_over:
        style, words = "lab-takes-over", f"{escape(part.role)} → primary"
    else:
        style, words = "" if part.role == "primary" else "lab-waiting", escape(part.role)
    return f'<span class="lab-part {style}">{_DATABASE}<span>{words}</span></span>'
