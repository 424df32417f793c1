"""The learner's progress: never lost, and never in the way of a verdict."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lab_support.course import progress
from lab_support.course.progress import FILE_NAME, Entry
from tests.processes import python

SLUG = "02_database_zone"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a notebook, made the current folder, with progress on."""
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    made = tmp_path / "notebooks"
    made.mkdir()
    (made / f"{SLUG}.ipynb").touch()
    monkeypatch.chdir(made)
    return made


def entry(folder: Path, slug: str = SLUG) -> Entry:
    return progress.read(folder)[slug]


class TestWhere:
    def test_progress_is_beside_the_notebook_of_the_current_folder(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert progress.folder_of(SLUG) == folder
        monkeypatch.chdir(folder.parent)
        assert progress.folder_of(SLUG) == folder

    def test_a_check_in_another_folder_leaves_no_trace(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = folder.parent / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.chdir(elsewhere)
        progress.record(SLUG, passed=True, points=2)
        assert list(elsewhere.iterdir()) == []
        assert progress.read(folder) == {}

    def test_a_solved_notebook_leaves_no_trace(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        solutions = folder.parent / "solutions"
        solutions.mkdir()
        (solutions / f"{SLUG}.ipynb").touch()
        monkeypatch.chdir(solutions)
        progress.record(SLUG, passed=True, points=2)
        assert [path.name for path in solutions.iterdir()] == [f"{SLUG}.ipynb"]

    def test_an_exercise_without_a_notebook_leaves_no_trace(self, folder: Path) -> None:
        progress.record("77_another", passed=True, points=2)
        assert progress.read(folder) == {}

    def test_progress_that_is_off_leaves_no_trace(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PULUMI_REVIEW_LAB_PROGRESS", "off")
        progress.record(SLUG, passed=True, points=2)
        assert progress.read(folder) == {}


class TestRecord:
    def test_checks_are_counted(self, folder: Path) -> None:
        for _ in range(3):
            progress.record(SLUG, passed=False, points=0)
        assert entry(folder) == Entry(checks=3)
        assert not entry(folder).passed

    def test_a_pass_stays_a_pass_after_later_failures(self, folder: Path) -> None:
        progress.record(SLUG, passed=True, points=2)
        first = entry(folder)
        progress.record(SLUG, passed=False, points=0)
        assert first.passed
        assert entry(folder) == replace(first, checks=2)

    def test_a_pass_records_the_checks_and_hints_that_it_took(self, folder: Path) -> None:
        progress.record(SLUG, passed=False, points=0, version="one")
        progress.record_hint(SLUG, folder, 2)
        progress.record(SLUG, passed=True, points=2, version="one")
        progress.record_hint(SLUG, folder, 3)
        progress.record(SLUG, passed=True, points=2, version="two")
        seen = entry(folder)
        assert (seen.passed_checks, seen.passed_hints, seen.passed_version) == (2, 2, "one")
        assert (seen.checks, seen.hints) == (3, 3)
        assert datetime.now(UTC) - datetime.fromisoformat(seen.passed_at) < timedelta(minutes=5)

    def test_the_solution_counts_as_seen_only_before_the_pass(self, folder: Path) -> None:
        progress.record_solution(SLUG, folder)
        assert entry(folder).solution_seen
        progress.record("77_another", passed=True, points=2)
        progress.forget(SLUG, folder)
        progress.record(SLUG, passed=True, points=2)
        progress.record_solution(SLUG, folder)
        assert not entry(folder).solution_seen

    def test_the_number_of_hints_never_falls(self, folder: Path) -> None:
        progress.record_hint(SLUG, folder, 2)
        progress.record_hint(SLUG, folder, 1)
        assert entry(folder).hints == 2

    def test_one_exercise_leaves_the_others_alone(self, folder: Path) -> None:
        progress.record(SLUG, passed=True, points=2)
        progress.record_hint("77_another", folder, 1)
        progress.forget("77_another", folder)
        assert entry(folder).passed
        assert entry(folder, "77_another") == Entry()

    def test_the_file_has_a_version_and_can_be_read_by_people(self, folder: Path) -> None:
        progress.record(SLUG, passed=True, points=2)
        text = (folder / FILE_NAME).read_text(encoding="utf-8")
        assert json.loads(text)["version"] == progress.VERSION
        assert len(text.splitlines()) > 3

    def test_recording_leaves_no_other_file(self, folder: Path) -> None:
        progress.record(SLUG, passed=True, points=2)
        names = {path.name for path in folder.iterdir()}
        assert names <= {FILE_NAME, f"{FILE_NAME}.lock", f"{SLUG}.ipynb"}


BROKEN = {
    "empty": "",
    "half": '{"version": 1, "exercises": {"02',
    "a list": "[]",
    "no exercises": '{"version": 1}',
    "exercises that are a list": '{"exercises": []}',
    "a field that nobody knows": '{"exercises": {"02_database_zone": {"colour": "red"}}}',
    "a field of another type": '{"exercises": {"02_database_zone": {"checks": "many"}}}',
    "not UTF-8": b"\xff\xfe\x00",
}


class TestBrokenFile:
    @pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
    def test_a_broken_file_counts_as_empty_and_is_kept(self, folder: Path, content: str | bytes) -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / FILE_NAME).write_bytes(raw)
        progress.record(SLUG, passed=True, points=2)
        assert entry(folder).passed
        assert (folder / f"{FILE_NAME}.broken").read_bytes() == raw

    def test_trouble_is_reported_until_it_is_acknowledged(self, folder: Path) -> None:
        assert progress.trouble(folder) == ""
        (folder / FILE_NAME).write_text("{")
        assert "cannot be read" in progress.trouble(folder)
        progress.record(SLUG, passed=True, points=2)
        assert f"set aside as {FILE_NAME}.broken" in progress.trouble(folder)
        progress.acknowledge(folder)
        assert progress.trouble(folder) == ""
        progress.record_hint(SLUG, folder, 1)
        assert (progress.trouble(folder), entry(folder).passed, entry(folder).hints) == ("", True, 1)
        (folder / FILE_NAME).write_text("{")
        progress.read(folder)
        assert f"{FILE_NAME}.broken-2" in progress.trouble(folder)

    def test_trouble_is_acknowledged_before_anything_is_recorded(self, folder: Path) -> None:
        (folder / FILE_NAME).write_text("{")
        assert progress.read(folder) == {}
        progress.acknowledge(folder)
        assert (progress.trouble(folder), progress.last(folder)) == ("", "")

    def test_a_second_broken_file_does_not_replace_the_first(self, folder: Path) -> None:
        for content in ("{one", "{two"):
            (folder / FILE_NAME).write_text(content)
            progress.record(SLUG, passed=False, points=0)
        kept = sorted(path.read_text() for path in folder.glob(f"{FILE_NAME}.broken*"))
        assert kept == ["{one", "{two"]

    def test_a_broken_file_that_cannot_be_set_aside_counts_as_empty(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuses(*arguments: object) -> None:
            raise PermissionError("read-only file system")

        (folder / FILE_NAME).write_text("{")
        monkeypatch.setattr(os, "replace", refuses)
        assert progress.read(folder) == {}


class TestOtherVersions:
    def test_an_earlier_versions_file_counts(self, folder: Path) -> None:
        passed = {"checks": 3, "hints": 1, "points": 2, "passed_at": "2026-01-31T10:00:00+00:00"}
        (folder / FILE_NAME).write_text(json.dumps({"version": 1, "exercises": {SLUG: passed}}))
        assert entry(folder) == Entry(**passed)

    def test_a_later_versions_file_is_left_alone(self, folder: Path) -> None:
        text = json.dumps({"version": progress.VERSION + 1, "exercises": {SLUG: {"colour": "green"}}})
        (folder / FILE_NAME).write_text(text)
        progress.record(SLUG, passed=True, points=2)
        assert progress.read(folder) == {}
        assert (folder / FILE_NAME).read_text() == text
        assert "later version" in progress.trouble(folder)


class TestUnwritable:
    def test_an_unwritable_folder_is_left_alone(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda *arguments: False)
        progress.record(SLUG, passed=True, points=2)
        assert not (folder / FILE_NAME).exists()

    def test_a_folder_that_fails_on_writing_is_left_alone(self, folder: Path) -> None:
        # A folder in the file's place: whoever runs the tests, root included, cannot replace it.
        (folder / FILE_NAME).mkdir()
        progress.record(SLUG, passed=True, points=2)
        assert progress.read(folder) == {}

    def test_a_folder_that_is_gone_is_left_alone(self, folder: Path) -> None:
        shutil.rmtree(folder)
        progress.record_hint(SLUG, folder, 1)
        assert not folder.exists()


def test_processes_at_once_do_not_lose_each_others_work(folder: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from lab_support.course import progress

        sys.stdin.readline()
        for n in range(20):
            progress.record("02_database_zone", passed=False, points=0)
            progress.record_hint(sys.argv[1] if sys.argv[1:] else "hints", Path.cwd(), n)
    """

    def work(number: int) -> str:
        with python(code.replace('"hints"', f'"hints-{number}"')) as process:
            _, errors = process.communicate("go\n", timeout=120)
            return errors

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(work, range(3))) == ["", "", ""]
    assert entry(folder).checks == 60
    assert [entry(folder, f"hints-{n}").hints for n in range(3)] == [19, 19, 19]
    assert not (folder / f"{FILE_NAME}.broken").exists()
