"""How long a verdict takes from a cold start, beside checkov's on the same flaw in Terraform.

checkov gets --skip-download, which spares it a look into the internet; the files of both are in the system's cache.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.comparison import Comparison, compare
from lab_support.exercises import exercise
from lab_support.notebooks import notebook, text_of

SLUG = "02_database_zone"
LAB = Path(sys.executable).with_name("lab")
TERRAFORM = Path(__file__).parent / "terraform" / "database.tf"
MULTI_AZ = "CKV_AWS_157"


@pytest.fixture(scope="module")
def checkov() -> str:
    """The program that `make bench` installs into an environment of its own."""
    program = os.environ.get("CHECKOV", "")
    if not Path(program).is_file():
        pytest.skip("CHECKOV does not name a checkov; `make bench` installs one")
    return program


def seconds_of(command: Sequence[str | Path], says: str) -> float:
    """How long a command takes to find the flaw; both say so with exit code 1."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(
        command,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    took = time.perf_counter() - began
    assert done.returncode == 1, done.stdout
    assert says in done.stdout
    return took


@pytest.mark.parametrize(
    "options", [("--check", MULTI_AZ), ()], ids=["the one check that looks for it", "all its checks"]
)
def test_cold_check_and_checkov(
    benchmark: Any, checkov: str, options: tuple[str, ...], tmp_path: Path, keep: Callable[[Comparison], None]
) -> None:
    shipped = tmp_path / "shipped.ipynb"
    shipped.write_text(text_of(notebook(exercise(SLUG))), encoding="utf-8")

    def ours() -> None:
        seconds_of([LAB, "check", SLUG, "--with", shipped], "SINGLE-ZONE")

    def theirs() -> float:
        command = [checkov, "-f", TERRAFORM, *options, "--compact", "--quiet", "--skip-download"]
        return seconds_of(command, MULTI_AZ)

    what = f"cold `lab check {SLUG}` / `checkov {' '.join(options) or '(all its checks)'}`"
    keep(compare(benchmark, what, ours, theirs, limit=1.0, rounds=7))
