"""Draws a comparison of notes: what was found and missed, what is true beyond the brief, and what
was flagged but is fine, with reasons."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from lab_support.course.notes import Answer, Comparison, Note
from lab_support.display.html import BAD, GOOD, chip, escape, view
from lab_support.display.view import View

_NEAR: Final = "≈"
_OPEN: Final = (
    "The lab knows nothing about this, which proves nothing:"
    " what would happen, to whom, and how would you demonstrate it?"
)
_ANOTHER: Final = "The right resource; its flaw has another consequence:"


def comparisons_view(comparisons: tuple[Comparison, ...]) -> View:
    """A section for each comparison."""
    return view("".join(map(_html, comparisons)), "\n\n".join(map(_text, comparisons)))


def _groups(comparison: Comparison) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Each group: its title, its class, and its entries (the resource, what the learner wrote, the comment)."""
    system = comparison.exercise.system
    hits = [(_about(answer, system), _quoted(note), answer.what) for note, answer in comparison.hits]
    near = [(note.resource, _quoted(note), f"{_ANOTHER} {answer.what}") for note, answer in comparison.near]
    missed = [(_about(answer, system), "", answer.what) for answer in comparison.missed]
    beyond = [(note.resource, _quoted(note), entry.why) for note, entry in comparison.beyond]
    fine = [(note.resource, _quoted(note), sound.why) for note, sound in comparison.wrong if sound]
    other = [(note.resource, _quoted(note), _OPEN) for note, sound in comparison.wrong if not sound]
    groups = [
        (f"{GOOD} Found", "lab-is-good", hits),
        (f"{_NEAR} Almost", "", near),
        (f"{BAD} Missed", "lab-is-bad", missed),
        ("Beyond the brief, worth raising", "", beyond),
        ("Flagged, but fine", "", fine),
        ("Unknown to the lab", "", other),
    ]
    return [group for group in groups if group[2]]


def _title(comparison: Comparison) -> str:
    found = comparison.of - len(comparison.missed)
    flagged = sum(sound is not None for _, sound in comparison.wrong)
    things = "thing that is" if flagged == 1 else "things that are"
    more = f" and flagged {flagged} {things} fine" if flagged else ""
    return f"You found {found} of {comparison.of} flaws{more}."


def _about(answer: Answer, system: str) -> str:
    return f"{system}-{answer.name.partition(', ')[0]}"


def _quoted(note: Note) -> str:
    return f"“{note.consequence}”"


def _text(comparison: Comparison) -> str:
    lines = [_title(comparison)]
    for title, _, entries in _groups(comparison):
        lines += ["", f"  {title}"]
        for about, quoted, comment in entries:
            lines += _wrapped([about, quoted], "    ") + _wrapped([comment], "      ")
    return "\n".join(lines)


def _wrapped(parts: Iterable[str], indent: str) -> list[str]:
    text = ": ".join(filter(None, parts))
    return textwrap.wrap(
        text, 92, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )


def _html(comparison: Comparison) -> str:
    severities = {
        answer.what: comparison.exercise.severities.get(answer.finding, "") for answer in _answers(comparison)
    }
    cards = "".join(
        f'<li class="lab-card {style}"><h5 class="lab-title">{escape(title)}</h5>'
        + "".join(_entry(*entry, severities.get(entry[2], "")) for entry in entries)
        + "</li>"
        for title, style, entries in _groups(comparison)
    )
    return f'<section><h4>{escape(_title(comparison))}</h4><ol class="lab-list" role="list">{cards}</ol></section>'


def _answers(comparison: Comparison) -> Iterable[Answer]:
    return (*(answer for _, answer in comparison.hits), *comparison.missed)


def _entry(about: str, quoted: str, comment: str, severity: str) -> str:
    marked = chip(severity, severity) if severity else ""
    yours = f'<span class="lab-dim">{escape(quoted)}</span>' if quoted else ""
    return (
        f'<div class="lab-finding"><div class="lab-head">{marked}<code>{escape(about)}</code>{yours}</div>'
        f'<p class="lab-what">{escape(comment)}</p></div>'
    )
