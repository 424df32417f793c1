"""The notebooks under plain nbval, as an instructor's CI runs them: red at the check as shipped, green once solved."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab_support.course.exercises import Exercise, Guide, find_exercise, guides
from lab_support.course.notebooks import guide, notebook, solution, text_of
from tests.processes import environment
from tests.programs import ROOT, SLUG


@dataclass(frozen=True)
class Run:
    """A run of nbval: its exit code, its output, and the outcome of each code cell in order."""

    code: int
    output: str
    cells: tuple[str, ...]


def nbval(folder: Path, name: str, text: str) -> Run:
    """Runs a notebook with plain pytest and nbval, without this clone's configuration."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    variables = {
        "PYTEST_ADDOPTS": "",
        "PYTHONDONTWRITEBYTECODE": "",
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    options = ["-p", "no:cacheprovider", "-p", "no:xdist", "-c", "/dev/null", "--rootdir", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout", "120", "-v", name, *options],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    cells = re.findall(r"::Cell \d+ (PASSED|FAILED|SKIPPED|XFAIL|ERROR)", done.stdout)
    return Run(done.returncode, done.stdout + done.stderr, tuple(cells))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """The notebook as shipped and the solved one, run at the same time."""
    documents = {"shipped.ipynb": notebook, "solved.ipynb": solution}
    exercise = find_exercise(SLUG)

    def run(item: tuple[str, Callable[[Exercise], dict[str, object]]]) -> Run:
        name, make = item
        return nbval(tmp_path_factory.mktemp(name.partition(".")[0]), name, text_of(make(exercise)))

    with ThreadPoolExecutor(2) as threads:
        return dict(zip(documents, threads.map(run, documents.items()), strict=True))


def code_cells(document: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


@pytest.mark.slow
def test_as_shipped_it_fails_at_the_check_and_nowhere_else(runs: dict[str, Run], exercise: Exercise) -> None:
    shipped = runs["shipped.ipynb"]
    ids = [cell["id"] for cell in code_cells(notebook(exercise))]
    assert shipped.code == 1, shipped.output
    assert dict(zip(ids, shipped.cells, strict=True)) == {
        id: "FAILED" if id == "02-check-1" else "PASSED" for id in ids
    }


@pytest.mark.slow
def test_the_failure_is_the_announced_finding_and_nothing_of_ours(runs: dict[str, Run]) -> None:
    output = runs["shipped.ipynb"].output
    assert f"{SLUG}: not yet. 1 finding." in output
    assert "SINGLE-ZONE  emergency-alert-db-dev" in output
    assert "REGRESSION  " not in output
    assert "lab_support/" not in output
    assert "Traceback (most recent call last)" not in output


@pytest.mark.slow
def test_the_solved_one_is_green(runs: dict[str, Run], exercise: Exercise) -> None:
    solved = runs["solved.ipynb"]
    assert solved.code == 0, solved.output
    assert set(solved.cells) == {"PASSED"}
    assert len(solved.cells) == len(code_cells(solution(exercise)))


@pytest.mark.slow
def test_an_exercise_of_several_cells_fails_at_its_check_and_nowhere_else(tmp_path: Path) -> None:
    review = find_exercise("06_code_review")
    document = notebook(review)
    run = nbval(tmp_path, "shipped.ipynb", text_of(document))
    ids = [cell["id"] for cell in code_cells(document)]
    failed = [id for id, outcome in zip(ids, run.cells, strict=True) if outcome != "PASSED"]
    assert failed == ["06-check-1"], run.output
    assert "06_code_review: not yet. 5 findings, 0 of 9 points." in run.output
    for finding in review.findings:
        assert f"{finding}  emergency-alert-" in run.output


@pytest.mark.slow
def test_solved_it_is_green_and_shows_what_was_to_be_found(tmp_path: Path) -> None:
    document = solution(find_exercise("06_code_review"))
    run = nbval(tmp_path, "solved.ipynb", text_of(document))
    assert run.code == 0, run.output
    assert len(run.cells) == len(code_cells(document))


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise",
    [page for page in guides() if any(cell.kind == "code" for cell in page.cells)],  # nbval wants code
    ids=lambda exercise: exercise.slug,
)
def test_a_guide_runs_to_its_end(exercise: Guide, tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    shutil.copytree(ROOT / "guides", tmp_path / "guides")  # a guide may read what lies beside it
    run = nbval(folder, f"{exercise.slug}.ipynb", text_of(guide(exercise)))
    assert run.code == 0, run.output
    assert len(run.cells) == len(code_cells(guide(exercise)))
