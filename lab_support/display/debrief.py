"""The debrief of an exercise: what changed in the plan, why it matters, the control, how to spot it in a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab_support.course.cells import shipped_plan
from lab_support.course.exercises import DEBRIEF, Exercise
from lab_support.course.notes import compare, read_notes
from lab_support.display.diff import diff_view
from lab_support.display.show import show
from lab_support.display.view import Page, View

if TYPE_CHECKING:
    from lab_support.checking.check import Check

_NOT_YET = "The debrief opens once the check has passed."


@dataclass(frozen=True)
class Pages:
    """Several views, one below the other, each in its own format."""

    views: tuple[Any, ...]

    def _ipython_display_(self) -> None:
        from IPython.display import display  # start-up time: the command needs no IPython

        for view in self.views:
            display(view)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.views))

    def __repr__(self) -> str:
        return str(self)


def debrief(verdict: Check, found: Any = None) -> Page | Pages:
    """What changed and the debrief's text after a passed check; before that, one sentence that it comes later.

    With `found`, the learner's notes, first what became of them. Raises BriefError where they are no notes.
    """
    if not verdict.passed:
        return Page(_NOT_YET)
    notes = (what_was_found(verdict, found),) if found is not None else ()
    return Pages((*notes, what_changed(verdict), text_of(verdict.exercise)))


def what_was_found(verdict: Check, found: Any) -> View | Page:
    """Notes (pairs of a resource and a consequence) against what there was to be found."""
    return show(compare(verdict.exercise, read_notes(found)))


def text_of(exercise: Exercise) -> Page:
    """Why it matters, the control, how to spot it: what the author says once an exercise is solved."""
    texts = [cell.source for cell in exercise.of_tag(DEBRIEF) if cell.kind == "markdown"]
    return Page("\n\n".join(texts))


def what_changed(verdict: Check) -> View | Page:
    """The difference between the plan as shipped and the plan that was checked, property by property."""
    after = verdict.plan
    if after is None:
        return Page("No plan came out of the check.")
    return diff_view(shipped_plan(verdict.exercise, after.stack, verdict.config), after)
