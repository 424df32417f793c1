"""GitLab's Code Quality report: the fields that GitLab requires, and unique fingerprints.

GitLab documentation, "Code Quality report format": description, check_name, fingerprint, severity (info, minor, major,
critical, blocker), location.path without a leading ./, location.lines.begin.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lab_support.plan.diagnostic import Location
from lab_support.review.code_quality import code_quality
from lab_support.review.findings import Accepted, Review, ReviewFinding
from lab_support.review.places import Origin

URN = "urn:pulumi:dev::shop::aws:rds/instance:Instance::db"
FINDING = ReviewFinding("SINGLE-ZONE", "High", "availability", "db", URN, "It stops.", "CP-10", "Repair it.")


def test_an_entry_has_the_fields_that_gitlab_requires(tmp_path: Path) -> None:
    at = replace(FINDING, source=Location(str(tmp_path / "infra" / "db.py"), 12, ""))
    (entry,) = json.loads(
        json.dumps(code_quality(Review(findings=(at,)), Origin(tmp_path / "infra", tmp_path)))
    )
    assert len(entry.pop("fingerprint")) == 32
    assert entry == {
        "description": "db: It stops. Repair it.",
        "check_name": "SINGLE-ZONE",
        "severity": "critical",
        "location": {"path": "infra/db.py", "lines": {"begin": 12}},
    }


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("Critical", "blocker"), ("High", "critical"), ("Medium", "major"), ("Note", "info")],
)
def test_severities_are_gitlabs(tmp_path: Path, severity: str, expected: str) -> None:
    (entry,) = code_quality(Review(findings=(replace(FINDING, severity=severity),)), Origin(None, tmp_path))
    assert entry["severity"] == expected


def test_two_findings_of_one_rule_on_one_resource_have_two_fingerprints(tmp_path: Path) -> None:
    review = Review(findings=(FINDING, replace(FINDING, what="It stops twice.")))
    entries = code_quality(review, Origin(None, tmp_path))
    assert len({entry["fingerprint"] for entry in entries}) == 2
    assert (
        entries[0]["fingerprint"]
        == code_quality(Review(findings=(FINDING,)), Origin(None, tmp_path))[0]["fingerprint"]
    )


def test_a_finding_in_an_export_is_shown_at_the_line_of_its_urn(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "state.json", tmp_path, {URN: 31})
    (entry,) = code_quality(Review(findings=(FINDING,)), origin)
    assert entry["location"] == {"path": "state.json", "lines": {"begin": 31}}


def test_accepted_findings_are_left_out(tmp_path: Path) -> None:
    review = Review(accepted=(Accepted(FINDING, "A toy.", date(2027, 6, 30)),))
    assert code_quality(review, Origin(None, tmp_path)) == []
