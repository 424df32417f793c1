"""How long a verdict takes from a cold shell: `lab check` on the shipped notebook, imports included."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine
from benchmarks.commands import run
from benchmarks.comparison import Comparison, Target, compare
from lab_support.course.exercises import Exercise, catalogue
from lab_support.course.notebooks import notebook, text_of

LAB = Path(sys.executable).with_name("lab")
REVIEW = "06_code_review"


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_cold_check(
    benchmark: Any, engine: BareEngine, exercise: Exercise, tmp_path: Path, keep: Callable[[Comparison], None]
) -> None:
    shipped = tmp_path / "shipped.ipynb"
    shipped.write_text(text_of(notebook(exercise)), encoding="utf-8")

    def ours() -> None:
        run([LAB, "check", exercise.slug, "--with", shipped], code=1, says=exercise.findings[0])

    what = f"lab check {exercise.slug} / empty preview"
    limit = None if exercise.slug == REVIEW else 3.0
    keep(compare(benchmark, Target.COLD, what, ours, engine.preview, limit=limit, rounds=7))
