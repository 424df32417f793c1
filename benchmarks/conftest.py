"""Ends a run of the benchmarks with a table of ratios. Nothing fails because a machine is slow."""

from collections.abc import Generator
from typing import Any

import pytest

from benchmarks.comparison import Comparison

FOUND = pytest.StashKey[list[Comparison]]()


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Any:
    """Puts a comparison into the table."""
    return request.config.stash.setdefault(FOUND, []).append


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    yield  # pytest-benchmark's own table comes first
    found = terminalreporter.config.stash.get(FOUND, [])
    if not found:
        return
    terminalreporter.section("ratios of medians, measured in turns")
    width = max(len(each.what) for each in found)
    terminalreporter.line(f"{'':{width}}    ours   theirs   ratio   meant to be")
    for each in found:
        verdict = "yes" if each.ratio <= each.limit else "NO"
        terminalreporter.line(
            f"{each.what:{width}}  {each.ours:5.2f} s  {each.theirs:5.2f} s   {each.ratio:5.2f}   "
            f"at most {each.limit:g}: {verdict}"
        )
