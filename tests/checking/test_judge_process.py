"""A judging process that is started before its request is known."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from lab_support.checking.judge import as_solved, judge
from lab_support.checking.judge_process import JudgeProcess
from lab_support.course.exercises import find_exercise
from tests.processes import environment
from tests.programs import SLUG


@pytest.mark.parametrize("slug", [SLUG, "04", "", "no-such-exercise", "solved.ipynb"])
def test_a_process_ready_for_one_exercise_judges_any_other(slug: str) -> None:
    exercise = find_exercise(SLUG)
    with JudgeProcess(slug) as early:
        ruling = judge(exercise, as_solved(exercise), process=early)
    assert (ruling.exercise, ruling.outcome) == (SLUG, "passed")


def test_a_process_that_was_never_asked_is_gone_afterwards() -> None:
    before = psutil.Process().children()
    with JudgeProcess(SLUG):
        (child,) = (process for process in psutil.Process().children() if process not in before)
    assert not child.is_running()


@pytest.mark.parametrize(
    "arguments", [["no-such-exercise"], [SLUG, "--with", "no-such-file.py"], ["--nonsense"], []]
)
def test_a_usage_error_leaves_no_process_and_no_file(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lab_support", "check", *arguments],
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "Usage: lab check" in done.stderr or done.stderr.startswith("lab: ")
    assert [process.pid for process in psutil.process_iter() if _is_judge_of(process, tmp_path)] == []
    assert list(tmp_path.iterdir()) == []


def _is_judge_of(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.environ().get("TMPDIR") == str(folder)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return False


def test_help_starts_no_judge(tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['lab', 'check', '--help']; import subprocess; subprocess.Popen = None; "
    code += "from lab_support.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: lab check [OPTIONS] SLUG")
