"""The exercise with several cells and flaws: its cells belong together, each repair counts, notes are compared."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lab_support.checking.judge import judge, read_program
from lab_support.cli.main import main
from lab_support.course import coach, progress
from lab_support.course.cells import program_of
from lab_support.course.coach import NotPassed
from lab_support.course.exercises import EXERCISE, NOTES, SOLUTION, Exercise, find_exercise
from lab_support.course.notebooks import build, notebook, solution, text_of
from lab_support.display.panel import Panel, panel
from lab_support.errors import BriefError
from tests.programs import copy_exercise

SLUG = "06_code_review"
STANDBY = ("multi_az=False", "multi_az=True")


@pytest.fixture
def exercise() -> Exercise:
    return find_exercise(SLUG)


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with this exercise built and progress on; returns the folder of the notebooks."""
    clone = tmp_path / "clone"
    for slug in (SLUG, *(entry for entry in find_exercise(SLUG).record if isinstance(entry, str))):
        copy_exercise(slug, clone)  # its record has the texts of the other exercises
    monkeypatch.setenv("PULUMI_REVIEW_LAB_ROOT", str(clone))
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    build()
    monkeypatch.chdir(clone / "notebooks")
    return clone / "notebooks"


def cells_with(exercise: Exercise, *changes: tuple[str, str]) -> list[str]:
    """The shipped cells with some texts replaced; each must occur exactly once."""
    cells = exercise.sources(EXERCISE)
    for old, new in changes:
        assert sum(cell.count(old) for cell in cells) == 1, old
        cells = [cell.replace(old, new) for cell in cells]
    return cells


def saved(folder: Path, sources: list[str], tag: str = EXERCISE) -> Path:
    """The learner's notebook with other sources in its cells of one tag."""
    path = folder / f"{SLUG}.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    own = [cell for cell in document["cells"] if tag in cell["metadata"].get("tags", [])]
    for cell, source in zip(own, sources, strict=True):
        cell["source"] = source.splitlines(keepends=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def lab(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == code, f"{done.exit_code}: {done.stdout}{done.stderr}\n{done.exception!r}"
    return done.stdout + done.stderr


class TestCells:
    def test_the_solution_differs_in_the_five_flaws_only(self, exercise: Exercise) -> None:
        pairs = list(zip(exercise.sources(EXERCISE), exercise.sources(SOLUTION), strict=True))
        assert [shipped == solved for shipped, solved in pairs] == [True, False, False, False, True]

    def test_each_solution_stands_in_the_place_of_its_exercise(self, exercise: Exercise) -> None:
        def sources(document: dict[str, Any]) -> list[str]:
            cells = document["cells"]
            return ["".join(c["source"]) for c in cells if EXERCISE in c["metadata"].get("tags", [])]

        assert sources(notebook(exercise)) == exercise.sources(EXERCISE)
        assert sources(solution(exercise)) == exercise.sources(SOLUTION)

    def test_no_line_of_the_solution_stands_in_the_notebook(self, exercise: Exercise) -> None:
        text = text_of(notebook(exercise))
        shipped = {line.strip() for cell in exercise.sources(EXERCISE) for line in cell.splitlines()}
        added = {line.strip() for cell in exercise.sources(SOLUTION) for line in cell.splitlines()} - shipped
        assert [line for line in added if len(line) > 40 and json.dumps(line)[1:-1] in text] == []

    def test_the_solution_is_shown_against_all_cells_of_the_learner(
        self, exercise: Exercise, learner: Path
    ) -> None:
        program = program_of(
            exercise, cells_with(exercise, STANDBY, ("allocated_storage=100", "allocated_storage=123"))
        )
        found = coach.solution(SLUG, program, yes=True)
        removed = [line[1:].strip() for line in found.difference if line.startswith("-")]
        assert "allocated_storage=123," in removed
        assert '"emergency-alert-stream",' in removed
        assert "multi_az=True," not in removed
        assert not any(line.startswith("class") for line in removed)

    def test_so_it_is_on_the_command_line(self, exercise: Exercise, learner: Path) -> None:
        saved(learner, cells_with(exercise, STANDBY))
        text = lab("solution", SLUG, "--yes")
        assert '-            "emergency-alert-stream",' in text
        assert "multi_az=False" not in text

    def test_what_changed_is_seen_in_the_plan(self, exercise: Exercise, learner: Path) -> None:
        saved(learner, cells_with(exercise, STANDBY))
        text = lab("changes", SLUG)
        assert "+   multi_az: True" in text
        assert "efs.FileSystem" not in text

    def test_hints_come_one_at_a_time(self, learner: Path) -> None:
        assert "Hint 1 of 3" in lab("hint", SLUG)
        assert "Hint 2 of 3" in lab("hint", SLUG)


@pytest.mark.slow
class TestPoints:
    def test_what_is_repaired_counts_as_long_as_nothing_gets_worse(self, exercise: Exercise) -> None:
        some = judge(exercise, cells_with(exercise, STANDBY))
        assert (some.outcome, some.points, some.of) == ("failed", 2, 9)
        assert some.finding_ids == [id for id in exercise.findings if id != "SINGLE-ZONE"]
        worse = judge(
            exercise, cells_with(exercise, STANDBY, ('authorization="AWS_IAM"', 'authorization="NONE"'))
        )
        assert (worse.outcome, worse.points) == ("failed", 0)
        assert "REGRESSION" in worse.finding_ids

    def test_a_file_replaces_all_cells(self, exercise: Exercise, tmp_path: Path) -> None:
        file = tmp_path / "mine.py"
        file.write_text("\n\n".join(exercise.sources(SOLUTION)), encoding="utf-8")
        ruling = judge(exercise, read_program(file, exercise))
        assert (ruling.outcome, ruling.points) == ("passed", 9)

    def test_a_notebook_counts_with_all_its_cells(self, exercise: Exercise, learner: Path) -> None:
        saved(learner, cells_with(exercise, STANDBY))
        data = json.loads(lab("check", SLUG, "--json", code=1))
        assert (data["outcome"], data["points"], data["of"]) == ("failed", 2, 9)
        assert progress.read(learner)[SLUG].points == 2
        assert "2 of 9 points" in lab("list")
        saved(learner, exercise.sources(EXERCISE))
        data = json.loads(lab("check", SLUG, "--json", code=1))
        assert (data["outcome"], data["points"]) == ("unchanged", 0)
        assert progress.read(learner)[SLUG].points == 2


NOTED = 'found = [\n    ("efs", "not encrypted"),\n    ("the KMS key policy", "kms:* on *"),\n]'


class TestNotes:
    def test_before_a_pass_comparing_notes_needs_yes(self, learner: Path) -> None:
        with pytest.raises(NotPassed, match="yes=True") as refused:
            coach.compare_notes(SLUG, [("efs", "not encrypted")])
        assert "encrypt" not in str(refused.value)
        assert not progress.read(learner)
        assert len(coach.compare_notes(SLUG, [("efs", "not encrypted")], yes=True).hits) == 1
        assert progress.read(learner)[SLUG].solution_seen

    def test_after_a_pass_comparing_notes_needs_no_yes(self, learner: Path) -> None:
        progress.record(SLUG, passed=True, points=9)
        assert len(coach.compare_notes(SLUG, []).missed) == 5
        assert not progress.read(learner)[SLUG].solution_seen

    def test_the_command_reads_them_from_the_notebook(self, learner: Path) -> None:
        saved(learner, [NOTED], NOTES)
        lab("notes", SLUG, code=2)  # nobody to ask
        assert "You found 1 of 5 flaws and flagged 1 thing that is fine." in lab("notes", SLUG, "--yes")
        data = json.loads(lab("notes", SLUG, "--yes", "--json"))
        assert list(data) == ["exercise", "hits", "near", "beyond", "missed", "wrong"]
        assert data["hits"] == [
            {"finding": "UNENCRYPTED-AT-REST", "resource": "efs", "consequence": "not encrypted"}
        ]
        assert len(data["missed"]) == 4
        assert "this key" in data["wrong"][0]["why"]

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("found = [", "cannot be read"),
            ("found = open('notes').read()", "cannot be read"),
            ("notes = []", "no cell tagged `notes` that says"),
            ("found = ['efs']", "A note is a pair"),
            ("found = 3", "should be a list of pairs"),
        ],
    )
    def test_unreadable_notes_are_a_usage_error(self, learner: Path, source: str, said: str) -> None:
        saved(learner, [source], NOTES)
        assert said in lab("notes", SLUG, "--yes", code=2)

    def test_notes_without_a_notebook_are_a_usage_error(self, learner: Path) -> None:
        (learner / f"{SLUG}.ipynb").unlink()
        assert "No such file" in lab("notes", SLUG, "--yes", code=2)

    def test_an_exercise_without_notes_is_a_usage_error(self) -> None:
        assert "asks for no notes" in lab("notes", "02", code=2)


class TestPanel:
    @pytest.fixture
    def shown(
        self, exercise: Exercise, learner: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., Panel]:
        """The panel below these cells and notes."""
        module = sys.modules["__main__"]

        def of(*changes: tuple[str, str], found: Any = None) -> Panel:
            program = program_of(exercise, cells_with(exercise, *changes))
            monkeypatch.setattr(module, "program", program, raising=False)
            monkeypatch.setattr(module, "verdict", None, raising=False)
            if found is not None:
                monkeypatch.setattr(module, "found", found, raising=False)
            return panel(SLUG)

        return of

    def test_before_a_pass_notes_need_a_second_click(self, shown: Callable[..., Panel]) -> None:
        drawn = shown(found=[("efs", "not encrypted")])
        drawn.click("notes")
        assert drawn.sections["more"].text == ""
        drawn.runner.question.children[2].click()
        assert "You found 1 of 5 flaws" in drawn.sections["more"].text

    def test_after_a_pass_notes_need_one_click(self, shown: Callable[..., Panel]) -> None:
        progress.record(SLUG, passed=True, points=9)
        drawn = shown(found={"efs": "not encrypted"})
        drawn.click("notes")
        assert "You found 1 of 5 flaws" in drawn.sections["more"].text

    @pytest.mark.parametrize(("found", "said"), [(None, "There are no notes yet"), (3, "list of pairs")])
    def test_malformed_notes_are_reported(self, shown: Callable[..., Panel], found: Any, said: str) -> None:
        drawn = shown(found=found)
        drawn.click("notes")
        assert said in drawn.sections["more"].text

    def test_the_solution_is_shown_against_all_cells(self, shown: Callable[..., Panel]) -> None:
        drawn = shown(STANDBY)
        drawn.click("solution")
        drawn.runner.question.children[2].click()
        assert '-            "emergency-alert-stream",' in drawn.sections["more"].text
        assert "multi_az=False" not in drawn.sections["more"].text

    @pytest.mark.slow
    def test_a_check_shows_the_points_and_keeps_them(self, shown: Callable[..., Panel]) -> None:
        drawn = shown(STANDBY)
        drawn.click("check")
        assert "4 findings, 2 of 9 points" in drawn.sections["verdict"].text
        assert "This was the program as shipped" not in drawn.sections["verdict"].text
        assert "2 of 9 points" in drawn.head.value
        drawn = shown()
        drawn.click("check")
        assert "This was the program as shipped" in drawn.sections["verdict"].text
        assert "2 of 9 points" in drawn.head.value

    def test_other_exercises_have_no_notes_button(self) -> None:
        with pytest.raises(KeyError):
            panel("02").click("notes")


def test_malformed_notes_are_reported_in_plain_python(learner: Path) -> None:
    with pytest.raises(BriefError, match="pair"):
        coach.compare_notes(SLUG, ["efs"], yes=True)
