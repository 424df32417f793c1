"""Exercise 02 as an assignment for other tools: the same program, tested with Pulumi's own mocks.

`nbgrader_course`, `otter_assignment` and `mocked_test` write it into a folder. All three ask the same: does the
database that the program registers have `multi_az`? Mocks only return what the program passed in, so nothing more can
be tested. `submissions` writes the same programs as a class's notebooks of the exercise itself, for `lab grade`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from lab_support.course.exercises import EXERCISE, find_exercise
from lab_support.course.fixes import fix_files, read_fix
from lab_support.course.notebooks import notebook

SLUG: Final = "02_database_zone"
# What each of them reports on the program as shipped.
SAYS: Final = "emergency-alert-db-dev runs in one zone"

MOCKS: Final = """\
import pulumi


class Account(pulumi.runtime.Mocks):
    def __init__(self):
        self.seen = []

    def new_resource(self, args):
        self.seen.append(args)
        return [f"{args.name}-id", args.inputs]

    def call(self, args):
        return {}


account = Account()
pulumi.runtime.set_mocks(account)

import pulumi_aws as aws
"""
ASSERTIONS: Final = """\
account.seen.clear()
pulumi.runtime.test(lambda: program("dev"))()
databases = [database for database in account.seen if database.typ == "aws:rds/instance:Instance"]
assert databases, "no database is left"
for database in databases:
    assert database.inputs.get("multiAz"), f"{database.name} runs in one zone"
"""
CHECK: Final = 'grader.check("q1")'


def shipped() -> str:
    """The program of the exercise with its flaw."""
    return "\n\n".join(find_exercise(SLUG).sources(EXERCISE))


def class_of(size: int) -> list[str]:
    """So many different programs, the shipped one first, then right and wrong repairs in turns."""
    exercise = find_exercise(SLUG)
    kinds = [fix_files(exercise, kind) for kind in ("right", "wrong")]
    fixes = [path for pair in zip(*kinds, strict=False) for path in pair][: size - 1]
    return [shipped(), *("\n\n".join(read_fix(path, exercise).cells) for path in fixes)]


def submissions(folder: Path, programs: Sequence[str]) -> Path:
    """A folder for each learner with the exercise's notebook, as `lab grade` takes it; returns the folder."""
    exercise = find_exercise(SLUG)
    for number, program in enumerate(programs):
        handed_in = notebook(exercise)
        (cell,) = (cell for cell in handed_in["cells"] if EXERCISE in cell["metadata"].get("tags", []))
        cell["source"] = program
        path = folder / f"learner{number:03}" / f"{SLUG}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(handed_in), encoding="utf-8")
    return folder


def nbgrader_course(folder: Path, programs: Sequence[str] = ()) -> list[Path]:
    """A course with one assignment, `zones`, and a learner for each program, by default one who changed nothing.

    Returns the paths of the graded notebooks.
    """
    programs = programs or [shipped()]
    learners = [f"learner{number:03}" for number in range(len(programs))]
    places = ["source/zones", *(f"submitted/{learner}/zones" for learner in learners)]
    for place, program in zip(places, [shipped(), *programs], strict=True):
        (folder / place).mkdir(parents=True)
        assignment = _notebook(
            new_code_cell(MOCKS),
            new_code_cell(program, metadata=_graded("program", solution=True)),
            new_code_cell(ASSERTIONS, metadata=_graded("standby", grade=True, locked=True, points=2)),
        )
        nbformat.write(assignment, folder / place / "database.ipynb")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'alerts'\n", encoding="utf-8"
    )
    return [folder / "autograded" / learner / "zones" / "database.ipynb" for learner in learners]


def _graded(id: str, **more: Any) -> dict[str, Any]:
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**usual, "grade_id": id, **more}}


def otter_assignment(folder: Path, program: str = "") -> Path:
    """A notebook whose last cell has otter-grader check question q1, and the question's file; returns its path.

    Without a program, it has the shipped one.
    """
    body = "".join(f"    {line}\n" for line in ASSERTIONS.splitlines())
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "q1.py").write_text(
        "OK_FORMAT = False\nfrom otter.test_files import test_case\n\nname = 'q1'\npoints = 2\n\n\n"
        f"@test_case(points=2)\ndef standby(pulumi, account, program):\n{body}",
        encoding="utf-8",
    )
    assignment = _notebook(
        new_code_cell("import otter\n\ngrader = otter.Notebook('database.ipynb')"),
        new_code_cell(MOCKS),
        new_code_cell(program or shipped()),
        new_code_cell(CHECK),
    )
    nbformat.write(assignment, folder / "database.ipynb")
    return folder / "database.ipynb"


def mocked_test(folder: Path) -> Path:
    """A pytest file without a preview, which is Pulumi's own way to test a program; returns its path."""
    body = "".join(f"    {line}\n" for line in ASSERTIONS.splitlines())
    path = folder / "test_zones.py"
    path.write_text(f"{MOCKS}\n\n{shipped()}\n\n\ndef test_standby():\n{body}", encoding="utf-8")
    return path


def _notebook(*cells: Any) -> Any:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernel})
