"""How much longer a preview of the lab takes than the engine alone."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine
from benchmarks.comparison import Comparison, Target, compare
from lab_support import preview
from lab_support.exercises import Exercise, catalogue
from lab_support.pristine import shipped_program

# Importing one class of a service imports what is deprecated in it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws")


@pytest.mark.parametrize("asked", catalogue(), ids=lambda asked: asked.slug)
def test_warm_preview(
    benchmark: Any, engine: BareEngine, asked: Exercise, keep: Callable[[Comparison], None]
) -> None:
    program = shipped_program(asked)
    resources = len(list(preview(program, "dev", config=asked.config)))

    def ours() -> None:
        preview(program, "dev", config=asked.config)

    what = f"warm preview of {asked.slug}, {resources} resources / empty preview"
    keep(compare(benchmark, Target.SIZE, what, ours, engine.preview))
