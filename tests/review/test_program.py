"""The review of the program at a path, in this process, as in the last notebook."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lab_support.errors import ProgramError
from lab_support.projects.config import InvalidProject
from lab_support.review.program import review_program
from tests.programs import ROOT

EXAMPLE = ROOT / "guides" / "a_stack"


def test_the_example_of_the_last_notebook_has_its_four_findings() -> None:
    reviewed = review_program(EXAMPLE)
    found = {(finding.id, finding.resource) for finding in reviewed.review.findings}
    assert found == {
        ("DATA-LOST", "shelters-dev"),
        ("SINGLE-ZONE", "shelters-dev"),
        ("NOBODY-PAGED", "shelters-dev"),
        ("EXCESS-PRIVILEGE", "shelter-answers-policy-dev"),
    }
    assert reviewed.plan.named("shelters-dev")["multi_az"] is False


def test_acceptances_apply_to_the_review_of_another_stack(tmp_path: Path) -> None:
    main = (EXAMPLE / "__main__.py").read_text(encoding="utf-8")
    (tmp_path / "__main__.py").write_text(main, encoding="utf-8")
    (tmp_path / ".lab-review.yaml").write_text(
        "accepted:\n  - id: SINGLE-ZONE\n    resource: shelters-prod\n    reason: It can be recreated.\n"
        f"    until: {date.today() + timedelta(days=1)}\n",
        encoding="utf-8",
    )
    review = review_program(tmp_path, "prod").review
    assert {finding.id for finding in review.findings} == {"DATA-LOST", "NOBODY-PAGED", "EXCESS-PRIVILEGE"}
    assert [accepted.finding.id for accepted in review.accepted] == ["SINGLE-ZONE"]


def test_a_folder_without_a_program_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(InvalidProject):
        review_program(tmp_path)


def test_a_program_that_fails_raises_its_error(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import pulumi\nundefined_name\n", encoding="utf-8")
    with pytest.raises(ProgramError, match="undefined_name"):
        review_program(tmp_path / "main.py")
