"""What a grading reads, grades, keeps and writes; the programs are judged by a double."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lab_support.checking.grading.run import Grading, grade_folder
from lab_support.checking.grading.submissions import read_submission
from lab_support.checking.judge import Ruling, as_shipped, as_solved
from lab_support.course.exercises import EXERCISE, find_exercise
from lab_support.course.notebooks import notebook
from lab_support.display.grades import file_of, write_pages
from lab_support.errors import InternalError
from lab_support.safeguards.guard import Fate

SLUG = "02_database_zone"
FINDING = {"id": "SINGLE-ZONE", "resource": "<b>db</b>", "what": "It stops.", "hint": "Which zone?"}


@dataclass
class Double:
    """Grades as its `outcomes` say, by a word in the program; counts what it is asked, and may be `killed_after`."""

    outcomes: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    killed_after: int = 10**6

    def ask(self, request: Any) -> tuple[Any, Fate]:
        self.asked.append(request["do"])
        if self.asked.count("grade") > self.killed_after:
            raise KeyboardInterrupt
        if request["do"] == "read":
            return read_submission(Path(request["path"]), request["slug"]), Fate()
        text = "\n".join(request["cells"])
        outcome = next((outcome for word, outcome in self.outcomes.items() if word in text), "failed")
        exercise = find_exercise(request["slug"])
        points = exercise.points if outcome == "passed" else 0
        findings = [FINDING] if outcome in ("failed", "unchanged") else []
        message = None if findings or points else "Line 3 says why."
        ruling = Ruling(exercise.slug, outcome, (), message, None, points, exercise.points, 1.25)
        told = {**ruling.to_json(), "findings": findings, "text": ""}
        return {"ruling": told, "picture": "<p>zone down</p>" if findings else ""}, Fate()

    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(work, items)

    @contextmanager
    def opened(self, slugs: list[str]) -> Iterator[Double]:
        assert SLUG in slugs
        yield self


def hand_in(folder: Path, learner: str, cells: list[str], slug: str = SLUG) -> Path:
    document = notebook(find_exercise(slug))
    sources = iter(cells)
    for cell in document["cells"]:
        if EXERCISE in cell["metadata"].get("tags", []):
            cell["source"] = next(sources)
    path = folder / learner / f"{slug}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Four learners: one who is right, one who handed in the same, one whose program is flawed, one suspect."""
    folder, exercise = tmp_path / "in", find_exercise(SLUG)
    hand_in(folder, "ada", as_solved(exercise))
    hand_in(folder, "bob", as_solved(exercise))
    hand_in(folder, "=cmd()", as_shipped(exercise))
    hand_in(folder, "eve <script>", [f"{as_solved(exercise)[0]}\n\nsuspicious = True"])
    (folder / "notes.txt").write_text("hello", encoding="utf-8")
    return folder


def double() -> Double:
    return Double({"suspicious": "suspect", "multi_az=True": "passed"})


def grade(folder: Path, out: Path, workers: Double) -> Grading:
    grading = grade_folder(folder, out, workers.opened)
    write_pages(grading)
    return grading


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_grades_hold_what_each_submission_earns(submitted: Path, tmp_path: Path) -> None:
    grade(submitted, tmp_path / "out", double())
    grades = {grade["learner"]: grade for grade in json.loads((tmp_path / "out" / "grades.json").read_text())}
    assert {name: (g["outcome"], g["points"], g["of"]) for name, g in grades.items()} == {
        "ada": ("passed", 2, 2),
        "bob": ("passed", 2, 2),
        "=cmd()": ("failed", 0, 2),
        "eve <script>": ("suspect", 0, 2),
    }
    assert grades["=cmd()"]["findings"] == [FINDING]
    assert grades["ada"]["program"] == grades["bob"]["program"] != grades["=cmd()"]["program"]
    assert grades["eve <script>"]["reason"] == "Line 3 says why."


def test_a_program_that_two_learners_handed_in_is_graded_once(submitted: Path, tmp_path: Path) -> None:
    workers = double()
    grade(submitted, tmp_path / "out", workers)
    assert workers.asked.count("grade") == 3


def test_a_program_with_another_layout_is_graded_once_and_shown_as_it_is(
    submitted: Path, tmp_path: Path
) -> None:
    hand_in(submitted, "bob", [f"# Bob's own\n\n{as_solved(find_exercise(SLUG))[0]}\n"])
    workers = double()
    grading = grade(submitted, tmp_path / "out", workers)
    assert workers.asked.count("grade") == 3
    of = {grade.learner: grade for grade in grading.grades}
    assert (of["ada"].outcome, of["bob"].outcome) == ("passed", "passed")
    assert of["ada"].program != of["bob"].program
    assert "Bob's own" in (tmp_path / "out" / "feedback" / file_of("bob")).read_text().replace("&#x27;", "'")


@pytest.mark.parametrize("outcome", ["program-error", "suspect", "lab-error"])
def test_a_ruling_that_may_name_a_line_is_of_one_text_only(
    outcome: str, submitted: Path, tmp_path: Path
) -> None:
    hand_in(submitted, "bob", [f"# Bob's own\n\n{as_solved(find_exercise(SLUG))[0]}\n"])
    workers = Double({"multi_az=True": outcome})
    grade(submitted, tmp_path / "out", workers)
    assert workers.asked.count("grade") == 4


def test_a_second_grading_asks_nothing_and_writes_the_same_bytes(submitted: Path, tmp_path: Path) -> None:
    grade(submitted, tmp_path / "out", double())
    before, again = files(tmp_path / "out"), double()
    assert grade(submitted, tmp_path / "out", again).fresh == 0
    assert again.asked == []
    assert files(tmp_path / "out") == before


def test_only_a_changed_submission_is_graded_again(submitted: Path, tmp_path: Path) -> None:
    grade(submitted, tmp_path / "out", double())
    hand_in(submitted, "=cmd()", [f"{as_solved(find_exercise(SLUG))[0]}\nmine = True"])
    again = double()
    grading = grade(submitted, tmp_path / "out", again)
    assert again.asked == ["read", "grade"]
    assert {grade.outcome for grade in grading.grades if grade.learner == "=cmd()"} == {"passed"}


@pytest.mark.parametrize("killed_after", range(3))
def test_a_grading_that_was_killed_continues_and_gives_the_same(
    killed_after: int, submitted: Path, tmp_path: Path
) -> None:
    first = double()
    first.killed_after = killed_after
    with pytest.raises(KeyboardInterrupt):
        grade(submitted, tmp_path / "out", first)
    second = double()
    grade(submitted, tmp_path / "out", second)
    assert second.asked == ["grade"] * (3 - killed_after)
    seed = int((tmp_path / "out" / ".grading" / "seed").read_text())
    whole = grade_folder(submitted, tmp_path / "whole", double().opened, seed=seed)
    write_pages(whole)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_an_internal_error_is_tried_again_the_next_time(submitted: Path, tmp_path: Path) -> None:
    grade(submitted, tmp_path / "out", Double({"multi_az": "lab-error"}))
    again = double()
    grade(submitted, tmp_path / "out", again)
    assert again.asked.count("grade") == 3


def test_no_spreadsheet_takes_a_name_for_a_formula(submitted: Path, tmp_path: Path) -> None:
    grade(submitted, tmp_path / "out", double())
    for name in ("grades.csv", "canvas.csv", "moodle.csv"):
        with open(tmp_path / "out" / name, encoding="utf-8") as file:
            assert not [cell for row in csv.reader(file) for cell in row if cell.startswith("=")]


def test_gradebooks_leave_empty_what_the_instructor_must_decide(submitted: Path, tmp_path: Path) -> None:
    grade(submitted, tmp_path / "out", double())
    with open(tmp_path / "out" / "moodle.csv", encoding="utf-8") as file:
        points = {row["Full name"]: row[SLUG] for row in csv.DictReader(file)}
    assert points == {"ada": "2", "bob": "2", "'=cmd()": "0", "eve <script>": ""}
    with open(tmp_path / "out" / "canvas.csv", encoding="utf-8") as file:
        rows = {row["Student"].strip(): row[SLUG] for row in csv.DictReader(file)}
    assert rows["Points Possible"] == "2"
    assert rows["ada"] == "2"


def test_feedback_shows_findings_picture_and_difference_but_no_markup_of_the_learner(
    submitted: Path, tmp_path: Path
) -> None:
    grade(submitted, tmp_path / "out", double())
    page = (tmp_path / "out" / "feedback" / file_of("=cmd()")).read_text(encoding="utf-8")
    assert "SINGLE-ZONE" in page
    assert "zone down" in page
    assert "&lt;b&gt;db&lt;/b&gt;" in page
    other = (tmp_path / "out" / "feedback" / file_of("eve <script>")).read_text(encoding="utf-8")
    assert "<script>" not in other
    assert "multi_az" in other


def test_the_overview_counts_what_was_wrong_and_lists_what_was_not_graded(
    submitted: Path, tmp_path: Path
) -> None:
    grade(submitted, tmp_path / "out", double())
    page = (tmp_path / "out" / "overview.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "SINGLE-ZONE" in page
    assert "notes.txt" in page
    assert "notes.txt" in (tmp_path / "out" / "not_graded.txt").read_text(encoding="utf-8")
    assert "<script>" not in page


def test_of_several_programs_of_a_learner_the_last_counts_and_the_others_are_listed(tmp_path: Path) -> None:
    folder, exercise = tmp_path / "in", find_exercise(SLUG)
    for when, cells in (("09:00", as_shipped(exercise)), ("10:00", as_solved(exercise))):
        hand_in(folder, f"ada+review+2026-01-31 {when}:00 UTC", cells)
    grading = grade(folder, tmp_path / "out", double())
    assert [(grade.learner, grade.outcome) for grade in grading.grades] == [("ada", "passed")]
    assert [name for name in grading.others if "09:00" in name]


def test_a_malformed_notebook_is_a_program_error_of_its_learner_alone(
    submitted: Path, tmp_path: Path
) -> None:
    (submitted / "ada" / f"{SLUG}.ipynb").write_text("{", encoding="utf-8")
    grading = grade(submitted, tmp_path / "out", double())
    outcomes = {grade.learner: grade.outcome for grade in grading.grades}
    assert (outcomes["ada"], outcomes["bob"]) == ("program-error", "passed")


@dataclass
class Breaks(Double):
    """Cannot read: the process that does is gone, or was killed for lack of memory."""

    out_of_memory: bool = False

    def ask(self, request: Any) -> tuple[Any, Fate]:
        if request["do"] == "read" and not self.out_of_memory:
            raise InternalError("the grading process ended twice without an answer")
        return None, Fate(code=-9, out_of_memory=True)


@pytest.mark.parametrize("out_of_memory", [False, True])
def test_a_submission_that_could_not_be_read_because_of_this_machine_is_no_program_error(
    submitted: Path, tmp_path: Path, out_of_memory: bool
) -> None:
    grading = grade(submitted, tmp_path / "out", Breaks(out_of_memory=out_of_memory))
    assert {given.outcome for given in grading.grades} <= {"lab-error"}
    healthy = grade(submitted, tmp_path / "out", double())
    assert healthy.fresh == 3, "it is read again the next time"


class Quotes(Double):
    """Quotes in each ruling what no file can hold as it is."""

    def ask(self, request: Any) -> tuple[Any, Fate]:
        told, fate = super().ask(request)
        if "ruling" in told:
            told["ruling"]["message"] = "ValueError: \ud800"
        return told, fate


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_a_lone_surrogate_in_a_message_or_a_name_spoils_no_other_grades(
    submitted: Path, tmp_path: Path
) -> None:
    hand_in(submitted, os.fsdecode(b"\xff-learner"), as_shipped(find_exercise(SLUG)))
    grading = grade(submitted, tmp_path / "out", Quotes())
    write_pages(grading)
    grades = json.loads((tmp_path / "out" / "grades.json").read_text(encoding="utf-8"))
    assert len(grades) == 5
    assert {given["reason"] for given in grades} == {"ValueError: \ud800"}
    assert not list((tmp_path / "out").rglob("*.part"))
