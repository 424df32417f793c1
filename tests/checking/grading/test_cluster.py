"""`--scheduler`: a real Dask scheduler and two workers grade what processes here would grade."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab_support.checking.grading.bubblewrap import problem_of_bubblewrap
from lab_support.checking.grading.cluster import open_cluster
from lab_support.checking.grading.run import grade_folder
from lab_support.checking.judge import as_shipped, as_solved
from lab_support.course.exercises import EXERCISE, find_exercise
from lab_support.course.notebooks import notebook
from lab_support.errors import InternalError

distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(problem_of_bubblewrap()), reason="needs bubblewrap (Debian: apt-get install bubblewrap)"
    ),
]
SLUG = "02_database_zone"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    exercise = find_exercise(SLUG)
    for number in range(6):
        cells = as_solved(exercise) if number % 2 else as_shipped(exercise)
        document = notebook(exercise)
        (cell,) = (cell for cell in document["cells"] if EXERCISE in cell["metadata"].get("tags", []))
        cell["source"] = f"{cells[0]}\n# learner {number}"
        path = tmp_path / "in" / f"learner{number}" / f"{SLUG}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(document), encoding="utf-8")
    return tmp_path / "in"


def outcomes(folder: Path, out: Path, address: str) -> list[str]:
    grading = grade_folder(folder, out, lambda slugs: open_cluster(address, slugs), time_limit=60.0)
    return [grade.outcome for grade in grading.grades]


def test_a_cluster_grades_as_processes_here_do(submitted: Path, tmp_path: Path, cluster: Any) -> None:
    assert outcomes(submitted, tmp_path / "out", cluster.scheduler_address) == ["unchanged", "passed"] * 3


def test_a_worker_that_dies_loses_nothing(submitted: Path, tmp_path: Path, cluster: Any) -> None:
    victim = next(iter(cluster.workers.values())).pid

    def kill() -> None:
        time.sleep(2)
        os.kill(victim, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    assert outcomes(submitted, tmp_path / "out", cluster.scheduler_address) == ["unchanged", "passed"] * 3


def test_a_scheduler_that_is_not_there_is_an_internal_error_in_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(InternalError, match="no scheduler"),
        open_cluster("tcp://127.0.0.1:9", [SLUG], True),
    ):
        pass
