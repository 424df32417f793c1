"""What a learner expects of a drill before they see it, and what the drill then shows.

An exercise's cell tagged `prediction`, which is in no notebook, defines `question`, `answers` (texts by short keys) and
`outcome(program, plan)`, which plays the drill and returns the key of the answer that came true. So the right answer
comes from the drill, whatever program it is played on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lab_support.course import progress
from lab_support.course.cells import compiled, plans_of, shipped_program
from lab_support.course.coach import entry_of, folder
from lab_support.course.exercises import EXERCISE, PREDICTION, Exercise, same_program
from lab_support.errors import BriefError, InternalError
from lab_support.plan.plan import Plan
from lab_support.program_code import source_of

ENVIRONMENT = "dev"  # the one that the drills of the exercises are played in


@dataclass(frozen=True)
class Prediction:
    """The question before a drill. `answers` are texts by key; `expected` is the learner's key, empty until they chose.

    `outcome(program, plan)` gives the key that comes true for a program and its plan.
    """

    exercise: Exercise
    question: str
    answers: Mapping[str, str]
    outcome: Callable[[Any, Plan], str]
    expected: str = ""


@dataclass(frozen=True)
class PredictionResult:
    """A prediction beside what the drill shows; both are texts.

    `now` is what the drill shows once the program was changed; the prediction was about the program as shipped.
    """

    question: str
    expected: str
    shown: str
    now: str = ""

    @property
    def came_true(self) -> bool:
        return self.expected == self.shown


def has_prediction(exercise: Exercise) -> bool:
    """Whether an exercise asks for a prediction."""
    return bool(exercise.of_tag(PREDICTION))


def prediction_of(exercise: Exercise) -> Prediction:
    """The question of an exercise, with the learner's answer. Raises BriefError if it asks none."""
    if not has_prediction(exercise):
        raise BriefError(f"{exercise.slug} asks for no prediction.")
    names: dict[str, Any] = {}
    for source in exercise.sources(PREDICTION):
        exec(compiled(source, f"<{exercise.slug} prediction>"), names)
    answers = dict(names["answers"])
    expected = entry_of(exercise).predicted
    return Prediction(
        exercise, names["question"], answers, names["outcome"], expected if expected in answers else ""
    )


def record_prediction(exercise: Exercise, answer: str) -> Prediction:
    """Keeps the learner's answer (a key). Raises BriefError if it is none of the answers."""
    prediction = prediction_of(exercise)
    if answer not in prediction.answers:
        raise BriefError(f"{answer!r} is not one of the answers: {', '.join(prediction.answers)}.")
    progress.record_prediction(exercise.slug, folder(), answer)
    return Prediction(exercise, prediction.question, prediction.answers, prediction.outcome, answer)


def result_of(prediction: Prediction, program: Any = None, plan: Plan | None = None) -> PredictionResult:
    """What the learner expected, and what the drill shows for a program (by default the shipped one).

    `plan` is the program's plan for `dev`, where there is one already. Raises what preview() raises about the program.
    """
    exercise = prediction.exercise
    played = program or shipped_program(exercise)
    key = prediction.outcome(played, plan or plans_of(played, [ENVIRONMENT], exercise.config)[0])
    if key not in prediction.answers:
        raise InternalError(f"the prediction of {exercise.slug} has no answer {key!r}")
    return PredictionResult(
        prediction.question, prediction.answers.get(prediction.expected, ""), prediction.answers[key]
    )


def comparison_of(prediction: Prediction, program: Any, plan: Plan | None = None) -> PredictionResult:
    """What the learner expected of the program as shipped, and what the drill shows for it; if theirs differs, `now`.

    Takes `plan` and raises as result_of() does.
    """
    shown = result_of(prediction, program, plan)
    source = source_of(program)
    if source is not None and same_program([source], prediction.exercise.sources(EXERCISE)):
        return shown
    return replace(result_of(prediction), now=shown.shown)
