"""The pre-commit hooks run the project's own tools and refuse notebooks with outputs."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import v4


@pytest.fixture
def hooks(root: Path) -> dict[str, dict[str, Any]]:
    """The hooks by their id."""
    (local,) = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local", "a hook from elsewhere would need a network and an address"
    return {hook["id"]: hook for hook in local["hooks"]}


def test_pre_commit_runs_the_same_checks_as_make_test(root: Path, hooks: dict[str, dict[str, Any]]) -> None:
    run = (root / "tests/run").read_text()
    for hook in hooks.values():
        if hook["language"] == "system":
            command = hook["entry"].removeprefix(".venv/bin/").replace(" --force-exclude", "")
            assert command in run, f"{hook['id']} runs what tests/run does not: {command}"


def notebook(code: str, outputs: list[Any], execution_count: int | None) -> list[str]:
    cell = v4.new_code_cell(code, outputs=outputs, execution_count=execution_count)
    return nbformat.writes(v4.new_notebook(cells=[cell])).splitlines()


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (notebook("1 + 1", [], None), False),
        (notebook("""x = {"output_type": "stream", "execution_count": 3}""", [], None), False),
        (notebook("1 + 1", [v4.new_output("stream", text="2")], None), True),
        (notebook("pass", [], 7), True),
        ([json.dumps({"cells": [{"outputs": [{"output_type": "stream"}]}]}, separators=(",", ":"))], True),
    ],
    ids=["clean", "only in the code", "output", "number of a run", "written on one line"],
)
def test_a_notebook_with_outputs_is_refused(
    hooks: dict[str, dict[str, Any]], lines: list[str], refused: bool
) -> None:
    hook = hooks["no-outputs"]
    assert (hook["language"], hook["types"]) == ("pygrep", ["jupyter"])
    assert any(re.search(hook["entry"], line) for line in lines) == refused
