"""`lab grade` as instructors call it: exit codes, what it prints, and that a killed grading continues."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lab_support.checking.grading.bubblewrap import problem_of_bubblewrap
from lab_support.checking.judge import as_shipped, as_solved
from lab_support.cli.main import main
from lab_support.course.exercises import find_exercise
from tests.programs import SLUG

needs_bubblewrap = pytest.mark.skipif(
    bool(problem_of_bubblewrap()), reason="needs bubblewrap (Debian: apt-get install bubblewrap)"
)


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Three learners: one is right, one has changed nothing, one does not run."""
    folder, exercise = tmp_path / "in", find_exercise(SLUG)
    folder.mkdir()
    programs = {"ada": as_solved(exercise), "bob": as_shipped(exercise), "eve": ["raise ValueError('so')"]}
    for learner, cells in programs.items():
        (folder / f"{learner}_{SLUG}.py").write_text("\n\n".join(cells), encoding="utf-8")
    return folder


def grade(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["grade", *map(str, arguments)])


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    assert grade(tmp_path / "nothing", "--out", tmp_path / "out").exit_code == 2


@pytest.mark.parametrize("out", ["", "grades"])
def test_grades_among_the_submissions_are_a_usage_error(submitted: Path, out: str) -> None:
    assert grade(submitted, "--out", submitted / out).exit_code == 2


def test_without_bubblewrap_nothing_is_graded(
    submitted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    problem_of_bubblewrap.cache_clear()
    try:
        result = grade(submitted, "--out", tmp_path / "out")
    finally:
        problem_of_bubblewrap.cache_clear()
    assert result.exit_code == 2
    assert "--no-sandbox" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("options", [pytest.param([], marks=needs_bubblewrap), ["--no-sandbox"]])
def test_each_submission_gets_its_outcome(submitted: Path, tmp_path: Path, options: list[str]) -> None:
    result = grade(submitted, "--out", tmp_path / "out", "--json", "--workers", 2, *options)
    assert result.exit_code == 0, result.output
    grades = json.loads(result.stdout)["grades"]
    assert {grade["learner"]: grade["outcome"] for grade in grades} == {
        "ada": "passed",
        "bob": "unchanged",
        "eve": "program-error",
    }
    assert json.loads((tmp_path / "out" / "grades.json").read_text(encoding="utf-8")) == grades


@pytest.mark.slow
@needs_bubblewrap
def test_a_killed_grading_leaves_no_process_and_continues(submitted: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "lab_support",
        "grade",
        str(submitted),
        "--out",
        str(out),
        "--workers",
        "1",
    ]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        until = time.monotonic() + 120
        while not list(out.glob(".grading/graded/*.json")) and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    kept = {path.name: path.read_bytes() for path in out.glob(".grading/graded/*.json")}
    assert 1 <= len(kept) < 3
    result = subprocess.run([*command, "--json"], capture_output=True, text=True, env=environment)
    assert [grade["outcome"] for grade in json.loads(result.stdout)["grades"]] == [
        "passed",
        "unchanged",
        "program-error",
    ]
    assert {name: (out / ".grading" / "graded" / name).read_bytes() for name in kept} == kept
    before = (out / "grades.json").read_bytes()
    shutil.rmtree(out / "feedback")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    assert (out / "grades.json").read_bytes() == before
    assert not list(tmp_path.glob("pulumi-review-*"))
