"""The lock files have exact versions of everything that pyproject.toml requires, for learners and for contributors."""

import ast
import re
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lab_support.toolchain.pulumi_cli import PULUMI_VERSION

LEARNERS, CONTRIBUTORS = "requirements.lock", "requirements-dev.lock"
LOCKS = [LEARNERS, CONTRIBUTORS, "benchmarks/requirements-checkov.lock"]


def locked(text: str) -> list[Requirement]:
    """The requirements in a lock file, without their hashes."""
    joined = text.replace("\\\n", " ")
    lines = [line.split("#")[0].split("--hash")[0].strip() for line in joined.splitlines()]
    return [Requirement(line) for line in lines if line]


def declared_requirements(root: Path) -> list[Requirement]:
    """The requirements in pyproject.toml, for learners and for contributors."""
    return [*learners_requirements(root), *map(Requirement, project_of(root)["optional-dependencies"]["dev"])]


def learners_requirements(root: Path) -> list[Requirement]:
    """What a learner needs, and what installs it."""
    project = project_of(root)
    return [*map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["install"]])]


def project_of(root: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return project


def versions_in(root: Path, lock: str) -> dict[str, list[str]]:
    """The versions of each package in a lock file; several where they depend on the machine."""
    versions: dict[str, list[str]] = {}
    for requirement in locked((root / lock).read_text()):
        (exact,) = requirement.specifier
        versions.setdefault(canonicalize_name(requirement.name), []).append(exact.version)
    return versions


def imported(file: Path) -> set[str]:
    """The top-level modules that a Python file imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_exact_and_has_hashes(root: Path, lock: str) -> None:
    joined = (root / lock).read_text().replace("\\\n", " ")
    for line in filter(None, (line.split("#")[0].strip() for line in joined.splitlines())):
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", line), f"{lock}: not an exact version: {line[:80]}"
        assert "--hash=sha256:" in line, f"{lock}: no hash: {line[:80]}"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_index_and_no_path(root: Path, lock: str) -> None:
    for number, line in enumerate((root / lock).read_text().splitlines(), 1):
        for bad in ("://", "index-url", "find-links", "/home", "/root", "/tmp", "/Users"):
            assert bad not in line, f"{lock}:{number} has {bad}"


def test_learners_and_contributors_have_the_same_versions(root: Path) -> None:
    learners, contributors = (versions_in(root, lock) for lock in (LEARNERS, CONTRIBUTORS))
    assert learners == {name: contributors.get(name) for name in learners}


def test_learners_install_no_tools_of_contributors(root: Path) -> None:
    assert not {"playwright", "mypy", "ruff", "cfn-lint", "botocore"} & versions_in(root, LEARNERS).keys()


@pytest.mark.parametrize(
    ("lock", "declared"), [(LEARNERS, learners_requirements), (CONTRIBUTORS, declared_requirements)]
)
def test_every_requirement_is_locked_at_an_allowed_version(
    root: Path, lock: str, declared: Callable[[Path], list[Requirement]]
) -> None:
    versions = versions_in(root, lock)
    for requirement in declared(root):
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement.name} is not in {lock}; run: make lock"
        for version in found:
            assert requirement.specifier.contains(version), (
                f"{requirement} but locked: {version}; run: make lock"
            )


def test_every_imported_package_is_a_dependency(root: Path) -> None:
    project = project_of(root)
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    packages = packages_distributions()
    for file in (root / "lab_support").rglob("*.py"):
        for module in imported(file) - sys.stdlib_module_names - {"lab_support"}:
            brought_by = {canonicalize_name(name) for name in packages.get(module, [])}
            assert brought_by & declared, f"{file} imports {module}; pyproject.toml lacks {brought_by}"


def test_the_pulumi_sdk_is_of_the_version_of_the_cli(root: Path) -> None:
    pulumi = [r for r in locked((root / "requirements.lock").read_text()) if r.name == "pulumi"]
    assert [str(r.specifier) for r in pulumi] == [f"=={PULUMI_VERSION}"]


def test_every_dependency_says_why_it_is_there(root: Path) -> None:
    lines = (root / "pyproject.toml").read_text().splitlines()
    names = {requirement.name for requirement in declared_requirements(root)}
    for line in lines:
        entry = re.match(r'    "([A-Za-z0-9-]+)[^"]*",(.*)$', line)
        if entry and entry[1] in names:
            assert "# " in entry[2], f"pyproject.toml: {entry[1]} without a comment"
            names.discard(entry[1])
    assert not names, f"pyproject.toml: not on a line of their own: {names}"
