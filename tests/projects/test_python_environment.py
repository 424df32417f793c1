"""A project's own Python environment: where it is found, which Python it wants, where to install what is missing."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from lab_support.projects.python_environment import environment_of

RUNNING = "{}.{}".format(*sys.version_info[:2])
OTHER = "2.7"


@pytest.fixture(autouse=True)
def no_environment_is_active(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setenv("POETRY_CACHE_DIR", str(tmp_path / "poetry-cache"))


def an_environment(folder: Path) -> Path:
    (folder / "lib/python3.11/site-packages").mkdir(parents=True)
    return folder


def project(folder: Path, **files: str) -> Path:
    path = folder / "repository" / "services" / "infra"
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / name.replace("_dot_", ".")).write_text(text, encoding="utf-8")
    return path


def runtime(**options: str) -> dict[str, Any]:
    return {"name": "python", "options": options}


def test_the_named_environment_comes_first(tmp_path: Path) -> None:
    path = project(tmp_path)
    an_environment(path / ".venv")
    named = an_environment(path.parent / "env")
    assert environment_of(path, runtime(virtualenv="../env")).folder == named


@pytest.mark.parametrize("options", [{}, {"toolchain": "uv"}], ids=["without a toolchain", "toolchain: uv"])
def test_uvs_environment_is_beside_the_nearest_lock(tmp_path: Path, options: dict[str, str]) -> None:
    path = project(tmp_path)
    root = path.parents[1]
    (root / "uv.lock").touch()
    expected = an_environment(root / ".venv")
    found = environment_of(path, runtime(**options))
    assert (found.folder, found.tool, found.project) == (expected, "uv", root)


def test_uv_does_not_use_an_environment_beside_the_program_before_the_workspaces(tmp_path: Path) -> None:
    path = project(tmp_path)
    (path.parents[1] / "uv.lock").touch()
    an_environment(path / "venv")
    expected = an_environment(path.parents[1] / ".venv")
    assert environment_of(path).folder == expected


def test_poetrys_environment_is_in_its_cache(tmp_path: Path) -> None:
    path = project(tmp_path, pyproject_dot_toml='[tool.poetry]\nname = "My Shop"\n')
    digest = base64.urlsafe_b64encode(hashlib.sha256(str(path.resolve()).encode()).digest()).decode()[:8]
    expected = an_environment(tmp_path / "poetry-cache/virtualenvs" / f"my_shop-{digest}-py3.11")
    assert environment_of(path, runtime(toolchain="poetry")).folder == expected


def test_the_active_environment_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project(tmp_path)
    active = an_environment(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(active))
    assert environment_of(path).folder == active
    own = an_environment(path / ".venv")
    assert environment_of(path).folder == own


def test_the_labs_own_environment_is_not_taken_for_the_projects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert environment_of(project(tmp_path)).folder is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject_dot_toml", f'[project]\nrequires-python = "=={OTHER}.*"\n'),
        ("pyproject_dot_toml", '[tool.poetry.dependencies]\npython = "^2.7"\n'),
        ("pyproject_dot_toml", '[tool.poetry.dependencies]\npython = "~2.7"\n'),
        ("_dot_python-version", f"{OTHER}\n"),
        ("_dot_python-version", f"# pinned\ncpython-{OTHER}.18\n"),
    ],
)
def test_another_python_that_the_project_wants_is_said(tmp_path: Path, name: str, text: str) -> None:
    (line,) = environment_of(project(tmp_path, **{name: text})).advice_on_python()
    assert name.replace("_dot_", ".") in line
    assert OTHER in line


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject_dot_toml", '[project]\nrequires-python = ">=3.9"\n'),
        ("pyproject_dot_toml", f'[tool.poetry.dependencies]\npython = "^{RUNNING}"\n'),
        ("pyproject_dot_toml", f'[tool.poetry.dependencies]\npython = "~{RUNNING}"\n'),
        ("pyproject_dot_toml", '[project]\nrequires-python = "whatever"\n'),
        ("pyproject_dot_toml", "not toml ["),
        ("_dot_python-version", f"{RUNNING}\n"),
        ("_dot_python-version", "3\n"),
        ("_dot_python-version", "pypy3.10-7.3\n"),
    ],
)
def test_nothing_is_said_of_the_python_that_runs(tmp_path: Path, name: str, text: str) -> None:
    assert list(environment_of(project(tmp_path, **{name: text})).advice_on_python()) == []


def test_an_environment_of_another_python_is_said(tmp_path: Path) -> None:
    path = project(tmp_path)
    environment = an_environment(path / ".venv")
    (environment / "pyvenv.cfg").write_text("home = /usr\nversion_info = 3.99.1\n", encoding="utf-8")
    (line,) = environment_of(path).advice_on_python()
    assert "3.99.1" in line
    (environment / "pyvenv.cfg").write_text(f"version = {RUNNING}.1\n", encoding="utf-8")
    assert list(environment_of(path).advice_on_python()) == []


class TestAdviceOnAMissingPackage:
    def test_the_projects_own_environment_is_named(self, tmp_path: Path) -> None:
        path = project(tmp_path)
        environment = an_environment(path / ".venv")
        advice = environment_of(path).advice_on_missing("shop_parts.net")
        assert f"{environment}/bin/python -m pip install shop-parts" in advice.replace("\\", "/")

    def test_its_requirements_are_installed_where_it_has_some(self, tmp_path: Path) -> None:
        path = project(tmp_path, requirements_dot_txt="pulumi\n")
        an_environment(path / ".venv")
        assert "-m pip install -r requirements.txt" in environment_of(path).advice_on_missing("x")

    def test_an_environment_that_is_not_there_is_created_by_pulumi(self, tmp_path: Path) -> None:
        advice = environment_of(project(tmp_path), runtime(virtualenv="env")).advice_on_missing("x")
        assert "does not exist; `pulumi install` creates it" in advice

    @pytest.mark.parametrize(("tool", "command"), [("uv", "uv sync"), ("poetry", "poetry install")])
    def test_the_projects_tool_installs_it(self, tmp_path: Path, tool: str, command: str) -> None:
        path = project(tmp_path)
        an_environment(path / ".venv")
        advice = environment_of(path, runtime(toolchain=tool)).advice_on_missing("x")
        assert f"`{command}` in {path}" in advice

    def test_without_an_environment_there_is_nothing_to_add(self, tmp_path: Path) -> None:
        assert environment_of(project(tmp_path)).advice_on_missing("x") == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs on Windows")
@pytest.mark.parametrize("name", ["pyproject.toml", ".python-version", ".venv/pyvenv.cfg"])
def test_a_file_that_never_ends_says_nothing(tmp_path: Path, name: str) -> None:
    path = project(tmp_path)
    an_environment(path / ".venv")
    os.mkfifo(path / name)
    assert list(environment_of(path).advice_on_python()) == []


def test_a_file_that_is_nested_too_deeply_says_nothing(tmp_path: Path) -> None:
    deep = f"[project]\nrequires-python = {'[' * 100_000}"
    path = project(tmp_path, pyproject_dot_toml=deep)
    assert list(environment_of(path).advice_on_python()) == []
