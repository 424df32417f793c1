"""Draws the reader drill: what read-only access shows, as four sheets, with the lines that hold a secret marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab_support.display.html import BAD, GOOD, escape, icon, state_class, view
from lab_support.display.view import View
from lab_support.drills.reader import Place, Reading, ReadSecret, Sight

_EYE: Final = icon('<path d="M1 8c3-5 11-5 14 0-3 5-11 5-14 0z"/><circle cx="8" cy="8" r="2.2"/>')
_LOCK: Final = icon('<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>')
_HOW: Final = {
    Place.STATE: "pulumi stack export",
    Place.EXPORTS: "pulumi stack output",
    Place.LOG: "the output of pulumi up",
    Place.AWS: "ReadOnlyAccess, without kms:Decrypt",
}
_SOURCE: Final = (
    "Sources: Pulumi documentation, www.pulumi.com/docs/iac/concepts/secrets/; Amazon ECS Developer Guide, "
    "docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html"
)


def readings_view(readings: tuple[Reading, ...]) -> View:
    """A card with four sheets for each secret, and the same as text."""
    html, text = [], []
    for reading in readings:
        for secret in reading.secrets:
            html.append(_card(secret))
            text.append(_text(secret))
        for name in reading.managed:
            sentence = (
                f"RDS generates the password of {name} and keeps it in Secrets Manager; Pulumi never sees it."
            )
            html.append(
                f'<section class="lab-card lab-is-good"><p>{GOOD} {_LOCK} {escape(sentence)}</p></section>'
            )
            text.append(f"{GOOD} {sentence}")
    if not text:
        sentence = "The plan has no secret whose value is known, so none can be seen."
        return view(f"<p>{sentence}</p>", sentence)
    return view(f'{"".join(html)}<p class="lab-dim lab-small">{_SOURCE}</p>', "\n\n".join([*text, _SOURCE]))


def _title(secret: ReadSecret) -> str:
    """The secret's name as a heading; a key of the configuration keeps its spelling."""
    return f"The {secret.name[4:]}" if secret.name.startswith("the ") else secret.name


def _verdict(secret: ReadSecret) -> str:
    mark, seen = (BAD, "readable") if secret.is_exposed else (GOOD, "not readable")
    return f"{mark} {seen} with read-only access"


def _lines(secret: ReadSecret, place: Place) -> Iterator[tuple[Sight, str]]:
    """The lines of a sheet: what is seen first."""
    for sight in (*secret.seen, *secret.sealed):
        if sight.place is not place:
            continue
        parts = [part for part in sight.what.split(", ") if part not in ("value", sight.where)]
        what = " › ".join([sight.where, *parts])
        how = f" ({sight.written})" if sight.written else ""
        if not sight.is_sealed:
            line = f"{what}{how}"
        else:
            line = f"{what}: {'[secret]' if place is Place.STATE else 'not shown'}"
        asks = place is Place.AWS and ":" in sight.request and not sight.is_sealed
        yield sight, f"{line}, by {sight.request}" if asks else line


def _text(secret: ReadSecret) -> str:
    lines = [_title(secret), f"  {_verdict(secret)}"]
    for place in Place:
        lines.append(f"  {_heading(place)} ({_HOW[place]})")
        found = [f"    {GOOD if sight.is_sealed else BAD} {line}" for sight, line in _lines(secret, place)]
        lines += found or ["    – not there"]
    return "\n".join(lines)


def _heading(place: Place) -> str:
    return f"{place[:1].upper()}{place[1:]}"


def _card(secret: ReadSecret) -> str:
    sheets = "".join(_sheet(secret, place) for place in Place)
    return (
        f'<section class="lab-card {state_class(not secret.is_exposed)}"><h4>{escape(_title(secret))}</h4>'
        f'<div class="lab-sheets">{sheets}</div><b class="lab-fate">{escape(_verdict(secret))}</b></section>'
    )


def _sheet(secret: ReadSecret, place: Place) -> str:
    lines = list(_lines(secret, place))
    is_open = any(not sight.is_sealed for sight, _ in lines)
    items = "".join(
        f'<li class="{"lab-kept" if sight.is_sealed else "lab-read"}">'
        f"{_LOCK if sight.is_sealed else _EYE} <span>{GOOD if sight.is_sealed else BAD} {escape(line)}</span></li>"
        for sight, line in lines
    )
    return (
        f'<div class="lab-sheet{" lab-open" if is_open else ""}"><h5>{escape(_heading(place))}</h5>'
        f'<p class="lab-dim lab-small">{escape(_HOW[place])}</p>'
        f'<ul role="list">{items or "<li>– not there</li>"}</ul></div>'
    )
