"""The release workflow: its own shell steps run here; only a tag that names the version is built."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
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


@pytest.mark.parametrize(
    ("address", "code"), [("https://pulumi-review-lab.example/", 1), ("https://host/lab/", 0)]
)
def test_nothing_is_released_before_the_address_of_the_site_is_set(
    jobs: dict[str, Any], tmp_path: Path, address: str, code: int
) -> None:
    module = tmp_path / "lab_support/review/help_links.py"
    module.parent.mkdir(parents=True)
    source = (ROOT / "lab_support/review/help_links.py").read_text()
    module.write_text(re.sub(r"(?m)^(SITE: Final = ).*$", rf'\1"{address}"', source))
    script = step(jobs["build"], "The address of the documentation")
    done = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == code


def test_the_site_is_of_what_was_published(jobs: dict[str, Any]) -> None:
    assert jobs["site"]["needs"] == "publish"
    assert "mkdocs build --strict" in step(jobs["site"], "Build the site")
