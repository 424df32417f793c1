"""The question before a drill, and afterwards the learner's answer beside what the drill shows.

predict("02")           # the question
predict("02", "b")      # your answer; kept with your progress
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import Final

from lab_support.course.exercises import find_exercise
from lab_support.course.predictions import Prediction, PredictionResult, prediction_of, record_prediction
from lab_support.display.html import escape, view
from lab_support.display.view import View
from lab_support.errors import BriefError

CHOSEN: Final = "← your answer"  # it says nothing of whether that is right


def predict(slug: str, answer: str = "") -> View:
    """The question before an exercise's drill; with a letter, keeps that answer.

    Raises UnknownExercise, and BriefError for a letter that is no answer or an exercise without a question.
    """
    exercise = find_exercise(slug)
    prediction = prediction_of(exercise)
    if answer:
        keys = keys_by_letter(prediction)
        if answer.lower() not in keys:
            raise BriefError(f"Choose one of the letters {', '.join(keys)}, not {answer!r}.")
        prediction = record_prediction(exercise, keys[answer.lower()])
    return predictions_view((prediction,))


def keys_by_letter(prediction: Prediction) -> dict[str, str]:
    """The keys of the answers, by the letters that learners see."""
    return dict(zip(ascii_lowercase, prediction.answers, strict=False))


def predictions_view(predictions: tuple[Prediction, ...]) -> View:
    """A card for each question, with a letter before each answer and a sign at the learner's own."""
    return view("".join(map(_question, predictions)), "\n\n".join(map(_question_text, predictions)))


def results_view(results: tuple[PredictionResult, ...]) -> View:
    """What was expected, and what the drill shows."""
    return view("".join(f"<p>{_held(result)}</p>" for result in results), "\n".join(map(_held_text, results)))


def _rows(prediction: Prediction) -> list[tuple[str, str, bool]]:
    """The letter and text of each answer, and whether it is the learner's."""
    return [
        (letter, prediction.answers[key], key == prediction.expected)
        for letter, key in keys_by_letter(prediction).items()
    ]


def _question_text(prediction: Prediction) -> str:
    lines = [f"Before the drill: {prediction.question}"]
    for letter, text, chosen in _rows(prediction):
        lines.append(f"  {letter}) {text}{f'  {CHOSEN}' if chosen else ''}")
    return "\n".join(lines)


def _question(prediction: Prediction) -> str:
    items = "".join(
        f"<li>{escape(text)}{f' <b>{CHOSEN}</b>' if chosen else ''}</li>"
        for _, text, chosen in _rows(prediction)
    )
    return (
        f'<section class="lab-card"><h4>Before the drill: {escape(prediction.question)}</h4>'
        f'<ol type="a">{items}</ol></section>'
    )


def _held_text(result: PredictionResult) -> str:
    if not result.expected:
        return f"{result.question} The drill shows: {result.shown}."
    if result.now:
        held = "That was right." if result.came_true else f"Its drill shows: {result.shown}."
        expected = f"You expected of the program as shipped: {result.expected}."
        return f"{expected} {held} The drill of your program shows: {result.now}."
    if result.came_true:
        return f"You expected: {result.expected}. The drill shows the same."
    return f"You expected: {result.expected}. The drill shows: {result.shown}."


def _held(result: PredictionResult) -> str:
    return escape(_held_text(result))
