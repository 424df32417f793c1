"""environment.yml, for conda and Binder, installs exactly the versions in requirements.lock."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ENVIRONMENTS = ["environment.yml", "binder/environment.yml"]

# What conda brings itself; the lock has its version of pip, which the pip section then installs over conda's.
CONDA_BRINGS = {"python", "pip"}

Versions = dict[tuple[str, str], str]
"""By name and marker, because a lock for all systems may have one package at two versions."""


def pip_versions(lines: list[str], folder: Path) -> Versions:
    """What pip would install for the lines of a requirements file in `folder`, following `-r`."""
    versions: Versions = {}
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        text = line.split(" #")[0].split("--hash")[0].strip()
        if text.startswith("-r "):
            file = folder / text.removeprefix("-r ").strip()
            versions |= pip_versions(file.read_text().splitlines(), file.parent)
        elif text and not text.startswith("#"):
            requirement = Requirement(text)
            pinned = [part.version for part in requirement.specifier if part.operator == "=="]
            package = canonicalize_name(requirement.name), str(requirement.marker or "")
            versions[package] = pinned[0] if pinned else "any"
    return versions


def conda_versions(environment: dict[str, Any]) -> Versions:
    """What conda itself would install: `name`, `name=1.2` or `name==1.2`."""
    versions: Versions = {}
    for entry in environment["dependencies"]:
        if isinstance(entry, str):
            name, _, version = entry.partition("=")
            versions[canonicalize_name(name.strip()), ""] = version.lstrip("=") or "any"
    return versions


def differences(environment: Path, lock: Path) -> list[str]:
    """The versions in which an environment.yml differs from the lock; empty if none."""
    content = yaml.safe_load(environment.read_text())
    (pip_section,) = [entry["pip"] for entry in content["dependencies"] if isinstance(entry, dict)]
    installed = pip_versions(pip_section, environment.parent)
    wanted = pip_versions(lock.read_text().splitlines(), lock.parent)
    problems = [
        f"{name}: {installed.get((name, marker), 'nothing')} instead of {version}"
        for (name, marker), version in wanted.items()
        if installed.get((name, marker)) != version
    ]
    problems += [f"{name}: not in the lock" for name, marker in installed if (name, marker) not in wanted]
    problems += [
        f"{name}: conda brings {version}, beside the lock"
        for (name, _), version in conda_versions(content).items()
        if name not in CONDA_BRINGS or (name == "pip" and version not in ("any", wanted["pip", ""]))
    ]
    return problems


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_conda_environments_use_the_lock(root: Path, environment: str) -> None:
    assert differences(root / environment, root / "requirements.lock") == []


@pytest.mark.parametrize(
    ("drifted", "noticed"),
    [
        ("[python=3.11, pip: [-r requirements.lock, pulumi==3.200.0]]", "pulumi: 3.200.0 instead of 3.259.0"),
        ("[python=3.11, pip: [pulumi==3.259.0]]", "click: nothing instead of 8.5.1"),
        ("[python=3.11, pip: [pulumi==3.259.0, click]]", "click: any instead of 8.5.1"),
        ("[python=3.11, pip: [-r requirements.lock, boto3==1.0]]", "boto3: not in the lock"),
        ("[click=8.0, pip: [-r requirements.lock]]", "click: conda brings 8.0, beside the lock"),
        ("[pip=20.0, pip: [-r requirements.lock]]", "pip: conda brings 20.0, beside the lock"),
    ],
)
def test_a_difference_from_the_lock_is_noticed(tmp_path: Path, drifted: str, noticed: str) -> None:
    lock, environment = tmp_path / "requirements.lock", tmp_path / "environment.yml"
    lock.write_text("click==8.5.1 \\\n    --hash=sha256:00\n    # via lab\npip==26.3\npulumi==3.259.0\n")
    environment.write_text(f"dependencies: {drifted}\n")
    assert noticed in differences(environment, lock)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_python_is_one_that_the_lab_supports_and_ci_tests(root: Path, environment: str) -> None:
    python = conda_versions(yaml.safe_load((root / environment).read_text()))["python", ""]
    supported = tomllib.loads((root / "pyproject.toml").read_text())["project"]["requires-python"]
    assert SpecifierSet(supported).contains(python)
    workflow = yaml.safe_load((root / ".github/workflows/test.yml").read_text())
    assert python in workflow["jobs"]["test"]["strategy"]["matrix"]["python"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_channels_are_named_not_addressed(root: Path, environment: str) -> None:
    assert yaml.safe_load((root / environment).read_text())["channels"] == ["conda-forge"]


def test_binder_finishes_what_conda_cannot_do(root: Path) -> None:
    post_build = root / "binder/postBuild"
    assert os.access(post_build, os.X_OK)
    text = post_build.read_text()
    assert "pip install --no-deps --no-build-isolation --editable ." in text
    assert "python -m lab_support.toolchain" in text
