"""How the question before a drill looks, and the answer beside what the drill shows."""

from __future__ import annotations

import pytest

from lab_support.course.exercises import find_exercise
from lab_support.course.predictions import PredictionResult
from lab_support.display.predictions import predict
from lab_support.display.show import show
from lab_support.errors import BriefError

pytestmark = pytest.mark.usefixtures("clone")


def test_the_question_shows_its_answers_with_letters() -> None:
    text = str(predict("02"))
    assert text.startswith("Before the drill: ")
    assert "a) in all three" in text
    assert "your answer" not in text


def test_an_answer_is_marked() -> None:
    question = predict("02", "B")
    assert "b) in two of them  ← your answer" in str(question)
    assert question.html.count("your answer") == 1


def test_a_letter_that_is_no_answer_is_refused() -> None:
    with pytest.raises(BriefError, match="a, b, c, d"):
        predict("02", "e")


@pytest.mark.parametrize(
    ("expected", "now", "said"),
    [
        ("in none", "", "You expected: in none. The drill shows: in two."),
        ("in two", "", "You expected: in two. The drill shows the same."),
        ("", "", "How many? The drill shows: in two."),
        (
            "in two",
            "in three",
            "You expected of the program as shipped: in two. That was right. "
            "The drill of your program shows: in three.",
        ),
        (
            "in none",
            "in two",
            "You expected of the program as shipped: in none. Its drill shows: in two. "
            "The drill of your program shows: in two.",
        ),
    ],
)
def test_an_expectation_stands_beside_what_the_drill_shows(expected: str, now: str, said: str) -> None:
    assert str(show(PredictionResult("How many?", expected, "in two", now))) == said


def test_a_prediction_is_drawn_from_its_exercise_by_number_or_slug() -> None:
    assert str(predict("02")) == str(predict(find_exercise("02").slug))
