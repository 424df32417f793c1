"""A preview for each environment: which faults are worth a second try."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.engine import operations
from lab_support.errors import EngineLost, InternalError, ProgramError
from tests.plans import a_plan


def program(environment_suffix: str) -> None:
    """Never run here: the previews are pretended."""


def pretended(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> list[Any]:
    """Lets a preview give these answers in turn; what is left of them is returned."""
    left = list(answers)

    def preview(program: Any, environment: str, *options: Any) -> Any:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(operations, "_preview", preview)
    monkeypatch.setattr(operations, "can_batch", lambda *options: False)
    return left


def test_a_lost_engine_is_started_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = a_plan()
    pretended(monkeypatch, EngineLost("gone"), plan)
    assert operations.preview_all(program, ["dev"]) == {"dev": plan}


def test_lost_again_it_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    again = EngineLost("gone again")
    pretended(monkeypatch, EngineLost("gone"), again)
    assert operations.preview_all(program, ["dev"]) == {"dev": again}


def test_another_fault_of_the_lab_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = InternalError("no Pulumi CLI")
    left = pretended(monkeypatch, fault, a_plan())
    assert operations.preview_all(program, ["dev"]) == {"dev": fault}
    assert len(left) == 1


def test_how_many_are_done_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pretended(monkeypatch, a_plan(), InternalError("no"), a_plan())
    told: list[str] = []
    operations.preview_all(program, ["dev", "demo", "prod"], progress=told.append)
    assert told == [f"{n} of 3 environments" for n in range(4)]


def test_the_first_program_error_can_be_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, error = a_plan(), ProgramError("no")
    pretended(monkeypatch, plan, error, *[a_plan()] * 9)
    found = operations.preview_all(
        program, ["dev", "demo", *(f"pr-{n}" for n in range(9))], until_program_error=True
    )
    assert found == {"dev": plan, "demo": error}
