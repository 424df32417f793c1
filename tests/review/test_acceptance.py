"""Accepted findings are set apart; acceptances that have expired or match nothing are reported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lab_support.review.acceptance import FILE, InvalidAcceptances, apply, read_acceptances
from lab_support.review.findings import Review, ReviewFinding

FINDING = ReviewFinding(
    "SINGLE-ZONE", "High", "availability", "db-dev", "urn:db", "It stops.", "CP-10", "Repair it."
)
OTHER = ReviewFinding(
    "UNENCRYPTED-AT-REST", "Critical", "encryption", "db-dev", "urn:db", "Read.", "SC-28", "Repair."
)
REVIEW = Review(findings=(OTHER, FINDING), resources=3)
TODAY = date(2027, 1, 1)


def entry(id: str = "SINGLE-ZONE", resource: str = "db-*", until: str = "2027-06-30") -> str:
    return f"  - {{id: {id}, resource: '{resource}', reason: Only for trying things out., until: {until}}}\n"


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def applied(folder: Path, *entries: str) -> Review:
    return apply(REVIEW, read_acceptances(written(folder, "accepted:\n" + "".join(entries))), TODAY)


def test_without_a_file_nothing_is_accepted(tmp_path: Path) -> None:
    assert apply(REVIEW, read_acceptances(tmp_path), TODAY) == REVIEW


def test_an_accepted_finding_is_set_apart(tmp_path: Path) -> None:
    review = applied(tmp_path, entry())
    assert review.findings == (OTHER,)
    (accepted,) = review.accepted
    assert (accepted.finding, accepted.until) == (FINDING, date(2027, 6, 30))
    assert accepted.reason == "Only for trying things out."
    assert review.notes == ()
    assert review.to_json(Path())["accepted"][0]["until"] == "2027-06-30"


def test_acceptances_are_read_beside_a_program_file(tmp_path: Path) -> None:
    written(tmp_path, f"accepted:\n{entry()}")
    assert len(read_acceptances(tmp_path / "infra.py")) == 1


def test_an_acceptance_is_valid_until_the_end_of_its_last_day(tmp_path: Path) -> None:
    assert applied(tmp_path, entry(until="2027-01-01")).findings == (OTHER,)
    review = applied(tmp_path, entry(until="2026-12-31"))
    assert review.findings == (OTHER, FINDING)
    (note,) = review.notes
    assert "SINGLE-ZONE for db-*" in note
    assert "expired on 2026-12-31" in note


def test_an_acceptance_that_matches_nothing_is_reported(tmp_path: Path) -> None:
    review = applied(tmp_path, entry(resource="cache"), entry("NOBODY-PAGED"))
    assert review.findings == (OTHER, FINDING)
    assert len(review.notes) == 2
    assert all("matches no finding" in note for note in review.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("accepted: {", "cannot be read"),
        ("[]", "must contain a list under `accepted`"),
        ("accepted:\n  - {id: SINGLE-ZONE, resource: db}", "entry 1: an acceptance has exactly the fields"),
        ("accepted:\n" + entry("SINGLE"), "there is no rule 'SINGLE'"),
        ("accepted:\n" + entry(until="soon"), "until must be a date"),
        ("accepted:\n" + entry(resource=""), "resource must be a text"),
    ],
)
def test_an_invalid_file_is_rejected_with_the_reason(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidAcceptances, match=words):
        read_acceptances(written(tmp_path, text))
