"""The outage drill drawn: a row for each zone that fails, a column for each zone, and what becomes of the database.

It is a table, so that it wraps in a narrow window and reads aloud in order; the boxes in it are the picture.
"""

from __future__ import annotations

import textwrap
from html import escape

from lab_support.display import View
from lab_support.drills.databases import Database, Part
from lab_support.drills.outage import Effect, Figure, Outage

# JupyterLab styles every table in an output; the doubled class is what makes these rules stronger.
_STYLE = """<style>
.lab-outage { margin: 4px 0 12px; color: var(--jp-ui-font-color1, #222); }
.lab-outage.lab-outage table { border-collapse: separate; border-spacing: 4px; table-layout: auto; margin: 0;
  font-size: 0.95em; }
.lab-outage.lab-outage caption { text-align: left; padding: 2px 4px; caption-side: top;
  color: var(--jp-ui-font-color1, #222); }
.lab-outage.lab-outage tbody tr, .lab-outage.lab-outage tbody tr:hover { background: none; }
.lab-outage.lab-outage th, .lab-outage.lab-outage td { text-align: left; vertical-align: middle; padding: 6px 8px;
  background: none; max-width: none; white-space: normal; }
.lab-outage.lab-outage thead th { white-space: nowrap; font-weight: 600; }
.lab-outage.lab-outage td.zone { min-width: 104px; text-align: center; border-radius: 4px;
  border: 1px solid var(--jp-border-color0, #999); }
.lab-outage.lab-outage td.out { border-style: dashed; background: repeating-linear-gradient(45deg, transparent 0 6px,
  var(--jp-border-color2, #ddd) 6px 7px); }
.lab-outage .part { display: inline-block; padding: 1px 8px; border-radius: 4px; margin: 1px; white-space: nowrap;
  border: 2px solid var(--jp-brand-color1, #1976d2); background: var(--jp-layout-color0, #fff); }
.lab-outage .part.stopped { border: 2px dashed var(--jp-ui-font-color1, #666); text-decoration: line-through; }
.lab-outage .part.waiting { border-style: dotted; }
.lab-outage .small { font-size: 0.92em; display: block; line-height: 1.35; }
.lab-outage.lab-outage td.fate { width: 24em; }
</style>"""


def outage_view(outages: tuple[Outage, ...]) -> View:
    """The failures of one or more zones, one figure for each database. `outages` come from one plan."""
    found = tuple(dict.fromkeys(effect.database.name for each in outages for effect in each.effects))
    if not found:
        text = "The plan holds no database: there is nothing that could go on."
        return View(f"<p>{text}</p>", text)
    effects = {
        name: [e for each in outages for e in each.effects if e.database.name == name] for name in found
    }
    html = "".join(_figure(rows, outages[0].zones) for rows in effects.values())
    text = "\n\n".join(_text(rows) for rows in effects.values())
    return View(_STYLE + html, text)


def _title(database: Database) -> str:
    zones = ", ".join(database.zones) or "no zone"
    return f"{database.name}: {database.kind}, running in {zones}"


def _figures(effects: list[Effect]) -> list[Figure]:
    return list(
        dict.fromkeys(f for effect in effects for f in (effect.downtime, effect.lost) if f is not None)
    )


def _fate(effect: Effect) -> tuple[str, str]:
    """The two words that count, and the sentence that explains them."""
    sentence = f"{effect.what[0].upper()}{effect.what[1:]}."
    if effect.lost is not None:
        sentence += f" Lost: {effect.lost.text}."
    return ("✓ goes on" if effect.goes_on else "✗ stops"), sentence


def _text(effects: list[Effect]) -> str:
    lines = [_title(effects[0].database)]
    for effect in effects:
        word, sentence = _fate(effect)
        lines.append(f"  {effect.zone} fails: {word}")
        lines += textwrap.wrap(sentence, 92, initial_indent="    ", subsequent_indent="    ")
    lines += [f"  Source: {figure.source}" for figure in _figures(effects)]
    return "\n".join(lines)


def _figure(effects: list[Effect], zones: tuple[str, ...]) -> str:
    head = "".join(f'<th scope="col">{escape(zone)}</th>' for zone in zones)
    rows = "".join(_row(effect, zones) for effect in effects)
    sources = "; ".join(escape(figure.source) for figure in _figures(effects))
    note = f'<span class="small">Source: {sources}</span>' if sources else ""
    return (
        f'<div class="lab-outage"><table><caption><b>{escape(_title(effects[0].database))}</b></caption>'
        f'<thead><tr><th scope="col">When this zone fails</th>{head}<th scope="col">the database</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{note}</div>"
    )


def _row(effect: Effect, zones: tuple[str, ...]) -> str:
    word, sentence = _fate(effect)
    cells = "".join(_zone(effect, zone) for zone in zones)
    return (
        f'<tr><th scope="row">{escape(effect.zone)}</th>{cells}'
        f'<td class="fate"><b>{word}</b><span class="small">{escape(sentence)}</span></td></tr>'
    )


def _zone(effect: Effect, zone: str) -> str:
    out = zone == effect.zone
    parts = [part for part in (*effect.stopped, *effect.running) if part.zone == zone]
    boxes = "".join(_part(effect, part, out) for part in parts)
    label = '<span class="small">✗ zone is out</span>' if out else ""
    return f'<td class="zone{" out" if out else ""}">{boxes}{label}{"" if boxes or label else "–"}</td>'


def _part(effect: Effect, part: Part, out: bool) -> str:
    if out:
        return f'<span class="part stopped">{escape(part.role)}</span>'
    takes_over = effect.goes_on and effect.downtime is not None and part is effect.running[0]
    if takes_over:
        return f'<span class="part">{escape(part.role)} → primary</span>'
    style = "part" if part.role == "primary" else "part waiting"
    return f'<span class="{style}">{escape(part.role)}</span>'
