"""Findings that somebody has accepted, and what is said of acceptances that have ended or are of no use."""

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


def test_no_file_accepts_nothing(tmp_path: Path) -> None:
    assert apply(REVIEW, read_acceptances(tmp_path), TODAY) == REVIEW


def test_an_accepted_finding_counts_no_longer(tmp_path: Path) -> None:
    review = applied(tmp_path, entry())
    assert review.findings == (OTHER,)
    (accepted,) = review.accepted
    assert (accepted.finding, accepted.until) == (FINDING, date(2027, 6, 30))
    assert accepted.reason == "Only for trying things out."
    assert review.notes == ()
    assert review.to_json()["accepted"][0]["until"] == "2027-06-30"


def test_it_lies_beside_a_file_as_well(tmp_path: Path) -> None:
    written(tmp_path, f"accepted:\n{entry()}")
    assert len(read_acceptances(tmp_path / "infra.py")) == 1


def test_the_last_day_counts_and_the_next_one_does_not(tmp_path: Path) -> None:
    assert applied(tmp_path, entry(until="2027-01-01")).findings == (OTHER,)
    review = applied(tmp_path, entry(until="2026-12-31"))
    assert review.findings == (OTHER, FINDING)
    assert review.notes == (
        "The acceptance of SINGLE-ZONE for db-* in .lab-review.yaml ended on 2026-12-31: the finding counts again.",
    )


def test_one_that_matches_nothing_is_told(tmp_path: Path) -> None:
    review = applied(tmp_path, entry(resource="cache"), entry("NOBODY-PAGED"))
    assert review.findings == (OTHER, FINDING)
    assert len(review.notes) == 2
    assert all(note.endswith("matches no finding: it can go.") for note in review.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("accepted: {", "cannot be read"),
        ("[]", "must hold a list under `accepted`"),
        ("accepted:\n  - {id: SINGLE-ZONE, resource: db}", "entry 1: an acceptance has exactly the fields"),
        ("accepted:\n" + entry("SINGLE"), "there is no rule 'SINGLE'"),
        ("accepted:\n" + entry(until="soon"), "until must be a day"),
        ("accepted:\n" + entry(resource=""), "resource must be a text"),
    ],
)
def test_a_file_that_cannot_be_used_is_no_acceptance(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidAcceptances, match=words):
        read_acceptances(written(tmp_path, text))
