"""The clone that a learner works in, and a terminal that answers questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from click import testing

from lab_support.course.notebooks import build


@pytest.fixture
def learner(clone: Path) -> Path:
    """A clone with everything built; returns the folder of the notebooks."""
    build()
    return clone / "notebooks"


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the input of CliRunner look like a terminal."""
    monkeypatch.setattr(testing._NamedTextIOWrapper, "isatty", lambda self: True, raising=False)
