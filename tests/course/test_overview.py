"""How far the learner is: what the start page shows."""

from __future__ import annotations

from pathlib import Path

from lab_support.course import exercises, progress
from lab_support.course.exercises import find_exercise
from lab_support.course.overview import AFTERWARDS, BEGUN, NEW, PASSED, overview
from lab_support.course.progress import Entry
from lab_support.display.show import show
from tests.programs import SLUG, copy_exercise


def test_an_exercise_is_new_begun_or_passed(learner: Path) -> None:
    assert [standing.state for standing in overview().standings] == [NEW]
    progress.record_hint(SLUG, learner, 1)
    assert [standing.state for standing in overview().standings] == [BEGUN]
    progress.record(SLUG, passed=True, points=2, version=find_exercise(SLUG).version)
    (standing,) = overview().standings
    assert standing.state == PASSED
    assert not standing.is_outdated
    assert "with 1 check and 1 of 3 hints" in show(overview()).text


def test_it_continues_where_one_stopped_until_that_is_passed(learner: Path) -> None:
    def continues_with() -> str:
        found = overview().next
        return found.slug if found else ""

    for name in ("03_next", "04_last"):
        copy_exercise(SLUG, learner.parent, name)
    exercises._read_all.cache_clear()
    assert continues_with() == SLUG
    for name in ("03_next", "04_last"):
        (learner / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    progress.record_visit("03_next", learner)
    assert continues_with() == "03_next"
    progress.record("03_next", passed=True, points=2)
    assert continues_with() == "04_last"
    progress.record("04_last", passed=True, points=2)
    assert continues_with() == SLUG
    progress.record(SLUG, passed=True, points=2)
    assert continues_with() == ""
    assert f"notebooks/{AFTERWARDS}.ipynb" in show(overview()).text


def test_a_pass_of_an_earlier_version_is_reported(learner: Path) -> None:
    progress.record(SLUG, passed=True, points=2, version="of another day")
    assert overview().standings[0].is_outdated
    assert "has changed since" in show(overview()).text


def test_a_broken_progress_file_is_reported(learner: Path) -> None:
    (learner / progress.FILE_NAME).write_text("{", encoding="utf-8")
    progress.record(SLUG, passed=False, points=0)
    seen = overview()
    assert "set aside" in seen.trouble
    assert seen.trouble in show(seen).text
    assert seen.standings[0].entry == Entry(checks=1)


def test_text_and_html_say_the_same(learner: Path) -> None:
    exercise = find_exercise(SLUG)
    progress.record(SLUG, passed=True, points=2, version=exercise.version)
    view = show(overview())
    for fact in (
        exercise.title,
        exercise.severity,
        exercise.category,
        f"{exercise.minutes} min",
        "2 of 2 points",
    ):
        assert fact in view.text
        assert fact in view.html  # type: ignore[union-attr]
    assert f'href="{SLUG}.ipynb"' in view.html  # type: ignore[union-attr]
