"""Assertions become findings, findings a verdict with points and a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support import check
from lab_support.checking.verdict import CheckFailed, Verdict
from lab_support.course import progress
from lab_support.plan.plan import Plan
from tests.checking.pretended import judged, played, program
from tests.programs import SLUG

pytestmark = pytest.mark.usefixtures("pretend")


@pytest.fixture(autouse=True)
def _one_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two checks of a test try the same environments."""
    monkeypatch.setenv("PULUMI_REVIEW_LAB_SEED", "1")


class TestFindings:
    def test_the_same_flaw_in_every_environment_is_one_finding(self) -> None:
        verdict = judged(*check(SLUG, program).environments)
        (finding,) = verdict.findings
        assert (finding.id, finding.resource, finding.what, finding.hint) == (
            "SINGLE-ZONE",
            "db-dev",
            "It stops.",
            "Look.",
        )
        assert finding.environments == verdict.environments

    def test_a_finding_names_the_environments_that_have_it(self) -> None:
        (finding,) = judged("demo", "pr-1234").findings
        assert finding.resource == "db-demo"
        assert finding.environments == ("demo", "pr-1234")

    def test_every_failed_assertion_is_reported(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            for id, hint in (("ONE", "a"), ("TWO", "a"), ("TWO", "b")):
                with verdict.finding(id, "the database", hint):
                    raise AssertionError(id)

        assert [(finding.id, finding.hint) for finding in played(look).findings] == [
            ("ONE", "a"),
            ("TWO", "a"),
            ("TWO", "b"),
        ]

    def test_two_resources_are_two_findings(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            for name in ("first", "second"):
                with verdict.finding("SINGLE-ZONE", f"{name}-{plan.stack}", "hint"):
                    raise AssertionError("what")

        assert [finding.resource for finding in played(look).findings] == ["first-dev", "second-dev"]

    def test_an_assertion_without_a_message_gets_one(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            with verdict.finding("SINGLE-ZONE", "db", "hint"):
                raise AssertionError

        assert played(look).findings[0].what == "the assertion failed without a message"


class TestPoints:
    def left(self, *ids: str) -> Verdict:
        """The verdict on the code review with these findings left."""
        verdict = check("06_code_review", program)

        def look() -> None:
            with verdict:
                for plan in verdict.plans:
                    for id in ids:
                        with verdict.finding(id, f"resource-{plan.stack}", "Look."):
                            raise AssertionError("It is so.")

        if not ids:
            look()
            return verdict
        with pytest.raises(CheckFailed):
            look()
        return verdict

    def test_each_repaired_flaw_earns_its_points(self) -> None:
        assert self.left("SINGLE-ZONE", "NOBODY-PAGED").points == 6
        assert self.left("UNENCRYPTED-AT-REST").points == 6
        assert self.left().points == 9

    def test_a_regression_earns_no_points(self) -> None:
        assert self.left("NOBODY-PAGED", "REGRESSION").points == 0

    def test_progress_keeps_the_most_points(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
        monkeypatch.chdir(tmp_path)
        (tmp_path / "06_code_review.ipynb").touch()
        points = []
        for ids in (("SINGLE-ZONE",), ("SINGLE-ZONE", "NOBODY-PAGED"), ("REGRESSION",), ()):
            self.left(*ids)
            points.append(progress.read(tmp_path)["06_code_review"].points)
        assert points == [7, 7, 7, 9]


class TestText:
    def test_the_text_names_finding_resource_and_environments(self) -> None:
        text = str(judged("demo", what="It stops. " * 30))
        assert text.startswith(f"{SLUG}: not yet. 1 finding.\n")
        assert "SINGLE-ZONE  db-demo  (in demo)" in text
        assert "  Hint: Look." in text
        assert all(len(line) <= 100 for line in text.splitlines())

    def test_a_finding_of_every_environment_says_so(self) -> None:
        verdict = judged(*check(SLUG, program).environments)
        assert "(in every environment)" in str(verdict)

    def test_the_error_renders_as_the_verdict_alone(self) -> None:
        error = CheckFailed(judged("dev"))
        assert isinstance(error, AssertionError)
        assert error._render_traceback_() == str(error).splitlines()
        assert "Traceback" not in str(error)

    def test_a_verdict_is_a_screenful_at_most(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            for n in range(40):
                with verdict.finding("SINGLE-ZONE", f"db-{n}-{plan.stack}", "hint"):
                    raise AssertionError("what")

        assert len(str(played(look)).splitlines()) <= 50
