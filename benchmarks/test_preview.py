"""How much longer the lab's preview takes than the engine alone."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine
from benchmarks.comparison import Comparison, Target, compare
from lab_support import preview
from lab_support.course.cells import shipped_program
from lab_support.course.exercises import Exercise, catalogue

# Importing one class of a service also imports its deprecated ones.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws")


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_warm_preview(
    benchmark: Any, engine: BareEngine, exercise: Exercise, keep: Callable[[Comparison], None]
) -> None:
    program = shipped_program(exercise)
    resources = len(list(preview(program, "dev", config=exercise.config)))

    def ours() -> None:
        preview(program, "dev", config=exercise.config)

    what = f"warm preview of {exercise.slug}, {resources} resources / empty preview"
    keep(compare(benchmark, Target.SIZE, what, ours, engine.preview))
