"""Draws a way: stops in a row with arrows between them, up to the one where it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from lab_support.display.html import BAD, GOOD, escape

_STYLES: Final = {True: "lab-passed", False: "lab-ended", None: "lab-unreached"}
_SIGNS: Final = {True: GOOD, False: BAD, None: "–"}


@dataclass(frozen=True)
class Stop:
    """One stop: a title, lines below it, and whether it is passed; None if the way ends before it."""

    title: str
    lines: tuple[str, ...]
    passed: bool | None


def reached(stops: Iterable[Stop]) -> tuple[Stop, ...]:
    """The stops, of which those after the first that is not passed are not reached."""
    result: list[Stop] = []
    for stop in stops:
        ended = any(before.passed is not True for before in result)
        result.append(replace(stop, passed=None) if ended else stop)
    return tuple(result)


def way_html(stops: Iterable[Stop], mark: str = "") -> str:
    """The stops as boxes; `mark` is a drawing for those that are reached."""
    return f'<ol class="lab-way" role="list">{"".join(_box(stop, mark) for stop in stops)}</ol>'


def way_lines(stops: Iterable[Stop]) -> list[str]:
    """The stops as lines of text."""
    return [
        f"  {_SIGNS[stop.passed]} {stop.title}{'' if stop.passed is not None else ' (not reached)'}: "
        f"{', '.join(stop.lines)}"
        for stop in stops
    ]


def _box(stop: Stop, mark: str) -> str:
    lines = "".join(f"<span>{escape(line).replace(':', ':<wbr>')}</span>" for line in stop.lines)
    end = {True: f"{mark} {GOOD}", False: f"{mark} {BAD} ends here", None: "not reached"}[stop.passed]
    return (
        f'<li class="lab-stop {_STYLES[stop.passed]}"><h5>{escape(stop.title)}</h5>{lines}'
        f'<span class="lab-letter">{end}</span></li>'
    )
