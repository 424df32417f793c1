"""`preview_all` where environments are previewed one by one: which errors are worth a second try."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.engine import operations
from lab_support.errors import EngineLost, InternalError, ProgramError
from tests.plans import a_plan


def program(environment_suffix: str) -> None:
    """Never run here: the previews are faked."""


def fake_previews(monkeypatch: pytest.MonkeyPatch, *outcomes: Any) -> list[Any]:
    """Has previews give these results in turn; returns the list of those that are left."""
    left = list(outcomes)

    def preview(program: Any, environment: str, *options: Any) -> Any:
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(operations, "_preview", preview)
    monkeypatch.setattr(operations, "can_batch", lambda *options: False)
    return left


def test_a_lost_engine_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = a_plan()
    fake_previews(monkeypatch, EngineLost("gone"), plan)
    assert operations.preview_all(program, ["dev"]) == {"dev": plan}


def test_an_engine_lost_twice_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    again = EngineLost("gone again")
    fake_previews(monkeypatch, EngineLost("gone"), again)
    assert operations.preview_all(program, ["dev"]) == {"dev": again}


def test_another_internal_error_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    error = InternalError("no Pulumi CLI")
    left = fake_previews(monkeypatch, error, a_plan())
    assert operations.preview_all(program, ["dev"]) == {"dev": error}
    assert len(left) == 1


def test_progress_counts_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_previews(monkeypatch, a_plan(), InternalError("no"), a_plan())
    reported: list[str] = []
    operations.preview_all(program, ["dev", "demo", "prod"], progress=reported.append)
    assert reported == [f"{n} of 3 environments" for n in range(4)]


def test_the_first_program_error_can_end_the_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, error = a_plan(), ProgramError("no")
    fake_previews(monkeypatch, plan, error, *[a_plan()] * 9)
    found = operations.preview_all(
        program, ["dev", "demo", *(f"pr-{n}" for n in range(9))], until_program_error=True
    )
    assert found == {"dev": plan, "demo": error}
