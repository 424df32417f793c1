"""Fixtures that the packaging tests share."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.stage import ROOT, Stage


@pytest.fixture
def root() -> Path:
    """The clone."""
    return ROOT


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., Stage]:
    """Makes stages with some files of the clone."""
    if os.name == "nt":
        pytest.skip("these are scripts for a Unix shell")

    def make(*files: str) -> Stage:
        made = Stage(tmp_path / "clone", tmp_path / "programs")
        made.programs.mkdir()
        for file in files:
            target = made.folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, target)
        return made

    return make
