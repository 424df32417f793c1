"""CI installs what the tests need and skips nothing; GitHub runs the same script."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tests.packaging.stage import Stage


@pytest.fixture
def machine(stage: Callable[..., Stage]) -> Stage:
    """A Debian machine with Python, make and git, on which `.ci/run` finds no browser."""
    made = stage(".ci/run")
    made.link("bash", "env", "dirname", "git", "unshare", "ip")
    made.put("python3", "exit 0")
    made.put("apt-get", 'echo "$(id -u) $*" >> log')
    made.put("make", 'echo "make $* CI=$CI ${PYTHONDONTWRITEBYTECODE-unset}" >> log')
    return made


@pytest.mark.parametrize("user", ["0", "1000"], ids=["root", "another user"])
def test_ci_installs_missing_packages_then_tests(machine: Stage, user: str) -> None:
    machine.put("id", f"echo {user}")
    machine.put("sudo", 'echo sudo >> log; shift; exec "$@"')
    done = machine.run("bash", ".ci/run", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr
    log = machine.log()
    assert re.search(r"^\d+ -qq .* update$", log, re.M)
    assert re.search(r"install --yes --no-install-recommends chromium", log)
    assert "python3-venv" not in log, "Python could make environments already"
    assert log.splitlines()[-1] == "make test CI=true unset"
    assert ("sudo" in log) == (user != "0")


def test_ci_does_not_install_what_is_there(machine: Stage) -> None:
    machine.put("id", "echo 0")
    machine.put("chromium", "exit 0")
    assert machine.run("bash", ".ci/run").returncode == 0
    assert "chromium" not in machine.log()


def test_ci_fails_when_make_test_fails(machine: Stage) -> None:
    machine.put("id", "echo 0")
    machine.put("make", "exit 2")
    assert machine.run("bash", ".ci/run").returncode == 2


@pytest.fixture
def workflow(root: Path) -> dict[str, Any]:
    """The job of GitHub's workflow."""
    job: dict[str, Any] = yaml.safe_load((root / ".github/workflows/test.yml").read_text())["jobs"]["test"]
    return job


def test_github_runs_the_same_script(workflow: dict[str, Any]) -> None:
    assert workflow["steps"][-1]["run"] == "bash .ci/run"


def test_github_tests_the_python_of_the_matrix(root: Path, workflow: dict[str, Any]) -> None:
    assert workflow["env"]["PYTHON"] == "python"
    supported = SpecifierSet(
        tomllib.loads((root / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    versions = workflow["strategy"]["matrix"]["python"]
    assert len(versions) >= 2
    assert all(supported.contains(version) for version in versions)


def test_actions_are_pinned_by_major_version(workflow: dict[str, Any]) -> None:
    for step in workflow["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
