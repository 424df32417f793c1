"""Draws the theft drill: a plan's data stores by how they are protected, the worst protected first.

The protection decides who can read a stolen copy, who holds the key and who can revoke it, so these answers are given
once for all stores that share it.
"""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import Final

from lab_support.display.html import BAD, GOOD, escape, icon, view
from lab_support.display.view import View
from lab_support.drills.theft import EXPOSURES, Protection, Store, Theft
from lab_support.reporting import counted

_SIGNS: Final = {Protection.NONE: BAD, Protection.UNUSABLE: BAD, Protection.CUSTOMER: GOOD}
_STATES: Final = {BAD: " lab-is-bad", GOOD: " lab-is-good"}
_BODY: Final = '<rect x="3" y="7.5" width="10" height="7" rx="1.2"/>'
_LOCKED: Final = icon(f'{_BODY}<path d="M5 7.5V5a3 3 0 0 1 6 0v2.5"/>')
_OPEN: Final = icon(f'{_BODY}<path d="M5 7.5V4.4a3 3 0 0 1 5.8-1"/>')


def thefts_view(thefts: tuple[Theft, ...]) -> View:
    """A figure for each inventory."""
    return view("".join(map(_figure, thefts)), "\n\n".join(map(_text, thefts)))


def _title(theft: Theft) -> str:
    bare = sum(store.protection is Protection.NONE for store in theft.stores)
    if not theft.stores:
        return "Nothing in this plan stores data"
    stores = f"{counted(len(theft.stores), 'store')} of data at rest"
    return f"{stores}, {bare} not encrypted" if bare else f"{stores}, all encrypted"


def _protection(protection: Protection) -> str:
    return f"{_SIGNS.get(protection, '·')} {protection[0].upper()}{protection[1:]}"


def _facts(protection: Protection) -> tuple[tuple[str, str], ...]:
    fate = EXPOSURES[protection]
    return (
        ("reads a stolen copy", fate.readers),
        ("holds the key", fate.holder),
        ("can revoke it", fate.revoked_by),
    )


def _by_protection(theft: Theft) -> list[tuple[Protection, list[Store]]]:
    ordered = sorted(
        theft.stores,
        key=lambda store: (
            list(Protection).index(store.protection),
            store.resource.kind,
            store.resource.name,
        ),
    )
    return [(kind, list(stores)) for kind, stores in groupby(ordered, lambda store: store.protection)]


def _text(theft: Theft) -> str:
    lines = [_title(theft)]
    for protection, stores in _by_protection(theft):
        lines += ["", f"  {_protection(protection)}"]
        for store in stores:
            key = f", {_key(store)}" if store.key else ""
            lines.append(f"    {store.resource.name} ({store.resource.kind}: {store.what}{key})")
        for label, value in _facts(protection):
            lines += textwrap.wrap(
                f"{label}: {value}", 92, initial_indent="      ", subsequent_indent="        "
            )
    return "\n".join(lines)


def _key(store: Store) -> str:
    return f"key {store.key.name}" if store.key else ""


def _figure(theft: Theft) -> str:
    cards = "".join(_card(protection, stores) for protection, stores in _by_protection(theft))
    body = f'<ol class="lab-list" role="list">{cards}</ol>' if cards else ""
    return f'<section class="lab-theft"><h4>{escape(_title(theft))}</h4>{body}</section>'


def _card(protection: Protection, stores: list[Store]) -> str:
    state = _STATES.get(_SIGNS.get(protection, ""), "")
    lock = _OPEN if protection is Protection.NONE else _LOCKED
    listed = "".join(_store(store, lock) for store in stores)
    facts = "".join(
        f"<div><dt>Who {escape(label)}</dt><dd>{escape(value)}</dd></div>"
        for label, value in _facts(protection)
    )
    return (
        f'<li class="lab-card{state}"><h5 class="lab-title">{escape(_protection(protection))}</h5>'
        f'<ul class="lab-stores" role="list">{listed}</ul><dl class="lab-answers">{facts}</dl></li>'
    )


def _store(store: Store, lock: str) -> str:
    key = f'<span class="lab-block lab-small">{escape(_key(store))}</span>' if store.key else ""
    return (
        f'<li class="lab-store">{lock}<div><b>{escape(store.resource.name)}</b><span class="lab-block lab-small">'
        f"<code>{escape(store.resource.kind)}</code>: {escape(store.what)}</span>{key}</div></li>"
    )
