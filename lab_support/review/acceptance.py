"""Accepted findings: a file beside the program, under version control, lists them with a reason and an end date.

    accepted:
      - id: SINGLE-ZONE
        resource: reports-db-*        # the logical name; `*` matches any text
        reason: The reports can be computed again within an hour.
        until: 2027-06-30

An acceptance that has expired has no effect, and one that matches nothing is useless: both are reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from lab_support.review.findings import Accepted, Review, ReviewFinding
from lab_support.review.rules import ALL_RULES
from lab_support.safeguards.files import UnreadableFile, read_yaml

FILE: Final = ".lab-review.yaml"
_FIELDS: Final = ("id", "resource", "reason", "until")


class InvalidAcceptances(Exception):
    """The file of acceptances is invalid; the message says where and why."""


@dataclass(frozen=True)
class Acceptance:
    """One entry: the finding's id, a pattern for the resource's logical name, the reason and the last day."""

    id: str
    resource: str
    reason: str
    until: date

    def covers(self, finding: ReviewFinding) -> bool:
        return self.id == finding.id and fnmatchcase(finding.resource, self.resource)


def read_acceptances(program: Path) -> tuple[Acceptance, ...]:
    """The acceptances beside a program, which is a folder or a file. Raises InvalidAcceptances."""
    file = (program if program.is_dir() else program.parent) / FILE
    if not file.is_file():
        return ()
    try:
        content = read_yaml(file)
    except UnreadableFile as error:
        raise InvalidAcceptances(str(error)) from None
    entries = content.get("accepted") if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        raise InvalidAcceptances(f"{file} must contain a list under `accepted`")
    return tuple(_acceptance(file, number, entry) for number, entry in enumerate(entries, 1))


def _acceptance(file: Path, number: int, entry: Any) -> Acceptance:
    def invalid(reason: str) -> InvalidAcceptances:
        return InvalidAcceptances(f"{file}, entry {number}: {reason}")

    if not isinstance(entry, Mapping) or set(entry) != set(_FIELDS):
        raise invalid(f"an acceptance has exactly the fields {', '.join(_FIELDS)}")
    if entry["id"] not in {rule.id for rule in ALL_RULES}:
        raise invalid(
            f"there is no rule {entry['id']!r}; the rules are {', '.join(rule.id for rule in ALL_RULES)}"
        )
    for name in ("resource", "reason"):
        if not isinstance(entry[name], str) or not entry[name].strip():
            raise invalid(f"{name} must be a text, and not empty")
    if type(entry["until"]) is not date:
        raise invalid("until must be a date, such as 2027-06-30")
    return Acceptance(entry["id"], entry["resource"], entry["reason"].strip(), entry["until"])


def apply(review: Review, acceptances: Sequence[Acceptance], today: date) -> Review:
    """The review with accepted findings set apart, and a note on each acceptance that has expired or is useless."""
    valid = [acceptance for acceptance in acceptances if acceptance.until >= today]
    covering = {
        finding: next((acceptance for acceptance in valid if acceptance.covers(finding)), None)
        for finding in review.findings
    }
    notes = [_note(acceptance, review, today) for acceptance in acceptances]
    return replace(
        review,
        findings=tuple(finding for finding, by in covering.items() if by is None),
        accepted=tuple(Accepted(finding, by.reason, by.until) for finding, by in covering.items() if by),
        notes=(*review.notes, *(note for note in notes if note)),
    )


def _note(acceptance: Acceptance, review: Review, today: date) -> str:
    what = f"The acceptance of {acceptance.id} for {acceptance.resource} in {FILE}"
    if not any(acceptance.covers(finding) for finding in review.findings):
        return f"{what} matches no finding: remove it."
    is_expired = acceptance.until < today
    return f"{what} expired on {acceptance.until}: the finding counts again." if is_expired else ""
