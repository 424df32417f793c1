"""The course folder for learners: nothing in it gives an answer away, and the lab works there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lab_support.course import coach, exercises, notebooks
from lab_support.course.exercises import ANSWERS, NOTED, catalogue, find_exercise
from lab_support.course.learner_course import LearnerCourseError, without_answers, write
from lab_support.course.notes import compare
from lab_support.course.places import ROOT_VARIABLE, is_learner_course
from lab_support.errors import BriefError
from tests.programs import ROOT


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "course"
    write(folder)
    return folder


@pytest.fixture
def inside(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(ROOT_VARIABLE, str(course))
    return course


def added_by_solutions() -> dict[str, set[str]]:
    """The lines of code that each solution adds, longer than a bracket and not in a hint."""
    added = {}
    for exercise in catalogue():
        before, after, hints = ("\n".join(exercise.sources(tag)) for tag in ("exercise", "solution", "hint"))
        lines = {line.strip() for line in after.splitlines()} - {line.strip() for line in before.splitlines()}
        added[exercise.slug] = {line for line in lines if len(line) > 20 and line not in hints}
    return added


def test_no_file_has_a_line_that_only_a_solution_adds(course: Path) -> None:
    files = [path for path in course.rglob("*") if path.suffix in (".py", ".ipynb", ".md", ".diff")]
    own = [path for path in files if "lab_support" not in path.relative_to(course).parts]
    added = added_by_solutions()
    assert any(added.values())
    for path in own:
        text = path.read_text(encoding="utf-8")
        assert not {line for line in added.get(path.stem, ()) if line in text}, path


def test_there_are_no_fixes_solutions_tests_and_generator_stock(course: Path) -> None:
    names = {path.name for path in (course / "exercises").iterdir()}
    assert names == {f"{exercise.slug}.py" for exercise in catalogue()} | {"NO_SOLUTIONS.md"}
    assert not list(course.rglob("*.diff"))
    assert not (course / "solutions").exists()
    assert not (course / "tests").exists()


def test_the_notebooks_are_those_of_the_whole_course(course: Path) -> None:
    assert {path.stem: path.read_text(encoding="utf-8") for path in (course / "notebooks").iterdir()} == dict(
        notebooks.learners_texts()
    )


def test_the_exercises_differ_only_in_what_gives_answers_away(inside: Path) -> None:
    for name in (path.stem for path in (ROOT / "exercises").glob("[0-9][0-9]_*.py")):
        whole = exercises.read_exercise(ROOT / "exercises" / f"{name}.py")
        mine = find_exercise(name)
        assert mine.cells == tuple(cell for cell in whole.cells if cell.tag not in (ANSWERS, NOTED))
        assert (mine.ways, mine.repairs, mine.record) == ((), (), ())
        assert (mine.title, mine.points, mine.worth, mine.config, mine.findings) == (
            *(whole.title, whole.points, whole.worth, whole.config),
            whole.findings,
        )


def test_building_in_it_changes_nothing_and_writes_no_solutions(inside: Path) -> None:
    assert is_learner_course()
    assert {built.state for built in notebooks.build()} == {"unchanged"}
    assert not notebooks.stale()
    assert not (inside / "solutions").exists()


def test_a_solution_and_answers_are_refused_with_the_reason(inside: Path) -> None:
    with pytest.raises(BriefError, match="your instructor has them"):
        coach.solution("02", yes=True)
    with pytest.raises(BriefError, match="your instructor has them"):
        compare(find_exercise("06"), ())


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(LearnerCourseError, match="not empty"):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_inside_what_is_copied_is_refused() -> None:
    with pytest.raises(LearnerCourseError, match="inside guides/"):
        write(ROOT / "guides" / "new")


def test_a_file_without_answers_stays_as_it_is() -> None:
    text = '# ---\n# jupyter:\n#   lab:\n#     title: A\n# ---\n\n# %% tags=["exercise"]\nx = 1\n'
    assert without_answers(text) == text
    assert (
        without_answers(text + '# %% tags=["answers"]\nsecret = 1\n# %%\ny = 2\n') == text + "# %%\ny = 2\n"
    )


def test_a_wheel_of_it_carries_the_course_without_answers(course: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if "/_course/exercises/" in name]
    assert sorted(Path(name).name for name in names) == sorted(
        path.name for path in (course / "exercises").iterdir()
    )


def test_a_check_of_a_shipped_notebook_fails_there_as_announced(course: Path) -> None:
    command = [sys.executable, "-m", "lab_support", "check", "02", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(course), "PULUMI_REVIEW_LAB_PROGRESS": "off"}
    environment.pop(ROOT_VARIABLE, None)
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert '"SINGLE-ZONE"' in done.stdout


REVIEWS = ("review_42_5f_3d", "review_7_wdatabase-zone")  # drawn, and chosen by name
CELLS = {
    "panel": 'from lab_support import panel; panel("{slug}")',
    "check": 'from lab_support import check; check("{slug}", lambda suffix: None, environments=("dev",))',
}


@pytest.mark.parametrize("slug", REVIEWS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_generated_review_says_in_a_sentence_who_grades_it(inside: Path, slug: str, cell: str) -> None:
    with pytest.raises(
        BriefError, match="your instructor grades both"
    ) as raised:  # IPython shows its text alone
        exec(CELLS[cell].format(slug=slug), {})
    assert "\n" not in str(raised.value)
