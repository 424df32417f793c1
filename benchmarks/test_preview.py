"""How much longer a preview of the lab takes than the engine alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from benchmarks.bare_engine import BareEngine, bare_engine
from benchmarks.comparison import Comparison, compare
from lab_support import preview
from lab_support.exercises import EXERCISE, SETUP, exercise

# Importing one class of a service imports what is deprecated in it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws")

SLUG = "02_database_zone"


@pytest.fixture
def engine() -> Iterator[BareEngine]:
    with bare_engine() as engine:
        yield engine


@pytest.fixture
def program() -> Callable[[str], None]:
    """The program of the exercise as it is shipped."""
    names: dict[str, Any] = {}
    asked = exercise(SLUG)
    for source in (*asked.sources(SETUP), *asked.sources(EXERCISE)):
        exec(source, names)
    found: Callable[[str], None] = names["program"]
    return found


def test_warm_preview_and_an_empty_one_by_the_bare_cli(
    benchmark: Any, engine: BareEngine, program: Callable[[str], None], keep: Callable[[Comparison], None]
) -> None:
    def ours() -> None:
        assert len(list(preview(program, "dev"))) == 7

    what = f"warm preview({SLUG}) / bare `pulumi preview` of an empty program"
    keep(compare(benchmark, what, ours, engine.preview, limit=1.5, rounds=15))
