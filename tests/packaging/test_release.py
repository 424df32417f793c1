"""The release workflow: its own shell steps run here; only a tag that names the version is built."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import click
import pytest
import yaml

from lab_support.cli.main import main
from tests.packaging.stage import ROOT

WORKFLOW = ROOT / ".github/workflows/release.yml"


@pytest.fixture
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return found


def step(job: dict[str, Any], name: str) -> str:
    (script,) = (step["run"] for step in job["steps"] if step.get("name", "").startswith(name))
    return str(script)


@pytest.mark.parametrize(("tag", "code"), [("v0.1.0", 0), ("v0.2.0", 1), ("0.1.0", 1)])
def test_only_the_tag_of_this_version_is_released(jobs: dict[str, Any], tag: str, code: int) -> None:
    script = step(jobs["build"], "The tag names the version")
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=ROOT,
        env={**os.environ, "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert ("::error file=pyproject.toml::" in done.stdout) == bool(code)


def test_what_is_published_was_tried_before(jobs: dict[str, Any]) -> None:
    assert jobs["try"]["needs"] == "build"
    assert jobs["publish"]["needs"] == "try"


def test_the_commands_that_try_it_exist(jobs: dict[str, Any]) -> None:
    script = step(jobs["try"], "From an empty folder")
    used = {line.split()[1] for line in map(str.strip, script.splitlines()) if line.startswith("lab ")}
    assert used == {"start", "list", "check", "review"}
    assert used <= set(main.list_commands(click.Context(main)))


def test_publishing_needs_no_password(jobs: dict[str, Any]) -> None:
    assert jobs["publish"]["permissions"]["id-token"] == "write"
    assert "secrets." not in WORKFLOW.read_text()
