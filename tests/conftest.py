"""Shared by all tests: no test leaves a trace in this clone; one that writes gets a clone of its own."""

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
    "tests/checking/grading/test_cheats",
    "tests/hub/",
    "tests/browser/test_exercises",
    "tests/browser/test_panel",
    "tests/browser/",
    "tests/checking/test_attacks",
    "tests/cli/test_checking",
    "tests/exercises/",
    "tests/mock_aws/test_life_cycle",
    "tests/sandbox/",
    "tests/engine/",
    "tests/cli/",
    "tests/packaging/",
    "tests/mock_aws/test_overwriting",
    "tests/display/",
    "tests/course/",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """The number of processes for `-n auto`: one more than processors, because tests often wait for other processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs long tests first; the tests of a file stay together and in order."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(ROOT).as_posix()
        return next((n for n, begin in enumerate(LONG_ONES) if path.startswith(begin)), len(LONG_ONES))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _no_progress() -> Iterator[None]:
    """Keeps the checks that tests run out of the learner's progress."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_REVIEW_LAB_PROGRESS", "off")
        yield


@pytest.fixture
def exercise() -> Exercise:
    """The exercise of the database in one zone."""
    return find_exercise(SLUG)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one exercise, without its fixes and with nothing built, used by this process and its children."""
    folder = tmp_path / "clone"
    (folder / "exercises").mkdir(parents=True)
    copy_exercise(SLUG, folder)
    monkeypatch.setenv("PULUMI_REVIEW_LAB_ROOT", str(folder))
    return folder
