"""Shared by the tests of the course."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.course.notebooks import build


@pytest.fixture
def learner(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with everything built and progress on; returns the folder of the notebooks."""
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    build()
    monkeypatch.chdir(clone / "notebooks")
    return clone / "notebooks"
