"""The question before a drill: the answer comes from the drill, and the learner's own is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.course.cells import program_of
from lab_support.course.coach import entry_of
from lab_support.course.exercises import PREDICTION, SOLUTION, catalogue, find_exercise
from lab_support.course.notebooks import notebook, solution
from lab_support.course.predictions import has_prediction, prediction_of, record_prediction, result_of
from lab_support.errors import BriefError

WITH = [exercise.slug for exercise in catalogue() if has_prediction(exercise)]


def test_every_exercise_with_one_drill_asks_for_a_prediction() -> None:
    assert [exercise.slug for exercise in catalogue() if not exercise.worth] == WITH


@pytest.mark.parametrize("slug", WITH)
def test_the_drill_gives_one_answer_for_the_shipped_program_and_another_for_the_solution(slug: str) -> None:
    exercise = find_exercise(slug)
    prediction = prediction_of(exercise)
    assert 3 <= len(prediction.answers) <= 4
    shown = [
        result_of(prediction, program).shown
        for program in (None, program_of(exercise, exercise.sources(SOLUTION)))
    ]
    assert len({*shown}) == 2


@pytest.mark.parametrize("slug", WITH)
def test_neither_notebook_contains_the_cell(slug: str) -> None:
    exercise = find_exercise(slug)
    (source,) = exercise.sources(PREDICTION)
    for document in (notebook(exercise), solution(exercise)):
        assert source not in ["".join(cell["source"]) for cell in document["cells"]]


def test_the_answer_is_kept_with_the_progress(learner: Path) -> None:
    exercise = find_exercise("02")
    assert prediction_of(exercise).expected == ""
    record_prediction(exercise, "3")
    assert entry_of(exercise).predicted == "3"
    assert prediction_of(exercise).expected == "3"
    assert not entry_of(exercise).passed


def test_an_answer_that_the_question_no_longer_has_counts_as_none(learner: Path) -> None:
    exercise = find_exercise("02")
    record_prediction(exercise, "3")
    progress_file = learner / ".progress.json"
    progress_file.write_text(progress_file.read_text().replace('"predicted": "3"', '"predicted": "7"'))
    assert prediction_of(exercise).expected == ""


def test_an_expectation_is_held_against_the_drill(learner: Path) -> None:
    exercise = find_exercise("02")
    result = result_of(record_prediction(exercise, "3"))
    assert (result.expected, result.shown, result.came_true) == ("in all three", "in two of them", False)


@pytest.mark.parametrize(
    ("slug", "answer", "said"), [("02", "7", "3, 2, 1, 0"), ("06", "a", "no prediction")]
)
def test_what_cannot_be_answered_is_refused(slug: str, answer: str, said: str) -> None:
    with pytest.raises(BriefError, match=said):
        record_prediction(find_exercise(slug), answer)
