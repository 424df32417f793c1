"""Draws the outage drill for tasks: for each zone that fails, the zones with their gateways and tasks, and the way of a
packet from each of them to the internet, or to where it ends.

Words beside the picture and its label say the same, in the same order.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from lab_support.display.html import escape, sign, state_class, view
from lab_support.display.view import View
from lab_support.drills.routes import Hop, WayOut
from lab_support.drills.way_out import CutOff, Effect, State

# Sizes in the units of the picture.
_COLUMN: Final = 128
_GAP: Final = 10
_BOX: Final = 26
_TOP: Final = 62  # of the zones; above them is the internet
_SOURCE: Final = "Amazon VPC User Guide, docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"


def cut_off_view(failures: tuple[CutOff, ...]) -> View:
    """A card for each zone that fails. `failures` come from one plan."""
    if not failures or not failures[0].effects:
        text = "The plan has no tasks in a network of their own, so nothing could be cut off."
        return view(f"<p>{text}</p>", text)
    title = _title(failures[0])
    scenes = "".join(map(_scene, failures))
    html = (
        f'<section class="lab-way-out"><h4>{escape(title)}</h4><ol class="lab-scenes" role="list">{scenes}</ol>'
        f'<p class="lab-dim lab-small">Source: {escape(_SOURCE)}</p></section>'
    )
    return view(html, "\n".join([title, *map(_text, failures), f"  Source: {_SOURCE}"]))


def _title(failure: CutOff) -> str:
    services = ", ".join(dict.fromkeys(effect.tasks.service.name for effect in failure.effects))
    zones = ", ".join(dict.fromkeys(effect.tasks.zone for effect in failure.effects))
    return f"{services}: tasks in {zones}"


def _fate(failure: CutOff) -> str:
    if not failure.running:
        return f"{sign(False)} no task is left"
    return f"{sign(failure.survives)} {'warnings get out' if failure.survives else 'warnings are stuck'}"


def _facts(failure: CutOff) -> Iterator[str]:
    """What becomes of the tasks in each zone, in sentences."""
    for effect in failure.effects:
        yield f"{effect.tasks.zone}: tasks {_what(effect)}."


def _what(effect: Effect) -> str:
    if effect.state is State.STOPPED:
        return "stopped with their zone"
    if effect.state is State.REACHES:
        return f"run and reach the internet through {_through(effect.tasks.ways)}"
    why = effect.why.partition(": ")[2]
    return f"run and {'reach nothing' if effect.state is State.CUT_OFF else 'may reach nothing'}: {why}"


def _through(ways: tuple[WayOut, ...]) -> str:
    first = [way.hops[0] for way in ways if way.hops]
    return " and ".join(
        dict.fromkeys(f"{hop.resource.name}{f' in {hop.zone}' if hop.zone else ''}" for hop in first)
    )


def _text(failure: CutOff) -> str:
    lines = [f"  {failure.zone} fails: {_fate(failure)}"]
    for fact in _facts(failure):
        lines += textwrap.wrap(
            fact, 92, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False
        )
    return "\n".join(lines)


def _scene(failure: CutOff) -> str:
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in _facts(failure))
    return (
        f'<li class="lab-card lab-scene {state_class(failure.survives)}"><h5>When {escape(failure.zone)} fails</h5>'
        f"{_Picture(failure).svg}"
        f'<div><b class="lab-fate">{escape(_fate(failure))}</b><ul class="lab-small">{facts}</ul></div></li>'
    )


class _Picture:
    """The zones side by side: gateways above, tasks below, and above all of them the internet."""

    def __init__(self, failure: CutOff) -> None:
        self.failure = failure
        self.gateways = [hop for hop in failure.gateways if hop.what != "internet gateway"]
        self.zones = failure.zones
        most = max((sum(hop.zone == zone for hop in self.gateways) for zone in self.zones), default=0)
        spanning = sum(not hop.zone for hop in self.gateways)
        self.tasks_top = _TOP + 10 + (max(most, 1) + spanning) * (_BOX + 8) + 22
        self.width = len(self.zones) * (_COLUMN + _GAP) + _GAP
        self.height = self.tasks_top + _BOX + 30

    @property
    def svg(self) -> str:
        label = f"When {self.failure.zone} fails: {' '.join(_facts(self.failure))}"
        zones = "".join(map(self._zone, self.zones))
        boxes = "".join(map(self._gateway, self.gateways))
        tasks = "".join(self._tasks(effect) for effect in self._one_per_zone())
        lines = [part for line in self._lines() for part in line]
        return (
            f'<svg class="lab-ways" viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(label)}">'
            f'<rect class="lab-internet" x="{_GAP}" y="6" width="{self.width - 2 * _GAP}" height="{_BOX}" rx="13"/>'
            f'<text x="{self.width // 2}" y="24">internet</text>{zones}'
            f"{''.join(lines[::2])}{boxes}{tasks}{''.join(lines[1::2])}</svg>"
        )

    def _one_per_zone(self) -> list[Effect]:
        return list({effect.tasks.zone: effect for effect in reversed(self.failure.effects)}.values())[::-1]

    def _left(self, zone: str) -> int:
        return _GAP + self.zones.index(zone) * (_COLUMN + _GAP)

    def _middle(self, zone: str) -> int:
        return self._left(zone) + _COLUMN // 2

    def _zone(self, zone: str) -> str:
        out = zone == self.failure.zone
        box = (
            f'<rect class="lab-zone-box{" lab-out" if out else ""}" x="{self._left(zone)}" y="{_TOP}" '
            f'width="{_COLUMN}" height="{self.height - _TOP - 4}" rx="5"/>'
        )
        place = f'x="{self._middle(zone)}" y="{self.height - 12}"'
        return f'{box}<text class="lab-zone-name" {place}>{escape(f"✗ {zone}" if out else zone)}</text>'

    def _top(self, hop: Hop) -> int:
        """The upper edge of a gateway's box: below those of its zone that come before it."""
        same = [other for other in self.gateways if other.zone == hop.zone]
        spanning = 0 if not hop.zone else sum(not other.zone for other in self.gateways)
        return _TOP + 10 + (spanning + same.index(hop)) * (_BOX + 8)

    def _gateway(self, hop: Hop) -> str:
        left, width = (
            (self._left(hop.zone) + 8, _COLUMN - 16) if hop.zone else (2 * _GAP, self.width - 4 * _GAP)
        )
        used = any(hop in way.hops for effect in self.failure.effects for way in effect.tasks.ways)
        style = " lab-stopped" if hop.zone == self.failure.zone else "" if used else " lab-idle"
        words = hop.what if used else f"{hop.what}, unused"
        top = self._top(hop)
        return (
            f'<g class="lab-gateway{style}"><title>{escape(hop.resource.name)}</title>'
            f'<rect x="{left}" y="{top}" width="{width}" height="{_BOX}" rx="5"/>'
            f'<text x="{left + width // 2}" y="{top + 17}">{escape(words)}</text></g>'
        )

    def _tasks(self, effect: Effect) -> str:
        left, top = self._left(effect.tasks.zone) + 24, self.tasks_top
        style = {State.STOPPED: " lab-stopped", State.CUT_OFF: " lab-cut"}.get(effect.state, "")
        words = "✗ stopped" if effect.state is State.STOPPED else "tasks"
        return (
            f'<g class="lab-tasks{style}"><rect x="{left}" y="{top}" width="{_COLUMN - 48}" height="{_BOX}" rx="13"/>'
            f'<text x="{left + _COLUMN // 2 - 24}" y="{top + 17}">{words}</text></g>'
        )

    def _lines(self) -> Iterator[tuple[str, str]]:
        """The way of each packet, and what is at its end: an arrow at the internet, or a cross where it is lost."""
        for effect in self.failure.running:
            start = self._middle(effect.tasks.zone)
            for way in effect.tasks.ways:
                hops = [hop for hop in way.hops if hop in self.gateways]
                lost = next((hop for hop in hops if hop.zone == self.failure.zone), None)
                ends = lost is not None or bool(way.blocked or way.unknown or effect.tasks.closed)
                points = [(start, self.tasks_top)]
                if effect.tasks.closed:
                    hops = []
                for hop in hops:
                    x = self._middle(hop.zone) if hop.zone else start
                    points += [(x, self._top(hop) + _BOX), *([] if hop is lost else [(x, self._top(hop))])]
                    if hop is lost:
                        break
                if not ends:
                    points.append((points[-1][0], 6 + _BOX))
                elif len(points) == 1:
                    points.append((start, self.tasks_top - 18))
                yield _line(points, ends)


def _line(points: list[tuple[int, int]], ends: bool) -> tuple[str, str]:
    path = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(points))
    style = "lab-lost" if ends else "lab-through"
    x, y = points[-1]
    tip = (
        f'<text class="lab-cross" x="{x}" y="{y + 5}">✗</text>'
        if ends
        else f'<path class="lab-tip" d="M{x - 5} {y + 8}L{x} {y}L{x + 5} {y + 8}z"/>'
    )
    return f'<path class="{style}" d="{path}"/>', tip
