"""Notes compared: what was found, what was missed, and what was flagged although it is fine, each with the reason."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from lab_support.course.notes import Answer, Comparison, Note
from lab_support.display.html import BAD, GOOD, chip, escape, view
from lab_support.display.view import View

_NEAR: Final = "≈"
_OPEN: Final = (
    "The lab has nothing to say about it. That proves nothing:"
    " what would happen, to whom, and how would you show it?"
)
_ANOTHER: Final = "The right place. What happens there is something else:"


def comparisons_view(comparisons: tuple[Comparison, ...]) -> View:
    """A section for each comparison."""
    return view("".join(map(_html, comparisons)), "\n\n".join(map(_text, comparisons)))


def _groups(seen: Comparison) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Title, class and entries (what it is about, what the learner wrote, what there is to say) of each group."""
    hits = [(_about(answer), _quoted(note), answer.what) for note, answer in seen.hits]
    near = [(note.resource, _quoted(note), f"{_ANOTHER} {answer.what}") for note, answer in seen.near]
    missed = [(_about(answer), "", answer.what) for answer in seen.missed]
    fine = [(note.resource, _quoted(note), sound.why) for note, sound in seen.wrong if sound]
    other = [(note.resource, _quoted(note), _OPEN) for note, sound in seen.wrong if not sound]
    groups = [
        (f"{GOOD} Found", "lab-is-good", hits),
        (f"{_NEAR} Almost", "", near),
        (f"{BAD} Missed", "lab-is-bad", missed),
        ("Flagged, but fine", "", fine),
        ("Not among what the lab knows", "", other),
    ]
    return [group for group in groups if group[2]]


def _title(seen: Comparison) -> str:
    found = seen.of - len(seen.missed)
    flagged = sum(sound is not None for _, sound in seen.wrong)
    more = f", and flagged {flagged} that {'is' if flagged == 1 else 'are'} fine" if flagged else ""
    return f"Your notes name {found} of {seen.of} flaws{more}"


def _about(answer: Answer) -> str:
    return f"emergency-alert-{answer.name}"


def _quoted(note: Note) -> str:
    return f"“{note.consequence}”"


def _text(seen: Comparison) -> str:
    lines = [_title(seen)]
    for title, _, entries in _groups(seen):
        lines += ["", f"  {title}"]
        for about, quoted, said in entries:
            lines += _wrapped([about, quoted], "    ") + _wrapped([said], "      ")
    return "\n".join(lines)


def _wrapped(parts: Iterable[str], indent: str) -> list[str]:
    text = ": ".join(filter(None, parts))
    return textwrap.wrap(
        text, 92, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )


def _html(seen: Comparison) -> str:
    severities = {answer.what: seen.exercise.severities.get(answer.finding, "") for answer in _answers(seen)}
    cards = "".join(
        f'<li class="lab-card {style}"><h5 class="lab-title">{escape(title)}</h5>'
        + "".join(_entry(*each, severities.get(each[2], "")) for each in entries)
        + "</li>"
        for title, style, entries in _groups(seen)
    )
    return f'<section><h4>{escape(_title(seen))}</h4><ol class="lab-list" role="list">{cards}</ol></section>'


def _answers(seen: Comparison) -> Iterable[Answer]:
    return (*(answer for _, answer in seen.hits), *seen.missed)


def _entry(about: str, quoted: str, said: str, severity: str) -> str:
    marked = chip(severity, severity) if severity else ""
    yours = f'<span class="lab-dim">{escape(quoted)}</span>' if quoted else ""
    return (
        f'<div class="lab-finding"><div class="lab-head">{marked}<code>{escape(about)}</code>{yours}</div>'
        f'<p class="lab-what">{escape(said)}</p></div>'
    )
