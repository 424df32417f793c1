"""Sharing is the learner's choice and holds little; the room says who is stuck, whatever files lie there."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lab_support.course import progress, sharing
from lab_support.course.progress import FILE_NAME, Entry
from lab_support.course.room import AWAY, DONE, STUCK, WORKING, Room, read_room
from lab_support.course.sharing import SUFFIX
from lab_support.display.room import room_page, room_text

SLUG = "02_database_zone"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    made = tmp_path / "notebooks"
    made.mkdir()
    (made / f"{SLUG}.ipynb").touch()
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def room(tmp_path: Path) -> Path:
    made = tmp_path / "room"
    made.mkdir()
    return made


def copies(room: Path) -> list[Any]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(room.glob(f"*{SUFFIX}"))]


def ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


def learner(room: Path, name: str, *, idle: float = 0, last: str = SLUG, **values: Any) -> None:
    """Writes what a learner would share."""
    entry = {"checks": 3, "points": 0, "passed_at": "", "open": {}, **values}
    data = {
        "shared_progress": 1,
        "name": name,
        "updated": ago(idle),
        "last": last,
        "exercises": {SLUG: entry},
    }
    (room / f"{name}{SUFFIX}").write_text(json.dumps(data), encoding="utf-8")


def seen(room: Path) -> Room:
    return read_room(room, NOW)


class TestSharing:
    def test_without_a_choice_nothing_is_shared(self, notebooks: Path, room: Path) -> None:
        progress.record(SLUG, passed=False, points=0, findings=["SINGLE-ZONE"])
        assert sharing.sharing_of(notebooks) is None
        assert [path.name for path in notebooks.parent.rglob(f"*{SUFFIX}")] == []

    def test_a_copy_follows_the_progress_and_holds_only_what_was_said(
        self, notebooks: Path, room: Path
    ) -> None:
        progress.record_prediction(SLUG, notebooks, "3")
        assert progress.share(notebooks, room, "Ada") == ""
        assert progress.record(SLUG, passed=False, points=0, findings=["SINGLE-ZONE"]) == ""
        (copy,) = copies(room)
        assert set(copy) == {"shared_progress", "name", "updated", "last", "exercises"}
        assert (copy["name"], copy["last"]) == ("Ada", SLUG)
        assert set(copy["exercises"][SLUG]) == {"checks", "points", "passed_at", "open"}
        assert list(copy["exercises"][SLUG]["open"]) == ["SINGLE-ZONE"]

    def test_the_instructor_may_read_the_copy(self, notebooks: Path, room: Path) -> None:
        progress.share(notebooks, room, "Ada")
        (path,) = room.iterdir()
        assert path.stat().st_mode & 0o777 == 0o644

    def test_the_end_of_sharing_deletes_the_copy(self, notebooks: Path, room: Path) -> None:
        progress.share(notebooks, room, "Ada")
        sharing.stop(notebooks)
        progress.record(SLUG, passed=True, points=2)
        assert list(room.iterdir()) == []
        assert progress.read(notebooks)[SLUG].passed

    def test_another_folder_gets_the_copy_and_the_first_loses_it(self, notebooks: Path, room: Path) -> None:
        progress.share(notebooks, room, "Ada")
        other = room.parent / "other"
        other.mkdir()
        progress.share(notebooks, other, "Ada")
        assert (len(copies(room)), len(copies(other))) == (0, 1)

    def test_two_learners_of_one_name_do_not_overwrite_each_other(self, notebooks: Path, room: Path) -> None:
        progress.share(notebooks, room, "Ada")
        second = notebooks.parent / "second"
        second.mkdir()
        progress.share(second, room, "Ada")
        assert len(copies(room)) == 2

    def test_a_folder_that_is_gone_is_said_and_the_progress_is_kept(
        self, notebooks: Path, room: Path
    ) -> None:
        progress.share(notebooks, room, "Ada")
        for path in room.iterdir():
            path.unlink()
        room.rmdir()
        note = progress.record(SLUG, passed=True, points=2)
        assert note.startswith("Your progress was not shared: ")
        assert progress.read(notebooks)[SLUG].passed


class TestOpenFindings:
    def open(self, notebooks: Path) -> dict[str, str]:
        return dict(progress.read(notebooks)[SLUG].open)

    def test_a_finding_keeps_the_time_of_the_first_check_that_found_it(self, notebooks: Path) -> None:
        progress.record(SLUG, passed=False, points=0, findings=["SINGLE-ZONE"])
        text = (notebooks / FILE_NAME).read_text(encoding="utf-8")
        since = self.open(notebooks)["SINGLE-ZONE"]
        (notebooks / FILE_NAME).write_text(text.replace(since, ago(12)), encoding="utf-8")
        progress.record(SLUG, passed=False, points=0, findings=["SINGLE-ZONE", "REGRESSION"])
        assert self.open(notebooks)["SINGLE-ZONE"] == ago(12)
        assert self.open(notebooks)["REGRESSION"] != ago(12)

    def test_a_finding_that_was_away_begins_anew(self, notebooks: Path) -> None:
        progress.record(SLUG, passed=False, points=0, findings=["SINGLE-ZONE"])
        progress.record(SLUG, passed=False, points=0, findings=["REGRESSION"])
        assert list(self.open(notebooks)) == ["REGRESSION"]

    def test_a_pass_closes_all(self, notebooks: Path) -> None:
        progress.record(SLUG, passed=False, points=0, findings=["SINGLE-ZONE"])
        progress.record(SLUG, passed=True, points=2)
        assert self.open(notebooks) == {}

    def test_the_file_of_the_version_before_still_counts(self, notebooks: Path) -> None:
        old = {"version": 3, "last": SLUG, "exercises": {SLUG: {"checks": 2, "predicted": "3"}}}
        (notebooks / FILE_NAME).write_text(json.dumps(old), encoding="utf-8")
        assert progress.read(notebooks)[SLUG] == Entry(checks=2, predicted="3")

    def test_a_time_that_is_no_text_makes_the_file_broken(self, notebooks: Path) -> None:
        bad = {"version": 4, "exercises": {SLUG: {"open": {"SINGLE-ZONE": 5}}}}
        (notebooks / FILE_NAME).write_text(json.dumps(bad), encoding="utf-8")
        assert progress.read(notebooks) == {}
        assert "set aside" in progress.trouble(notebooks)


class TestStates:
    @pytest.mark.parametrize(
        ("values", "state"),
        [
            ({"open": {"SINGLE-ZONE": ago(10)}}, STUCK),
            ({"open": {"SINGLE-ZONE": ago(9.9)}}, WORKING),
            ({"open": {"SINGLE-ZONE": ago(40)}, "idle": 29}, STUCK),
            ({"open": {"SINGLE-ZONE": ago(40)}, "idle": 30}, AWAY),
            ({"passed_at": ago(50), "idle": 45}, DONE),
            ({"open": {"SINGLE-ZONE": ago(-5)}}, WORKING),  # a clock that is ahead
            ({"last": ""}, WORKING),
        ],
    )
    def test_a_state_follows_from_findings_and_signs_of_life(
        self, room: Path, values: dict[str, Any], state: str
    ) -> None:
        learner(room, "Ada", **values)
        assert [person.state for person in seen(room).learners] == [state]

    def test_the_next_topic_is_the_finding_of_the_most(self, room: Path) -> None:
        learner(room, "Ada", open={"REGRESSION": ago(28)})
        learner(room, "Bo", open={"SINGLE-ZONE": ago(11), "REGRESSION": ago(1)})
        learner(room, "Cy", open={"SINGLE-ZONE": ago(15)})
        learner(room, "Di", open={"SINGLE-ZONE": ago(3)})
        topics = [(topic.finding, [who.name for who in topic.learners]) for topic in seen(room).topics]
        assert topics == [("SINGLE-ZONE", ["Cy", "Bo"]), ("REGRESSION", ["Ada"])]

    def test_the_text_and_the_page_name_the_same_people_and_topics(self, room: Path) -> None:
        learner(room, "Ada", open={"SINGLE-ZONE": ago(12)})
        learner(room, "Bo", passed_at=ago(1), points=2)
        text, page = room_text(seen(room)), room_page(seen(room))
        for shown in (text, page):
            assert "02 Zone c goes dark, SINGLE-ZONE: Ada (up to 12 min)" in shown
            assert "Bo" in shown
        assert 'http-equiv="refresh"' in page


HOSTILE = {
    "not JSON": "{",
    "a list": "[]",
    "no fields": "{}",
    "another format": '{"shared_progress": 2}',
    "a time without a zone": None,
    "nested": "[" * 100_000,
    "large": '"' + "x" * 300_000 + '"',
}


class TestFilesOfStrangers:
    @pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
    def test_what_cannot_be_read_is_listed_and_the_others_are_shown(
        self, room: Path, content: str | None
    ) -> None:
        learner(room, "Ada")
        if content is None:
            learner(room, "bad", open={"SINGLE-ZONE": "2026-03-02T09:00:00"})
        else:
            (room / f"bad{SUFFIX}").write_text(content, encoding="utf-8")
        assert [person.name for person in seen(room).learners] == ["Ada"]
        assert list(seen(room).unread) == [f"bad{SUFFIX}"]

    def test_a_fifo_does_not_stop_the_room(self, room: Path) -> None:
        os.mkfifo(room / f"pipe{SUFFIX}")
        assert list(seen(room).unread) == [f"pipe{SUFFIX}"]

    def test_a_name_is_shown_as_text(self, room: Path) -> None:
        learner(room, "Ada")
        (path,) = room.iterdir()
        data = json.loads(path.read_text(encoding="utf-8"))
        data["name"] = "<script>alert(1)</script>\x1b[2J\ud800"
        path.write_text(json.dumps(data), encoding="utf-8")
        page = room_page(seen(room))
        assert "<script>" not in page
        assert "\x1b" not in page
        page.encode("utf-8")

    def test_points_and_findings_that_the_exercise_does_not_have_count_nothing(self, room: Path) -> None:
        learner(room, "Ada", points=10**9, open={"INVENTED": ago(60)})
        (person,) = seen(room).learners
        assert (person.points, dict(person.open), person.state) == (2, {}, WORKING)

    def test_other_files_are_not_read(self, room: Path) -> None:
        (room / "notes.txt").write_text("mine")
        (room / ".progress.json").write_text("{")
        assert (seen(room).learners, seen(room).unread) == ((), {})
