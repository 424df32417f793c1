"""A learner's own reviews: what is recorded of them, and which kinds of flaws their notes miss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab_support.course import coach, progress
from lab_support.course.exercises import find_exercise
from lab_support.course.notes import answers_of
from lab_support.course.reviews.mine import OwnReview, missed_kinds, my_reviews, new_review
from lab_support.display.mine import missed_text
from lab_support.display.show import show

PASSED = {"checks": 2, "points": 9, "passed_at": "2026-11-30T09:40:00+00:00", "passed_checks": 2}


@pytest.fixture(autouse=True)
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the learner's notebooks."""
    monkeypatch.setattr(coach, "folder", lambda: tmp_path)
    return tmp_path


def note(notebooks: Path, slug: str, found: list[tuple[str, str]]) -> None:
    """Writes notes into a review's notebook."""
    path = notebooks / f"{slug}.ipynb"
    text = json.loads(path.read_text(encoding="utf-8"))
    for cell in text["cells"]:
        if "notes" in cell["metadata"].get("tags", []):
            cell["source"] = f"found = {found!r}"
    path.write_text(json.dumps(text), encoding="utf-8")


def passes(notebooks: Path, slug: str, **entry: Any) -> None:
    path = notebooks / progress.FILE_NAME
    data = json.loads(path.read_text(encoding="utf-8"))
    data["exercises"][slug] |= {**PASSED, **entry}
    path.write_text(json.dumps(data), encoding="utf-8")


def all_but_first(slug: str) -> list[tuple[str, str]]:
    return [(answer.name.split(", ")[0], answer.words) for answer in answers_of(find_exercise(slug))[0][1:]]


def test_a_new_review_is_listed_first_with_the_time_of_its_making(notebooks: Path) -> None:
    first = new_review("short", seed=1)
    progress.record_made("another", notebooks)
    data = json.loads((notebooks / progress.FILE_NAME).read_text(encoding="utf-8"))
    data["exercises"][first.slug]["made_at"] = "2026-11-29T08:00:00+00:00"
    (notebooks / progress.FILE_NAME).write_text(json.dumps(data), encoding="utf-8")
    second = new_review("usual", seed=2)
    assert [review.slug for review in my_reviews()] == [second.slug, first.slug]
    assert (first.flaws, second.flaws) == (3, 5)
    assert second.made_at
    assert not second.passed_at


def test_a_review_that_was_only_made_is_not_begun(notebooks: Path) -> None:
    made = new_review("short", seed=1)
    assert not progress.read(notebooks)[made.slug].begun


def test_the_time_is_that_from_the_making_to_the_pass(notebooks: Path) -> None:
    made = new_review("short", seed=1)
    assert made.minutes is None
    passes(notebooks, made.slug, made_at="2026-11-30T08:50:00+00:00")
    (review,) = my_reviews()
    assert review.minutes == 50
    assert "in 50 minutes, with 2 checks" in show(review).text


def test_the_kinds_that_notes_miss_are_known_after_the_pass(notebooks: Path) -> None:
    made = new_review("short", seed=1)
    note(notebooks, made.slug, all_but_first(made.slug))
    (review,) = my_reviews()
    assert (review.noted, review.missed) == ((), ())
    passes(notebooks, made.slug)
    (review,) = my_reviews()
    assert review.missed == (answers_of(find_exercise(made.slug))[0][0].finding,)
    assert len(review.noted) == 2


def test_a_review_without_notes_says_nothing_of_kinds(notebooks: Path) -> None:
    made = new_review("short", seed=1)
    passes(notebooks, made.slug)
    (review,) = my_reviews()
    assert (review.noted, review.missed) == ((), ())
    assert missed_text((review,)) == ""


def own(*missed: str, noted: tuple[str, ...] = ()) -> OwnReview:
    return OwnReview("review_1_3f_1d", "T", 3, 5, 5, 1, "", "2026-11-30", noted=noted, missed=missed)


def test_the_kind_that_is_missed_most_comes_first_with_a_review_to_practise() -> None:
    reviews = (own("A"), own("B", "A"), own("B", noted=("A",)), own("A"))
    assert missed_kinds(reviews) == [("A", 3, 4), ("B", 2, 2)]
    assert "lab review-exercise new --flaws 2 --from A,B" in missed_text(reviews)
