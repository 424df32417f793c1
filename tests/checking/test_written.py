"""Whether a value is written in a program's code."""

from __future__ import annotations

import pytest

from lab_support.checking.written import is_written_in


def spelled(environment_suffix: str) -> str:
    return f"Sunflower-{environment_suffix}-4711"


def chosen(environment_suffix: str) -> str:
    return {"prod": "hunter2hunter2"}.get(environment_suffix, "correcthorse")


@pytest.mark.parametrize("value", ["Sunflower-dev-4711", "Sunflower-DEV-4711", "Sunflower"])
def test_a_literal_is_found_whatever_the_environment(value: str) -> None:
    assert is_written_in(spelled, value, "dev")


def test_a_literal_is_found_in_a_collection() -> None:
    assert is_written_in(chosen, "correcthorse", "dev")


@pytest.mark.parametrize("value", ["vT4qLr9XhZ2mWc7KdP5s", "Sunflower-dev-0815", "dev", "a-b-c", ""])
def test_another_value_is_not(value: str) -> None:
    assert not is_written_in(spelled, value, "dev")
