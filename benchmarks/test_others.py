"""A verdict on one flaw, from the same start: ours beside what people use instead.

checkov gets --skip-download, which spares it a look into the internet; the files of both are in the system's cache.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.commands import run
from benchmarks.comparison import Comparison, Target, compare, seconds_of
from lab_support.exercises import exercise
from lab_support.notebooks import notebook, text_of

SLUG = "02_database_zone"
LAB = Path(sys.executable).with_name("lab")
TERRAFORM = Path(__file__).parent / "terraform" / "database.tf"
MULTI_AZ = "CKV_AWS_157"


@pytest.fixture
def cold_check(tmp_path: Path) -> Callable[[], None]:
    """`lab check` from a cold shell."""
    shipped = tmp_path / "shipped.ipynb"
    shipped.write_text(text_of(notebook(exercise(SLUG))), encoding="utf-8")
    return lambda: run([LAB, "check", SLUG, "--with", shipped], code=1, says="SINGLE-ZONE") and None


@pytest.fixture(scope="module")
def checkov() -> str:
    """The program that `make bench` installs into an environment of its own."""
    program = os.environ.get("CHECKOV", "")
    if not Path(program).is_file():
        pytest.skip("CHECKOV does not name a checkov; `make bench` installs one")
    return program


@pytest.mark.parametrize(
    "options", [("--check", MULTI_AZ), ()], ids=["the one check that looks for it", "all its checks"]
)
def test_checkov(
    benchmark: Any,
    cold_check: Callable[[], None],
    checkov: str,
    options: tuple[str, ...],
    keep: Callable[[Comparison], None],
) -> None:
    command = [checkov, "-f", TERRAFORM, *options, "--compact", "--quiet", "--skip-download"]

    def theirs() -> float:
        return seconds_of(lambda: run(command, code=1, says=MULTI_AZ))

    what = f"cold lab check / cold checkov {' '.join(options) or '(all its checks)'}"
    keep(compare(benchmark, Target.OTHERS, what, cold_check, theirs, limit=1.0, rounds=7))
