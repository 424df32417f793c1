"""Draws the release drill: a card for each data store, with three pictures: release 1, release 2, and the end.

The pictures are a list with words in them, so a screen reader gives the same facts in the same order.
"""

from __future__ import annotations

import textwrap
from typing import Final

from lab_support.display.html import escape, icon, sign, state_class, view
from lab_support.display.view import View
from lab_support.drills.release import Fate, Outcome, ReleasedStore, Releases
from lab_support.reporting import counted

_ICONS: Final = {
    "efs.FileSystem": icon('<path d="M1.5 4.5h5l1.5 2h6.5v7h-13z"/>'),
    "dynamodb.Table": icon('<path d="M2 2.5h12v11H2zM2 6h12M2 9.7h12M6.5 2.5v11"/>'),
}
_DATABASE: Final = icon(
    '<ellipse cx="8" cy="3.6" rx="5.5" ry="2.4"/><path d="M2.5 3.6v8.6c0 1.4 2.4 2.5 5.5 2.5s5.5-1.1 5.5-2.5V3.6"/>'
)
_COPY: Final = icon('<path d="M4 5h9v9H4z"/><path d="M2 11V2h9"/>')
# What the picture of a deletion shows: the words, how the store is drawn, and whether a copy lies beside it.
_PICTURES: Final = {
    Fate.PROTECTED: ("stays: the engine refuses", "lab-held", False),
    Fate.RETAINED: ("stays, outside of Pulumi", "lab-held", False),
    Fate.REFUSED: ("stays: AWS refuses", "lab-held", False),
    Fate.SNAPSHOT: ("gone", "lab-stopped", True),
    Fate.UNREADABLE: ("left without its key", "lab-stopped", False),
    Fate.LOST: ("gone", "lab-stopped", False),
    Fate.UNKNOWN: ("unknown until deployment", "lab-waiting", False),
}


def releases_view(releases: tuple[Releases, ...]) -> View:
    """The data stores of each environment, and what two releases and a destruction leave of them."""
    html = "".join(map(_figure, releases))
    return view(html, "\n\n".join(map(_text, releases)))


def _title(found: Releases) -> str:
    if not found.stores:
        return f"Environment {found.environment}: no data store, so nothing could be lost"
    kept = sum(store.survives for store in found.stores)
    return (
        f"Environment {found.environment}: data of {kept} of {counted(len(found.stores), 'store')} survives"
    )


def _steps(store: ReleasedStore) -> tuple[tuple[str, Outcome], ...]:
    return ("release 2 renames it", store.renamed), ("the stack is destroyed", store.destroyed)


def _sentence(event: str, outcome: Outcome) -> str:
    return f"When {event}, {outcome.fate}: {outcome.why}."


def _text(found: Releases) -> str:
    lines = [_title(found)]
    for store in found.stores:
        lines.append(f"  {store.resource.name}, {store.what}: {_fate(store)}")
        for event, outcome in _steps(store):
            words = f"{sign(outcome.survives)} {_sentence(event, outcome)}"
            lines += textwrap.wrap(
                words, 92, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False
            )
    return "\n".join(lines)


def _fate(store: ReleasedStore) -> str:
    return f"{sign(store.survives)} {'its data survives' if store.survives else 'its data is lost'}"


def _figure(found: Releases) -> str:
    cards = "".join(map(_card, found.stores))
    return (
        f'<section class="lab-release"><h4>{escape(_title(found))}</h4>'
        f'<ol class="lab-scenes" role="list">{cards}</ol></section>'
    )


def _card(store: ReleasedStore) -> str:
    facts = "".join(
        f"<li>{sign(outcome.survives)} {escape(_sentence(event, outcome))}</li>"
        for event, outcome in _steps(store)
    )
    drawn = _ICONS.get(store.resource.kind, _DATABASE)
    first = _box("Release 1", _part(drawn, "with data", ""))
    second = _box("Release 2", _deleted(drawn, store.renamed) + _part(drawn, "new, empty", "lab-waiting"))
    third = _box("Destroy", _deleted(drawn, store.destroyed))
    return (
        f'<li class="lab-card lab-scene {state_class(store.survives)}">'
        f"<h5>{escape(store.resource.name)}: {escape(store.what)}</h5>"
        f'<ul class="lab-zones" role="list">{first}{second}{third}</ul>'
        f'<div><b class="lab-fate">{_fate(store)}</b><ul class="lab-small">{facts}</ul></div></li>'
    )


def _box(title: str, parts: str) -> str:
    return f'<li class="lab-zone"><span class="lab-name">{title}</span>{parts}</li>'


def _deleted(drawn: str, outcome: Outcome) -> str:
    """A store after its deletion, and the copy that is left of it."""
    words, style, has_copy = _PICTURES[outcome.fate]
    mark = "✗ " if style == "lab-stopped" else ""
    copy = _part(_COPY, "copy is left", "lab-held") if has_copy else ""
    return _part(drawn, f"{mark}{words}", style) + copy


def _part(drawn: str, words: str, style: str) -> str:
    return f'<span class="lab-part {style}">{drawn}<span>{escape(words)}</span></span>'
