"""The map of the course: a card for each exercise with its state in words, and links to the notebooks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab_support.course.overview import Overview, overview
from lab_support.course.progress import Entry
from lab_support.display.overview import notebook_link, overview_view
from tests.markup import all_words, body


@pytest.fixture
def found(clone: object) -> Overview:
    """The overview of a course of one exercise that has not been begun."""
    return overview()


def with_entry(found: Overview, entry: Entry) -> Overview:
    return replace(found, standings=(replace(found.standings[0], entry=entry),))


@pytest.mark.parametrize(("entry", "is_passed"), [(Entry(), False), (Entry(passed_at="2027-01-01"), True)])
def test_severity_and_category_are_named_only_after_the_pass(
    found: Overview, entry: Entry, is_passed: bool
) -> None:
    view = overview_view((with_entry(found, entry),))
    exercise = found.standings[0].exercise
    card = " ".join(all_words(view, ".//li[@class]"))
    for part in (exercise.title, f"{exercise.minutes} min"):
        assert part in card
        assert part in view.text
    for part in (exercise.severity, exercise.category, "2 points"):
        assert (part in card) is is_passed
        assert (part in view.text.rpartition("\n\n")[0]) is is_passed


def test_its_bar_says_how_much_is_passed(found: Overview) -> None:
    bar = body(overview_view((found,))).find(".//div[@role='img']")
    assert bar is not None
    assert bar.get("aria-label") == "0 of 1 exercise passed, 0 of 2 points"


def test_a_progress_file_that_cannot_be_read_is_named(found: Overview) -> None:
    view = overview_view((replace(found, trouble="progress.json < is broken"),))
    assert "progress.json < is broken" in all_words(view, ".//p")


def test_a_link_leads_to_the_notebook_in_the_same_folder() -> None:
    assert notebook_link("02_zone", "a < b") == '<a href="02_zone.ipynb">a &lt; b</a>'
    assert notebook_link("02_zone", "b", "lab-button") == '<a class="lab-button" href="02_zone.ipynb">b</a>'
