"""Ends a benchmark run with a table of ratios, and saves it. No benchmark fails because a machine is slow."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from benchmarks import table
from benchmarks.bare_engine import BareEngine, bare_engine
from benchmarks.comparison import Comparison

FOUND = pytest.StashKey[list[Comparison]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", action="store_true", help="also measure lab validate and the test suite")


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Any:
    """Adds a comparison to the table."""
    return request.config.stash.setdefault(FOUND, []).append


@pytest.fixture(scope="session")
def engine() -> Iterator[BareEngine]:
    """The bare engine with its empty program, the baseline for most comparisons."""
    with bare_engine() as engine:
        yield engine


@pytest.fixture(scope="session", autouse=True)
def _no_progress() -> Iterator[None]:
    """Keeps the checks that are measured out of the learner's progress."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_REVIEW_LAB_PROGRESS", "off")
        yield


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    yield  # pytest-benchmark's own table comes first
    found = terminalreporter.config.stash.get(FOUND, [])
    if not found:
        return
    table.write(found)
    terminalreporter.section("ratios of medians, measured in turns")
    for line in table.as_text(found):
        terminalreporter.line(line)
    terminalreporter.line(f"Saved to {table.RATIOS.parent.name}/{table.RATIOS.name}.")
