"""Git ignores what the lab and its learners leave behind, and tracks what belongs to the project."""

import shutil
import subprocess
from pathlib import Path

import pytest

LEFT_BEHIND = [
    ".venv/bin/python",
    ".venv-bench/bin/python",
    ".venv-graders/bin/python",
    ".benchmarks/one.json",
    ".screenshots/panel.png",
    ".mypy_cache/x",
    "lab_support/__pycache__/x.pyc",
    "notebooks/.progress.json",
    "notebooks/.backup/02_database_zone.ipynb",
    "notebooks/02_database_zone.ipynb.bak",
    "notebooks/.ipynb_checkpoints/02_database_zone-checkpoint.ipynb",
]
OURS = [
    "notebooks/02_database_zone.ipynb",
    "solutions/02_database_zone.ipynb",
    "exercises/02_database_zone/wrong_replica.py",
    "lab_support/toolchain/cli/go.sum",
    "lab_support/toolchain/build.py",
    "requirements.lock",
    "requirements-dev.lock",
    ".ci/run",
]


@pytest.fixture
def ignored(root: Path, tmp_path: Path) -> set[str]:
    """Which of these files git would ignore, found out in a temporary repository."""
    shutil.copy(root / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    exercise = subprocess.run(
        ["git", "-C", str(tmp_path), "check-ignore", *LEFT_BEHIND, *OURS], capture_output=True, text=True
    )
    return set(exercise.stdout.splitlines())


def test_leftovers_are_ignored(ignored: set[str]) -> None:
    assert set(LEFT_BEHIND) - ignored == set()


def test_tracked_files_are_not_ignored(ignored: set[str]) -> None:
    assert set(OURS) & ignored == set()
