"""The data files in the repository are what the scripts in tools/ make of the installed packages."""

from __future__ import annotations

import pytest

from tools import __main__ as command
from tools.data_file import DataFile


@pytest.mark.parametrize("data_file", command.DATA_FILES, ids=lambda data_file: data_file.path)
def test_a_data_file_is_what_its_script_writes(data_file: DataFile) -> None:
    assert data_file.is_current(), f"{data_file.path} is out of date: run `python -m tools`"


@pytest.fixture
def outdated(monkeypatch: pytest.MonkeyPatch, tmp_path) -> DataFile:
    """The command with one data file, which does not exist yet."""
    monkeypatch.setattr("tools.data_file.ROOT", tmp_path)
    data_file = DataFile("known.json", ("pulumi-aws",), lambda: {"types": {"b": ["y"], "a": ["x"]}})
    monkeypatch.setattr(command, "DATA_FILES", (data_file,))
    return data_file


def test_check_fails_for_an_outdated_file_and_writes_nothing(outdated: DataFile, tmp_path) -> None:
    assert command.main(["--check"]) == 1
    assert not (tmp_path / outdated.path).exists()


def test_a_written_file_is_current(outdated: DataFile) -> None:
    assert command.main([]) == 0
    assert outdated.is_current()
    assert command.main(["--check"]) == 0


def test_a_data_file_has_one_sorted_entry_a_line(outdated: DataFile) -> None:
    lines = outdated.text().splitlines()
    assert lines.index(' "a": ["x"],') + 1 == lines.index(' "b": ["y"]')
