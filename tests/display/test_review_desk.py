"""The start page's buttons for new reviews, and the list of one's reviews."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.course import coach
from lab_support.course.reviews import stock
from lab_support.display.review_desk import ReviewDesk, review_desk


@pytest.fixture(autouse=True)
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the learner's notebooks."""
    monkeypatch.setattr(coach, "folder", lambda: tmp_path)
    return tmp_path


def test_a_button_makes_a_review_and_lists_it(notebooks: Path) -> None:
    desk = review_desk()
    assert isinstance(desk, ReviewDesk)
    row, *_, shown = desk.widget.children
    assert [button.description for button in row.children] == [
        "Short: 3 flaws",
        "Usual: 5 flaws",
        "Long: 8 flaws",
    ]
    row.children[0].click()
    (path,) = notebooks.glob("review_*_3f_1d.ipynb")
    assert f'href="{path.name}"' in shown.outputs[0]["data"]["text/html"]


def test_its_text_has_a_command_for_each_button() -> None:
    assert "lab review-exercise new --flaws 3 --distractors 1" in str(review_desk())


def test_a_course_without_a_stock_says_that_the_instructor_makes_reviews(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stock, "exists", lambda: False)
    assert "Your instructor can" in str(review_desk())
