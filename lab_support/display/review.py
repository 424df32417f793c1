"""Draws a review: findings by severity, then what was accepted and what is unknown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from lab_support.display.html import chip, escape, page, sign, state_class
from lab_support.display.view import View
from lab_support.mock_packages.installed import mocked
from lab_support.plan.diagnostic import Location
from lab_support.reporting import counted
from lab_support.review.findings import NOTE, SEVERITIES, Accepted, Review, ReviewFinding, Undecided

WIDTH: Final = 100
# How many undecided questions are listed one by one.
_MOST_UNKNOWN: Final = 12


def reviews_view(reviews: Iterable[Review]) -> View:
    """One or more reviews, one below the other."""
    listed = tuple(reviews)
    return View(page("".join(map(_body, listed))), "\n\n".join(map(review_text, listed)))


def review_text(review: Review, root: Path | None = None) -> str:
    """A review as plain text, most severe findings first. File names are relative to the folder `root`."""
    lines = [_headline(review), *mocked(review.mocked_packages), *review.notes]
    for severity, findings in groupby(review.findings, key=lambda finding: finding.severity):
        lines += ["", severity.upper()]
        for finding in findings:
            place = f"  ({_place(finding.source, root)})" if finding.source else ""
            lines += [f"{finding.id}  {finding.resource}{place}", *_wrapped(finding.what)]
            lines += _wrapped(f"Repair: {finding.repair} [{finding.control}]")
    if review.accepted:
        lines += ["", "ACCEPTED"]
        lines += [line for accepted in review.accepted for line in _wrapped(_accepted(accepted), 0)]
    if review.unknown:
        lines += ["", "UNKNOWN"]
        lines += [line for text in _undecided(review.unknown) for line in _wrapped(text, 0)]
    return "\n".join(lines)


def _headline(review: Review) -> str:
    count = dict.fromkeys(SEVERITIES, 0)
    for finding in review.findings:
        count[finding.severity] += 1
    notes = count.pop(NOTE)
    parts = ", ".join(f"{number} {severity}" for severity, number in count.items() if number)
    seen = counted(review.resources, "resource")
    found = (
        f"{counted(sum(count.values()), 'finding')} in {seen}: {parts}" if parts else f"No findings in {seen}"
    )
    return f"{found}; {counted(notes, 'note')}" if notes else found


def _place(source: Location, root: Path | None) -> str:
    file = Path(source.file)
    shown = file.relative_to(root) if root and file.is_relative_to(root) else file
    return f"{shown}:{source.line}"


def _accepted(accepted: Accepted) -> str:
    finding = accepted.finding
    return f"{finding.id}  {finding.resource}, until {accepted.until}: {accepted.reason}"


def _undecided(unknown: tuple[Undecided, ...]) -> Iterator[str]:
    for undecided in unknown[:_MOST_UNKNOWN]:
        yield f"{undecided.id}  {undecided.resource or 'the program'}: {undecided.why}"
    if len(unknown) > _MOST_UNKNOWN:
        yield f"and {len(unknown) - _MOST_UNKNOWN} more"


def _wrapped(text: str, indent: int = 2) -> list[str]:
    first, rest = " " * indent, " " * (indent or 2)
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _body(review: Review) -> str:
    good = not review.failed
    head = (
        f'<div class="lab-head"><span class="lab-title">{sign(good)} {escape(_headline(review))}</span></div>'
    )
    notes = "".join(
        f'<p class="lab-dim lab-small">{escape(text)}</p>'
        for text in (*mocked(review.mocked_packages), *review.notes)
    )
    findings = "".join(map(_finding, review.findings))
    more = _list("Accepted", map(_accepted, review.accepted))
    more += _list("Unknown", _undecided(review.unknown))
    return f'<div class="lab-card {state_class(good)}">{head}{notes}{findings}{more}</div>'


def _finding(finding: ReviewFinding) -> str:
    place = f'<span class="lab-dim">{escape(_place(finding.source, None))}</span>' if finding.source else ""
    return (
        f'<div class="lab-finding"><div class="lab-head">{chip(finding.severity, finding.severity)}'
        f"<b>{escape(finding.id)}</b><code>{escape(finding.resource)}</code>{place}</div>"
        f'<p class="lab-what">{escape(finding.what)}</p>'
        f'<p class="lab-hint">Repair: {escape(finding.repair)} [{escape(finding.control)}]</p></div>'
    )


def _list(title: str, texts: Iterable[str]) -> str:
    entries = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<p class="lab-label">{title}</p><ul>{entries}</ul>' if entries else ""
