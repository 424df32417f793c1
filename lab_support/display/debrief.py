"""An exercise's debrief: what changed in the plan, why it matters, the control, how to spot it in a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab_support.course.cells import shipped_plans
from lab_support.course.exercises import DEBRIEF, Exercise
from lab_support.course.notes import compare, read_notes
from lab_support.course.record import with_record
from lab_support.display.changes import change_views
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
    """What changed in the plan, and the debrief's text; before a passed check, one sentence instead.

    With `found`, the learner's notes, it first compares these with the actual flaws. Raises BriefError if they are
    not notes.
    """
    if not verdict.passed:
        return Page(_NOT_YET)
    notes = (what_was_found(verdict, found),) if found is not None else ()
    return Pages((*notes, *what_changed(verdict).views, text_of(verdict.exercise)))


def what_was_found(verdict: Check, found: Any) -> View | Page:
    """Compares notes (pairs of a resource and a consequence) with the actual flaws."""
    return show(compare(verdict.exercise, read_notes(found)))


def text_of(exercise: Exercise) -> Page:
    """The debrief's text: the review's record, why it matters, the control, how to spot it."""
    debrief_cells = (cell for cell in with_record(exercise) if cell.tag == DEBRIEF)
    texts = [cell.source for cell in debrief_cells if cell.kind == "markdown"]
    return Page("\n\n".join(texts))


def what_changed(verdict: Check) -> Pages:
    """The difference between the plans as shipped and those that were checked, in every environment."""
    checked = tuple(verdict.plans)
    if not checked:
        return Pages((Page("The check produced no plan."),))
    shipped = shipped_plans(verdict.exercise, [plan.stack for plan in checked], verdict.config)
    return Pages(change_views(zip(shipped, checked, strict=True)))
