"""The files that grading writes: whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from lab_support.checking.grading.book import write


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "grades.csv"
    write(file, "before")

    def full(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left") as raised:
        write(file, "after")
    assert raised.value.filename == str(file)
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "before"
