"""A file of a project is run so that its imports work, relative and absolute ones."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path

import pytest

from lab_support.projects.files import run_file


@pytest.fixture(autouse=True)
def clean_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Restores sys.path, to which run_file adds the project's folder."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.mark.parametrize("line", ["from .sizes_of_it import SIZE", "from lib_of_it.sizes_of_it import SIZE"])
def test_a_module_of_a_package_may_import_in_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    for name in ("lib_of_it", "lib_of_it.sizes_of_it"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    folder = tmp_path / "lib_of_it"
    folder.mkdir()
    (tmp_path / "Pulumi.yaml").touch()
    (folder / "sizes_of_it.py").write_text("SIZE = 3\n", encoding="utf-8")
    (folder / "stack.py").write_text(f"{line}\n", encoding="utf-8")
    assert run_file(folder / "stack.py", "__lab__")["SIZE"] == 3


def test_a_file_runs_under_the_given_name(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("name = __name__\n", encoding="utf-8")
    assert run_file(tmp_path / "main.py", "__main__")["name"] == "__main__"


def test_the_lines_of_a_file_that_has_changed_are_read_again(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    for text in ("first = 1\n", "second = 22\n"):
        file.write_text(text, encoding="utf-8")
        run_file(file, "__lab__")
        assert linecache.getline(str(file), 1) == text
