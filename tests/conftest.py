"""What all tests share: no test leaves a trace in the clone, and one that writes gets a clone of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_support.course.exercises import Exercise, find_exercise
from tests.programs import ROOT, SLUG, copy_exercise

# What takes long, by the beginning of its path, the longest first: with several processes, what is left at the end is
# short.
LONG_ONES = (
    "tests/clone/",
    "tests/browser/test_each_exercise",
    "tests/browser/",
    "tests/cli/test_checking",
    "tests/sandbox/",
    "tests/engine/",
    "tests/cli/",
    "tests/exercises/",
    "tests/mock_aws/test_life_cycle",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many processes `-n auto` means: one more than there are processors, as tests often wait for others."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the long ones first; each file's tests stay together and in their order."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(ROOT).as_posix()
        return next((n for n, begin in enumerate(LONG_ONES) if path.startswith(begin)), len(LONG_ONES))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _no_progress() -> Iterator[None]:
    """A check that a test runs is not a learner's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_REVIEW_LAB_PROGRESS", "off")
        yield


@pytest.fixture
def exercise() -> Exercise:
    """The exercise of the database in one zone."""
    return find_exercise(SLUG)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one exercise without its fixes and nothing built; this process and its children use it."""
    folder = tmp_path / "clone"
    (folder / "exercises").mkdir(parents=True)
    copy_exercise(SLUG, folder)
    monkeypatch.setenv("PULUMI_REVIEW_LAB_ROOT", str(folder))
    return folder
