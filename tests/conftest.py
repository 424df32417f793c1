"""What all tests share: no test leaves a trace in the clone, and one that writes gets a clone of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_support.exercises import Exercise, exercise
from tests.programs import ROOT, SLUG


@pytest.fixture(scope="session", autouse=True)
def _no_progress() -> Iterator[None]:
    """A check that a test runs is not a learner's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_REVIEW_LAB_PROGRESS", "off")
        yield


@pytest.fixture
def asked() -> Exercise:
    """The exercise of the database in one zone."""
    return exercise(SLUG)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one exercise and nothing built yet, which this process and its children take for theirs."""
    folder = tmp_path / "clone"
    (folder / "exercises").mkdir(parents=True)
    shutil.copy2(ROOT / "exercises" / f"{SLUG}.py", folder / "exercises")
    monkeypatch.setenv("PULUMI_REVIEW_LAB_ROOT", str(folder))
    return folder
