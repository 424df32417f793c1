"""What the panel asks the learner: before the first drill, what they expect; after a pass, which repair holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lab_support.checking.repairs import RepairsCheck, judge_repairs
from lab_support.course.exercises import Exercise
from lab_support.course.predictions import Prediction, has_prediction, prediction_of, record_prediction
from lab_support.course.repairs import Repairs, repairs_of
from lab_support.display.html import frame, page, prose
from lab_support.display.panel_runner import Action, Runner
from lab_support.display.panel_section import Section
from lab_support.display.repairs import judged_view, repairs_view
from lab_support.display.view import View

_WITHOUT = "Just run it"
_WAIT = (
    "The check has run on the program as it stands. What it found gives the cause away: first press Run program, say "
    "what you expect, and look at the drill. Then press Check."
)


class Questions:
    """The questions of one panel. A prediction is asked for once; without an answer, the drill is played as well."""

    def __init__(self, exercise: Exercise, runner: Runner) -> None:
        self.exercise, self._runner = exercise, runner
        self._asked = False
        self.has_compared = False  # whether they have chosen a repair

    def forget(self) -> None:
        """Makes the next drill ask again, if there is no answer yet."""
        self._asked = False

    def prediction(self) -> Prediction | None:
        """The prediction that the learner has made, or None."""
        found = prediction_of(self.exercise) if has_prediction(self.exercise) else None
        return found if found is not None and found.expected else None

    def predict_first(self, play: Action, section: Section) -> bool:
        """Asks what the drill will show, if that is still open; each answer then plays it. Whether it asked."""
        if self._asked or not has_prediction(self.exercise) or self.prediction() is not None:
            return False
        self._asked = True
        asked = prediction_of(self.exercise)

        def answer(key: str) -> None:
            record_prediction(self.exercise, key)
            play()

        answers = [(text, partial(answer, key)) for key, text in asked.answers.items()]
        question = frame(f'<p role="alert">Before the drill: {prose(asked.question)}</p>')
        self._runner.choose(question, [*answers, (_WITHOUT, play)], section)
        return True

    def held_back(self, shown: View) -> View:
        """The verdict of a check that *Run All Cells* ran, folded: the question and the drill come first."""
        if self._asked or not has_prediction(self.exercise) or self.prediction() is not None:
            return shown
        folded = f"<p>{_WAIT}</p><details><summary>What it found</summary>{shown.html}</details>"
        return View(page(folded), shown.text)

    def compare_repairs(self, show: Callable[[View], None], section: Section) -> None:
        """Asks which of three repairs holds; after the answer, shows what the check says about each.

        Raises NotPassed before a pass.
        """
        found: Repairs = repairs_of(self.exercise)

        check = RepairsCheck(found)  # runs while they are read

        def choose(letter: str) -> None:
            with self._runner.progress("Checking the repairs"):
                judged = judge_repairs(found, letter, check)
            self.has_compared = True
            show(judged_view((judged,)))

        letters = [(repair.letter, partial(choose, repair.letter)) for repair in found.listed]
        self._runner.choose(repairs_view((found,)).html, letters, section, takes_focus=False)
