"""What a review shows in GitHub Actions, and that names of a program cannot add commands or markup.

GitHub documentation, "Workflow commands": `::error file={name},line={line},title={title}::{message}`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lab_support.plan.diagnostic import Location
from lab_support.review.findings import Review, ReviewFinding
from lab_support.review.github import summary, workflow_commands
from lab_support.review.help_links import help_link
from lab_support.review.places import Origin

URN = "urn:pulumi:dev::shop::aws:rds/instance:Instance::db"
FINDING = ReviewFinding("SINGLE-ZONE", "High", "availability", "db", URN, "It stops.", "CP-10", "Repair it.")


def test_an_annotation_names_the_line_the_finding_and_the_repair(tmp_path: Path) -> None:
    at = replace(FINDING, source=Location(str(tmp_path / "infra" / "db.py"), 12, ""))
    assert workflow_commands(Review(findings=(at,)), Origin(tmp_path / "infra", tmp_path)) == [
        "::error title=SINGLE-ZONE%3A db,file=infra/db.py,line=12::"
        f"It stops. Repair it. [CP-10] {help_link('SINGLE-ZONE')}"
    ]


@pytest.mark.parametrize(
    ("severity", "command"),
    [("Critical", "error"), ("High", "error"), ("Medium", "warning"), ("Note", "notice")],
)
def test_the_severity_chooses_the_command(tmp_path: Path, severity: str, command: str) -> None:
    review = Review(findings=(replace(FINDING, severity=severity),))
    assert workflow_commands(review, Origin(None, tmp_path))[0].startswith(f"::{command} ")


def test_a_name_adds_neither_a_command_nor_a_property(tmp_path: Path) -> None:
    evil = replace(FINDING, resource="db,line=1::x\n::set-env name=A::\x1b[2J", what="100 %\r\n::warning::w")
    (line,) = workflow_commands(Review(findings=(evil,)), Origin(None, tmp_path))
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    assert (
        line.split("::", 2)[1]
        == "error title=SINGLE-ZONE%3A db%2Cline=1%3A%3Ax%0A%3A%3Aset-env name=A%3A%3A\\x1b[2J"
    )
    assert line.split("::", 2)[2].startswith("100 %25%0D%0A::warning::w")


def test_the_summary_has_a_row_for_each_finding(tmp_path: Path) -> None:
    text = summary(Review(findings=(FINDING, FINDING), resources=3), Origin(tmp_path / "infra", tmp_path))
    assert text.startswith("### Pulumi review: 2 findings in 3 resources\n")
    assert text.count("| High | SINGLE-ZONE | db | infra/\\_\\_main\\_\\_.py:1 |") == 2


def test_the_summary_of_a_review_without_findings_has_no_table(tmp_path: Path) -> None:
    assert "|" not in summary(Review(resources=1), Origin(tmp_path, tmp_path))


def test_a_name_is_text_in_the_summary(tmp_path: Path) -> None:
    evil = replace(FINDING, resource="a|b <img src=x> [l](http://x)\n# h `c`")
    (row,) = [
        line for line in summary(Review((evil,)), Origin(None, tmp_path)).splitlines() if "High" in line
    ]
    assert r"a\|b &lt;img src=x&gt; \[l\]\(http://x\) \# h \`c\`" in row
