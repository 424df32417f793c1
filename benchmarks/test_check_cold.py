"""How long a verdict takes from a cold shell: `lab check` on the notebook as shipped, imports and all."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine
from benchmarks.commands import run
from benchmarks.comparison import Comparison, Target, compare
from lab_support.exercises import Exercise, catalogue
from lab_support.notebooks import notebook, text_of

LAB = Path(sys.executable).with_name("lab")
REVIEW = "06_code_review"


@pytest.mark.parametrize("asked", catalogue(), ids=lambda asked: asked.slug)
def test_cold_check(
    benchmark: Any, engine: BareEngine, asked: Exercise, tmp_path: Path, keep: Callable[[Comparison], None]
) -> None:
    shipped = tmp_path / "shipped.ipynb"
    shipped.write_text(text_of(notebook(asked)), encoding="utf-8")

    def ours() -> None:
        run([LAB, "check", asked.slug, "--with", shipped], code=1, says=asked.findings[0])

    what = f"lab check {asked.slug} / empty preview"
    limit = None if asked.slug == REVIEW else 3.0
    keep(compare(benchmark, Target.COLD, what, ours, engine.preview, limit=limit, rounds=7))
