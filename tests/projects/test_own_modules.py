"""A program's own modules come first, whatever the lab has loaded, and nothing of them stays."""

from __future__ import annotations

import html
import secrets
import sys
from pathlib import Path

import pytest

from lab_support.projects.own_modules import own_modules_first


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program's folder, first on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def imported(folder: Path, name: str) -> object:
    """What `import name` finds in a module of the program."""
    names = {"__file__": str(folder / "__main__.py"), "__name__": "__main__"}
    exec(f"import {name} as found", names)
    return names["found"]


@pytest.mark.parametrize("name", ["secrets", "html", "click", "fileinput", "resource"])
def test_a_module_of_the_program_shadows_one_that_is_loaded(folder: Path, name: str) -> None:
    __import__(name)
    before = sys.modules[name]
    (folder / f"{name}.py").write_text("own = True\n", encoding="utf-8")
    with own_modules_first(folder):
        assert vars(imported(folder, name))["own"]
    assert sys.modules[name] is before


def test_a_package_of_the_program_does_so_too(folder: Path) -> None:
    (folder / "html").mkdir()
    (folder / "html" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "html" / "entities.py").write_text("own = True\n", encoding="utf-8")
    with own_modules_first(folder):
        assert vars(imported(folder, "html.entities"))["own"]
    assert sys.modules["html"] is html


def test_code_of_packages_finds_what_it_would_anyway(folder: Path) -> None:
    (folder / "secrets.py").write_text("own = True\n", encoding="utf-8")
    with own_modules_first(folder):
        names = {"__file__": pytest.__file__}
        exec("import secrets", names)
        assert names["secrets"] is secrets
        assert vars(imported(folder, "secrets"))["own"]


def test_what_pulumi_itself_has_loaded_stays(folder: Path) -> None:
    (folder / "logging.py").write_text("own = True\n", encoding="utf-8")
    with own_modules_first(folder):
        assert "own" not in vars(imported(folder, "logging"))


def test_a_program_can_load_its_modules_anew(folder: Path) -> None:
    (folder / "shop_parts_of_a_test.py").write_text("", encoding="utf-8")
    with own_modules_first(folder) as forget:
        first = imported(folder, "shop_parts_of_a_test")
        forget()
        assert imported(folder, "shop_parts_of_a_test") is not first
    assert "shop_parts_of_a_test" not in sys.modules
