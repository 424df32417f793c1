"""The fixture that fakes a check's previews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lab_support.engine import operations
from tests.checking.pretended import Outcome, Pretend, a_plan_of


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Pretend:
    """Sets the outcome of each environment's preview; by default a plan of one database."""

    def previews(outcome: Callable[[str], Outcome]) -> None:
        def preview_all(program: Any, environments: Any, **options: Any) -> dict[str, Outcome]:
            return {environment: outcome(environment) for environment in environments}

        monkeypatch.setattr(operations, "preview_all", preview_all)

    previews(a_plan_of)
    return previews
