"""A verdict on one flaw: the lab's, compared with those of other tools.

The flaw is a database in one zone (exercise 02). checkov reads the same flaw in Terraform; the others run the same
program against Pulumi's mocks (assignments.py). Each tool runs in its fastest mode: checkov offline, pytest without
plugins.
"""

import itertools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import assignments
from benchmarks.assignments import SLUG
from benchmarks.commands import run
from benchmarks.comparison import Comparison, Target, compare, in_turns, seconds_of
from benchmarks.kernel import kernel
from benchmarks.programs import anew
from lab_support.course.exercises import CHECK, EXERCISE, SETUP, find_exercise
from lab_support.course.notebooks import notebook, text_of

LAB = Path(sys.executable).with_name("lab")
TERRAFORM = Path(__file__).parent / "terraform" / "database.tf"
MULTI_AZ = "CKV_AWS_157"
ROUNDS = 7
CLASS = 8  # learners
ROUNDS_OF_A_CLASS = 2


# Takes another tool's name and a function that returns its seconds; adds a row to the table.
Compare = Callable[[str, Callable[[], float]], None]


@pytest.fixture
def compare_with(benchmark: Any, tmp_path: Path, keep: Callable[[Comparison], None]) -> Compare:
    """Compares `lab check` from a cold shell with another tool."""
    shipped = tmp_path / "shipped.ipynb"
    shipped.write_text(text_of(notebook(find_exercise(SLUG))), encoding="utf-8")

    def ours() -> None:
        run([LAB, "check", SLUG, "--with", shipped], code=1, says="SINGLE-ZONE")

    def measure(tool: str, theirs: Callable[[], float]) -> None:
        what = f"cold lab check / cold {tool}"
        keep(compare(benchmark, Target.OTHERS, what, ours, theirs, limit=1.0, rounds=ROUNDS))

    return measure


@pytest.fixture(scope="module")
def checkov() -> str:
    """checkov, which `make bench` installs into an environment of its own."""
    return _installed("CHECKOV", "checkov")


@pytest.fixture(scope="module")
def graders() -> Path:
    """The folder of the commands nbgrader and otter, in an environment of their own."""
    return Path(_installed("NBGRADER", "nbgrader")).parent


def _installed(variable: str, program: str) -> str:
    path = os.environ.get(variable, "")
    if not Path(path).is_file():
        pytest.skip(f"{variable} does not name a {program}; `make bench` installs one")
    return path


@pytest.fixture
def away(tmp_path: Path) -> dict[str, str]:
    """Variables that hide the lab's paths and the user's Jupyter settings from another tool."""
    jupyter = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    return {**jupyter, "IPYTHONDIR": str(tmp_path / "ipython"), "PYTHONPATH": "", "PYTEST_ADDOPTS": ""}


@pytest.mark.parametrize(
    "options", [("--check", MULTI_AZ), ()], ids=["the one check that looks for it", "all its checks"]
)
def test_checkov(compare_with: Compare, checkov: str, options: tuple[str, ...]) -> None:
    command = [checkov, "-f", TERRAFORM, *options, "--compact", "--quiet", "--skip-download"]

    def theirs() -> float:
        return seconds_of(lambda: run(command, code=1, says=MULTI_AZ))

    compare_with(f"checkov {' '.join(options) or '(all its checks)'}", theirs)


def test_nbgrader(compare_with: Compare, graders: Path, away: dict[str, str], tmp_path: Path) -> None:
    compare_with("nbgrader autograde", _autograde(graders, away, tmp_path / "course"))


def _autograde(
    graders: Path, away: dict[str, str], course: Path, programs: Sequence[str] = ()
) -> Callable[[], float]:
    """Grades a class with nbgrader and returns the seconds that it took."""
    graded = assignments.nbgrader_course(course, programs)
    program = graders / "nbgrader"
    found = {"PATH": f"{graders}{os.pathsep}{os.environ['PATH']}"}  # it starts alembic by name
    run([program, "generate_assignment", "zones", "--create"], code=0, folder=course, variables=away | found)

    def autograde() -> float:
        for path in graded:
            path.unlink(missing_ok=True)
        took = seconds_of(
            lambda: run(
                [program, "autograde", "zones", "--force"], code=0, folder=course, variables=away | found
            )
        )
        assert assignments.SAYS in graded[0].read_text(encoding="utf-8")
        assert all(path.is_file() for path in graded)
        return took

    return autograde


def test_otter_cold(compare_with: Compare, graders: Path, away: dict[str, str], tmp_path: Path) -> None:
    exercise = assignments.otter_assignment(tmp_path / "assignment")

    def theirs() -> float:
        return _otter_check(graders, away, exercise, says=assignments.SAYS)

    compare_with("otter check", theirs)


def _otter_check(graders: Path, away: dict[str, str], exercise: Path, says: str) -> float:
    """Has otter check a notebook and returns the seconds that it took. (`otter grade` starts a container for each.)"""
    command = [graders / "otter", "check", exercise.name, "-q", "q1"]
    return seconds_of(lambda: run(command, code=0, says=says, folder=exercise.parent, variables=away))


def test_a_class(
    benchmark: Any,
    graders: Path,
    away: dict[str, str],
    tmp_path: Path,
    keep: Callable[[Comparison], None],
) -> None:
    """Seconds for each submission of a class in which no two programs are equal; neither other tool has a sandbox."""
    programs = assignments.class_of(CLASS)
    folder = assignments.submissions(tmp_path / "submitted", programs)
    autograde = _autograde(graders, away, tmp_path / "course", programs)
    checked = [
        assignments.otter_assignment(tmp_path / f"otter{number}", program)
        for number, program in enumerate(programs)
    ]
    rounds = itertools.count()

    def ours() -> None:
        run([LAB, "grade", folder, "--out", tmp_path / f"out{next(rounds)}"], code=0, says="graded now")

    def otter() -> float:
        return sum(_otter_check(graders, away, notebook, says="") for notebook in checked)

    seconds = in_turns(benchmark, ours, [autograde, otter], rounds=ROUNDS_OF_A_CLASS)
    mine, *theirs = (took / len(programs) for took in seconds)
    for tool, took in zip(("nbgrader autograde", "otter check"), theirs, strict=True):
        what = f"lab grade / {tool}, for each of {len(programs)} submissions"
        keep(Comparison(Target.OTHERS, what, mine, took, ROUNDS_OF_A_CLASS, 1.0))


def test_mocks_under_pytest(compare_with: Compare, away: dict[str, str], tmp_path: Path) -> None:
    exercise = assignments.mocked_test(tmp_path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        exercise.name,
    ]
    alone = away | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def theirs() -> float:
        return seconds_of(
            lambda: run(command, code=1, says=assignments.SAYS, folder=tmp_path, variables=alone)
        )

    compare_with("pytest with pulumi.runtime.test and mocks", theirs)


def test_otter_in_a_kernel(
    benchmark: Any, graders: Path, tmp_path: Path, keep: Callable[[Comparison], None]
) -> None:
    exercise = find_exercise(SLUG)
    (check,) = exercise.sources(CHECK)
    folder = assignments.otter_assignment(tmp_path).parent
    with kernel() as learner, kernel(graders / "python") as otters:
        learner.run_all(exercise.sources(SETUP))
        otters.run(f"import os; os.chdir({str(folder)!r})")
        otters.run_all(
            [
                "import otter; grader = otter.Notebook('database.ipynb')",
                assignments.MOCKS,
                assignments.shipped(),
            ]
        )
        otters.run(f"assert {assignments.SAYS!r} in repr({assignments.CHECK})")
        ours, theirs = in_turns(
            benchmark,
            lambda: learner.run(check, error="CheckFailed"),
            [lambda: seconds_of(lambda: otters.run(assignments.CHECK))],
            rounds=9,
            prepare=lambda: learner.run_all(anew(exercise, EXERCISE)),
        )
    keep(
        Comparison(Target.OTHERS, "warm check / otter's grader.check with mocks, warm", ours, theirs, 9, 1.0)
    )
