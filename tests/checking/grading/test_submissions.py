"""Whose a file is, and for which exercise, in the layouts of common platforms."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from lab_support.checking.grading.submissions import find_submissions, read_submission
from lab_support.course.exercises import find_exercise
from lab_support.course.notebooks import notebook

SLUG = "02_database_zone"
NOTEBOOK = json.dumps(notebook(find_exercise(SLUG)))


def put(folder: Path, name: str, text: str = NOTEBOOK) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "learner", "user_id"),
    [
        (f"ada/{SLUG}.ipynb", "ada", ""),
        (f"ada/{SLUG}/{SLUG}.ipynb", "ada", ""),
        (f"ada/notebooks/{SLUG}.py", "ada", ""),
        (f"ada_{SLUG}.ipynb", "ada", ""),
        (f"ada-lovelace-{SLUG}.py", "ada-lovelace", ""),
        (f"Ada Lovelace_1234567_assignsubmission_file_/{SLUG}.ipynb", "Ada Lovelace", "1234567"),
        (f"Ada Lovelace_1234567_assignsubmission_file/{SLUG}.ipynb", "Ada Lovelace", "1234567"),
        (f"Ada Lovelace_1234567_assignsubmission_file_{SLUG}.ipynb", "Ada Lovelace", "1234567"),
        (f"lovelaceada_4711_998877_{SLUG}.ipynb", "lovelaceada", "4711"),
        (f"lovelaceada_LATE_4711_998877_{SLUG}-2.ipynb", "lovelaceada", "4711"),
        (f"submitted/ada/review/{SLUG}.ipynb", "ada", ""),
        (f"inbound/ada+review+2026-01-31 12:00:00.123456 UTC+x1/{SLUG}.ipynb", "ada", ""),
    ],
)
def test_a_name_says_whose_it_is(name: str, learner: str, user_id: str, tmp_path: Path) -> None:
    put(tmp_path / "in", name)
    found = find_submissions(tmp_path / "in", tmp_path)
    assert found.others == {}
    (submission,) = found.submissions
    assert (submission.learner, submission.user_id, submission.slug) == (learner, user_id, SLUG)


def test_a_notebook_itself_says_which_exercise_it_is_for(tmp_path: Path) -> None:
    path = put(tmp_path, "ada/solved.ipynb")
    (submission,) = find_submissions(tmp_path, tmp_path).submissions
    assert submission.slug == ""
    assert read_submission(path, "")["exercise"] == SLUG


def test_what_is_not_understood_is_listed_with_a_reason(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt")
    put(tmp_path, "ada/essay.pdf")
    put(tmp_path, "ada/helper.py")
    put(tmp_path, f"{SLUG}.ipynb")
    (tmp_path / "ada" / f"{SLUG}.ipynb").symlink_to("/etc/passwd")
    put(tmp_path, "ada/timestamp.txt")
    os.mkfifo(tmp_path / "ada" / "pipe.ipynb")
    found = find_submissions(tmp_path, tmp_path)
    assert found.submissions == []
    assert set(found.others) == {
        "notes.txt", "ada/essay.pdf", "ada/helper.py", f"{SLUG}.ipynb", f"ada/{SLUG}.ipynb",
        "ada/timestamp.txt", "ada/pipe.ipynb",
    }  # fmt: skip
    assert all(found.others.values())


def test_an_archive_is_read_like_a_folder_and_cannot_write_elsewhere(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    archive = tmp_path / "moodle.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(f"Ada Lovelace_1_assignsubmission_file_/{SLUG}.ipynb", NOTEBOOK)
        opened.writestr(f"../../ada/{SLUG}.py", "evil")
        opened.writestr(f"bob_{SLUG}.py", "x" * 10_000_001)
    found = find_submissions(archive, scratch)
    assert [submission.learner for submission in found.submissions] == ["Ada Lovelace"]
    assert set(found.others) == {f"../../ada/{SLUG}.py", f"bob_{SLUG}.py"}
    assert list(tmp_path.glob("ada*")) == []


def test_a_broken_archive_is_listed(tmp_path: Path) -> None:
    put(tmp_path, "class.zip", "no archive")
    assert list(find_submissions(tmp_path, tmp_path).others) == ["class.zip"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"cells": 3}',
        '{"cells": [{"cell_type": "code"}]}',
        "[" * 100_000,
        '{"cells": []}',
    ],
    ids=["empty", "half", "list", "null", "number", "no source", "deep", "no cells"],
)
def test_a_malformed_notebook_has_a_reason(text: str, tmp_path: Path) -> None:
    told = read_submission(put(tmp_path, f"{SLUG}.ipynb", text), SLUG)
    assert "cells" not in told
    assert told["error"]
    assert str(tmp_path) not in told["error"]


def test_a_changed_check_or_its_metadata_is_not_part_of_the_program(tmp_path: Path) -> None:
    document = json.loads(NOTEBOOK)
    for cell in document["cells"]:
        if "check" in cell["metadata"].get("tags", []):
            cell["source"] = ["verdict = 'passed'"]
            cell["metadata"]["lab"] = {"expect": []}
    changed = read_submission(put(tmp_path, "changed.ipynb", json.dumps(document)), SLUG)
    assert changed["program"] == read_submission(put(tmp_path, "as_shipped.ipynb"), SLUG)["program"]
