"""Accepted findings: a file beside the program, under version control, says which, why, and until when.

    accepted:
      - id: SINGLE-ZONE
        resource: reports-db-*        # the logical name; `*` stands for any text
        reason: The reports can be computed again within an hour.
        until: 2027-06-30

An acceptance that has ended counts no longer, and one that matches nothing is of no use: both are reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import yaml

from lab_support.review.findings import Accepted, Review, ReviewFinding
from lab_support.review.rules import RULES

FILE: Final = ".lab-review.yaml"
_FIELDS: Final = ("id", "resource", "reason", "until")


class InvalidAcceptances(Exception):
    """The file cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Acceptance:
    """One entry: the finding's id, a pattern for the resource's logical name, the reason, and the last day."""

    id: str
    resource: str
    reason: str
    until: date

    def covers(self, finding: ReviewFinding) -> bool:
        return self.id == finding.id and fnmatchcase(finding.resource, self.resource)


def read_acceptances(program: Path) -> tuple[Acceptance, ...]:
    """The acceptances beside a program: in its folder, or in that of its file. Raises InvalidAcceptances."""
    file = (program if program.is_dir() else program.parent) / FILE
    if not file.is_file():
        return ()
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidAcceptances(f"{file} cannot be read: {error}") from None
    entries = content.get("accepted") if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        raise InvalidAcceptances(f"{file} must hold a list under `accepted`")
    return tuple(_entry(file, number, each) for number, each in enumerate(entries, 1))


def _entry(file: Path, number: int, given: Any) -> Acceptance:
    def bad(why: str) -> InvalidAcceptances:
        return InvalidAcceptances(f"{file}, entry {number}: {why}")

    if not isinstance(given, Mapping) or set(given) != set(_FIELDS):
        raise bad(f"an acceptance has exactly the fields {', '.join(_FIELDS)}")
    if given["id"] not in {rule.id for rule in RULES}:
        raise bad(f"there is no rule {given['id']!r}; there are {', '.join(rule.id for rule in RULES)}")
    for name in ("resource", "reason"):
        if not isinstance(given[name], str) or not given[name].strip():
            raise bad(f"{name} must be a text that is not empty")
    if type(given["until"]) is not date:
        raise bad("until must be a day, such as 2027-06-30")
    return Acceptance(given["id"], given["resource"], given["reason"].strip(), given["until"])


def apply(review: Review, acceptances: Sequence[Acceptance], today: date) -> Review:
    """The review without what is accepted today, with a note about each acceptance that has ended or is of no use."""
    in_force = [each for each in acceptances if each.until >= today]
    covering = {
        finding: next((each for each in in_force if each.covers(finding)), None)
        for finding in review.findings
    }
    notes = [_note(each, review, today) for each in acceptances]
    return replace(
        review,
        findings=tuple(finding for finding, by in covering.items() if by is None),
        accepted=tuple(Accepted(finding, by.reason, by.until) for finding, by in covering.items() if by),
        notes=(*review.notes, *(note for note in notes if note)),
    )


def _note(acceptance: Acceptance, review: Review, today: date) -> str:
    what = f"The acceptance of {acceptance.id} for {acceptance.resource} in {FILE}"
    if not any(acceptance.covers(finding) for finding in review.findings):
        return f"{what} matches no finding: it can go."
    return (
        f"{what} ended on {acceptance.until}: the finding counts again." if acceptance.until < today else ""
    )
