"""What is looked at while the engine starts, and that nothing of it shows."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest
from pulumi import _types

from lab_support.engine import look_ahead as module
from lab_support.engine.look_ahead import look_ahead
from lab_support.engine.operations import preview, preview_all
from lab_support.mock_aws.sdk_defaults import documented_defaults


def program(environment_suffix: str) -> None:
    aws.codestarconnections.Connection(f"connection-{environment_suffix}", provider_type="GitHub")


def test_the_types_that_a_program_names_are_known_afterwards() -> None:
    documented_defaults.cache_clear()
    look_ahead(program)
    assert documented_defaults.cache_info().currsize == 1
    hits = _types._types_from_py_properties.cache_info().hits
    _types.input_type_types(aws.codestarconnections.ConnectionArgs)
    assert _types._types_from_py_properties.cache_info().hits == hits + 1


def test_what_is_no_program_is_nobodys_fault() -> None:
    look_ahead(print)
    look_ahead(len)


@pytest.mark.parametrize("environments", [["dev"], ["dev", "demo"]], ids=["alone", "together"])
def test_what_goes_wrong_here_changes_nothing(
    environments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = []

    def broken(resource: Any) -> None:
        exercise.append(resource.token)
        raise RuntimeError("not here")

    monkeypatch.setattr(module, "_look_at", broken)
    found = preview_all(program, environments) if len(environments) > 1 else {"dev": preview(program)}
    assert exercise == ["aws:codestarconnections/connection:Connection"]
    assert [len(plan.of_type("codestarconnections.Connection")) for plan in found.values()] == [1] * len(
        environments
    )  # type: ignore[union-attr]
