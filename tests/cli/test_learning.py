"""`lab list`, `hint`, `solution`, `changes` and `reset`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from lab_support.course import progress
from lab_support.course.notebooks import is_edited
from tests.cli.lab import as_json, lab, passed, repaired
from tests.programs import ROOT, SLUG, shipped, solved


class TestPredict:
    def test_the_question_and_its_answers_are_shown(self, learner: Path) -> None:
        data = as_json("predict", "2")
        assert (data["exercise"], list(data["answers"]), data["expected"]) == (
            SLUG,
            ["a", "b", "c", "d"],
            None,
        )
        text = lab("predict", "2").stdout
        assert data["question"] in text
        assert all(answer in text for answer in data["answers"].values())

    def test_an_answer_is_kept(self, learner: Path) -> None:
        assert as_json("predict", "2", "B")["expected"] == "b"
        assert as_json("predict", "2")["expected"] == "b"
        assert progress.read(learner)[SLUG].predicted == "2"

    def test_an_unknown_letter_is_a_usage_error(self, learner: Path) -> None:
        assert "a, b, c, d" in lab("predict", "2", "x", code=2).stderr

    def test_after_a_pass_the_answer_stays(self, learner: Path) -> None:
        passed(learner)
        lab("predict", "2", "b")
        lab("predict", "2", "c", code=2)
        assert as_json("predict", "2")["expected"] == "b"


class TestDrill:
    def test_it_is_played_on_the_saved_program(self, learner: Path) -> None:
        lab("predict", "2", "b")
        as_shipped = lab("drill", "2").stdout
        assert "ap-southeast-1c fails: ✗" in as_shipped
        assert "You expected: in two of them" in as_shipped
        repaired(learner)
        assert "✗" not in lab("drill", "2").stdout

    def test_a_program_that_does_not_run_is_located(self, learner: Path) -> None:
        notebook = learner / f"{SLUG}.ipynb"
        text = notebook.read_text(encoding="utf-8").replace("multi_az=False", "multi_zone=False")
        notebook.write_text(text, encoding="utf-8")
        # In a process of its own, which the command ends at once.
        done = subprocess.run(
            [sys.executable, "-m", "lab_support", "drill", "2"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "multi_zone" in done.stderr


class TestDebrief:
    def test_it_opens_after_a_pass(self, learner: Path) -> None:
        assert lab("debrief", "2", code=2).stdout == ""
        assert "CP-10" in lab("debrief", "2", "--yes").stdout
        passed(learner)
        assert "CP-10" in lab("debrief", "2").stdout

    def test_in_a_learners_course_nothing_opens_it_before_a_pass(
        self, learner: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lab_support.cli.consequences.is_learner_course", lambda: True)
        assert lab("debrief", "2", "--yes", code=2).stdout == ""
        passed(learner)
        assert "CP-10" in lab("debrief", "2").stdout


class TestRepairs:
    @pytest.fixture
    def fixes(self, learner: Path) -> Path:
        """A learner's folder, with the fixes that are compared."""
        fixes = learner.parent / "exercises" / SLUG
        shutil.copytree(ROOT / "exercises" / SLUG, fixes, dirs_exist_ok=True)
        return learner

    def test_before_a_pass_nothing_is_shown(self, fixes: Path) -> None:
        assert lab("repairs", "2", code=1).stdout == ""

    def test_they_are_shown_then_judged(self, fixes: Path) -> None:
        passed(fixes)
        assert list(as_json("repairs", "2")["repairs"]) == ["A", "B", "C"]
        data = as_json("repairs", "2", "b")
        assert data["chosen"] == "B"
        outcomes = sorted(ruling["outcome"] for ruling in data["repairs"].values())
        assert outcomes == ["failed", "failed", "passed"]

    def test_an_unknown_letter_is_a_usage_error(self, fixes: Path) -> None:
        passed(fixes)
        lab("repairs", "2", "D", code=2)


class TestList:
    KEYS: ClassVar = [
        "slug",
        "title",
        "severity",
        "category",
        "minutes",
        "passed",
        "passed_at",
        "checks",
        "hints",
        "edited",
        "points",
        "of",
        "state",
        "passed_checks",
        "passed_hints",
        "solution_seen",
        "outdated",
    ]

    def test_list_shows_a_new_learner_no_progress(self, learner: Path) -> None:
        data = as_json("list")
        (row,) = data["exercises"]
        assert list(row) == self.KEYS
        assert (row["slug"], row["severity"], row["of"]) == (SLUG, "High", 2)
        assert (row["passed"], row["edited"], row["checks"], row["points"]) == (False, False, 0, 0)
        assert (data["points"], data["of"]) == (0, 2)
        assert lab("list").stdout.splitlines()[1].startswith(f"new       {SLUG}")

    def test_a_file_that_was_set_aside_is_reported_once(self, learner: Path) -> None:
        (learner / progress.FILE_NAME).write_text("{", encoding="utf-8")
        assert as_json("list")["trouble"]
        assert as_json("list")["trouble"] is None

    def test_no_line_is_wider_than_a_terminal(self, learner: Path) -> None:
        passed(learner)
        assert max(map(len, lab("list").stdout.splitlines())) <= 80

    def test_list_shows_an_edited_notebook_as_begun(self, learner: Path) -> None:
        repaired(learner)
        assert as_json("list")["exercises"][0]["edited"] is True
        assert "begun" in lab("list").stdout

    def test_list_shows_a_pass_with_its_points(self, learner: Path) -> None:
        passed(learner)
        data = as_json("list")
        assert data["points"] == 2
        assert data["exercises"][0]["passed_at"] == "2026-01-01"
        text = lab("list").stdout
        assert "✓ passed" in text
        assert "1 of 1 exercise passed, 2 of 2 points" in text

    def test_list_works_without_notebooks(self, clone: Path) -> None:
        assert as_json("list")["exercises"][0]["edited"] is False

    def test_list_works_with_a_broken_progress_file(self, learner: Path) -> None:
        (learner / progress.FILE_NAME).write_text("{", encoding="utf-8")
        assert as_json("list")["exercises"][0]["checks"] == 0


class TestHint:
    def test_hints_come_in_order_then_the_last_one_again(self, learner: Path) -> None:
        steps = [as_json("hint", SLUG) for _ in range(4)]
        assert [hint["step"] for hint in steps] == [1, 2, 3, 3]
        assert steps[0].keys() == {"exercise", "step", "of", "text"}
        assert steps[0]["of"] == 3
        assert len({hint["text"] for hint in steps}) == 3
        assert as_json("list")["exercises"][0]["hints"] == 3

    def test_a_hint_can_be_chosen_by_number(self, learner: Path) -> None:
        assert "multi_az=True" in lab("hint", "02", "3").stdout
        assert "multi_az" not in lab("hint", "02", "1").stdout
        assert as_json("hint", SLUG)["step"] == 3

    def test_hints_are_plain_text(self, learner: Path) -> None:
        for step in ("1", "2", "3"):
            text = lab("hint", SLUG, step).stdout
            assert text.startswith(f"Hint {step} of 3: ")
            assert "<" not in text.replace("<SUFFIX>", "")

    @pytest.mark.parametrize("step", ["0", "4", "first"])
    def test_other_numbers_than_1_to_3_are_usage_errors(self, learner: Path, step: str) -> None:
        lab("hint", SLUG, step, code=2)


class TestSolution:
    def test_yes_shows_the_solution(self, learner: Path) -> None:
        text = lab("solution", SLUG, "--yes").stdout
        assert "-        multi_az=False," in text
        assert "+        multi_az=True," in text
        assert f"solutions/{SLUG}.ipynb" in text

    def test_after_a_pass_the_solution_needs_no_confirmation(self, learner: Path) -> None:
        passed(learner)
        assert "multi_az=True" in lab("solution", SLUG).stdout

    def test_whole_shows_whole_programs(self, learner: Path) -> None:
        text = lab("solution", SLUG, "--yes", "--whole").stdout
        assert solved() in text
        assert "-        multi_az=False," not in text

    def test_json_has_the_difference_and_the_whole(self, learner: Path) -> None:
        shutil.copy2(ROOT / "exercises" / SLUG / "right_aurora_two.diff", learner.parent / "exercises" / SLUG)
        data = as_json("solution", SLUG, "--yes")
        assert list(data) == ["exercise", "whose", "before", "after", "difference", "ways"]
        assert (data["before"], data["after"]) == (shipped(), solved())
        assert "+        multi_az=True," in data["difference"]
        (way,) = data["ways"]
        assert list(way) == ["what", "source", "difference"]
        assert "aws.rds.ClusterInstance(" in way["source"]
        assert "+    cluster = aws.rds.Cluster(" in way["difference"]

    def test_with_json_nothing_is_asked(self, learner: Path, at_a_terminal: None) -> None:
        assert "--yes" in as_json("solution", SLUG, code=2)["error"]

    def test_without_a_terminal_the_solution_needs_yes(self, learner: Path) -> None:
        done = lab("solution", SLUG, code=2)
        assert "--yes" in done.stderr
        assert "multi_az" not in done.stdout

    @pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
    def test_at_a_terminal_the_solution_is_confirmed_first(
        self, learner: Path, at_a_terminal: None, answer: str, code: int
    ) -> None:
        done = lab("solution", SLUG, code=code, input=answer)
        assert "You have not passed" in done.stdout
        assert ("multi_az=True" in done.stdout) is (code == 0)


class TestChanges:
    def test_the_shipped_program_changes_nothing(self, learner: Path) -> None:
        assert "Nothing changed" in lab("changes", SLUG).stdout

    def test_a_repair_is_shown_property_by_property(self, learner: Path) -> None:
        repaired(learner)
        text = lab("changes", "02", "--stack", "prod").stdout
        assert "rds.Instance  emergency-alert-db-prod" in text
        assert "-   multi_az: False" in text
        assert "+   multi_az: True" in text

    def test_changes_without_a_notebook_is_a_usage_error(self, clone: Path) -> None:
        assert "there is no file" in lab("changes", SLUG, code=2).stderr


class TestReset:
    def test_reset_restores_the_notebook_and_keeps_a_copy(self, learner: Path) -> None:
        path = repaired(learner)
        mine = path.read_bytes()
        done = lab("reset", SLUG, "--yes")
        assert not is_edited(path)
        (copy,) = (learner / ".backup").iterdir()
        assert copy.read_bytes() == mine
        assert copy.name in done.stdout

    def test_reset_keeps_a_pass(self, learner: Path) -> None:
        passed(learner)
        lab("reset", SLUG, "--yes")
        assert as_json("list")["exercises"][0]["passed"] is True

    def test_reset_builds_a_missing_notebook(self, clone: Path) -> None:
        lab("reset", SLUG, "--yes")
        assert (clone / "notebooks" / f"{SLUG}.ipynb").is_file()

    def test_without_a_terminal_reset_needs_yes(self, learner: Path) -> None:
        path = repaired(learner)
        before = path.read_bytes()
        assert "--yes" in lab("reset", SLUG, code=2).stderr
        assert path.read_bytes() == before

    def test_reset_answered_with_no_changes_nothing(self, learner: Path, at_a_terminal: None) -> None:
        path = repaired(learner)
        before = path.read_bytes()
        assert "Nothing was changed." in lab("reset", SLUG, code=1, input="n\n").stdout
        assert path.read_bytes() == before
