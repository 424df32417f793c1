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

from lab_support.course.exercises import Exercise, Guide, catalogue, guides
from lab_support.course.notebooks import guide, notebook, solution, text_of
from tests.processes import environment
from tests.programs import ROOT


@dataclass(frozen=True)
class Run:
    """A run of nbval over several notebooks: its exit code and its output."""

    code: int
    output: str

    def outcomes(self, name: str) -> list[str]:
        """What became of each code cell of a notebook, in order."""
        path = name.replace(".", "::")  # as nbval writes it
        return re.findall(rf"^{path}::Cell \d+ (PASSED|FAILED|SKIPPED|XFAIL|ERROR)", self.output, re.M)

    def failure(self, name: str) -> str:
        """What is said of the cells of a notebook that failed."""
        parts = re.split(r"^_{3,} (.+)::Cell \d+ _{3,}$", self.output, flags=re.M)
        said = [text for title, text in zip(parts[1::2], parts[2::2], strict=True) if title.endswith(name)]
        return "".join(said).partition("short test summary info")[0]


def nbval(folder: Path, texts: dict[str, str]) -> Run:
    """Runs notebooks with plain pytest and nbval, without this clone's configuration."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
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
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval-lax",
            "--nbval-cell-timeout",
            "120",
            "-v",
            *texts,
            *options,
        ],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """All notebooks as shipped and all solved ones, run at the same time."""

    def run(make: Callable[[Exercise], dict[str, object]]) -> Run:
        texts = {f"{exercise.slug}.ipynb": text_of(make(exercise)) for exercise in catalogue()}
        return nbval(tmp_path_factory.mktemp(make.__name__), texts)

    with ThreadPoolExecutor(2) as threads:
        shipped, solved = threads.map(run, (notebook, solution))
    return shipped, solved


def code_cells(document: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


@pytest.mark.slow
@pytest.mark.timeout(600)  # the first one runs all notebooks
@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_as_shipped_it_fails_at_its_check_with_the_announced_findings(
    exercise: Exercise, runs: tuple[Run, Run]
) -> None:
    shipped, _ = runs
    name = f"{exercise.slug}.ipynb"
    ids = [cell["id"] for cell in code_cells(notebook(exercise))]
    outcomes = dict(zip(ids, shipped.outcomes(name), strict=True))
    check = f"{exercise.slug[:2]}-check-1"
    assert outcomes == {id: "FAILED" if id == check else "PASSED" for id in ids}, shipped.failure(name)
    said = shipped.failure(name)
    assert f"{exercise.slug}: not yet." in said
    assert {*re.findall(r"^([A-Z][A-Z-]+)  \S", said, re.M)} == {*exercise.findings}
    assert "lab_support/" not in said
    assert "Traceback (most recent call last)" not in said


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_the_solved_one_is_green(exercise: Exercise, runs: tuple[Run, Run]) -> None:
    _, solved = runs
    assert solved.code == 0, solved.output
    outcomes = solved.outcomes(f"{exercise.slug}.ipynb")
    assert outcomes == ["PASSED"] * len(code_cells(solution(exercise)))


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
    name = f"{exercise.slug}.ipynb"
    run = nbval(folder, {name: text_of(guide(exercise))})
    assert run.code == 0, run.output
    assert run.outcomes(name) == ["PASSED"] * len(code_cells(guide(exercise)))
