"""Where learners make reviews of their own: a button for each difficulty, and below it the reviews so far.

review_desk()     # in a notebook: the list follows your progress while the kernel runs
"""

from __future__ import annotations

from typing import Any, Final

from lab_support.course.reviews import stock
from lab_support.course.reviews.mine import SIZES, my_reviews, new_review
from lab_support.display.html import view
from lab_support.display.mine import reviews_view
from lab_support.display.overview import follow
from lab_support.display.panel_runner import Runner
from lab_support.display.panel_section import Section, outputs, widgets
from lab_support.display.view import View
from lab_support.reporting import counted

_NONE_YET: Final = "You have not made a review yet."
_NO_STOCK: Final = (
    "This course folder cannot make reviews. Your instructor can: they hand you the notebook, and grade your notes and "
    "your repair."
)


def review_desk() -> ReviewDesk | View:
    """The buttons and the reviews so far; in a course that cannot make reviews, a sentence that says so."""
    return ReviewDesk() if stock.exists() else view(f"<p>{_NO_STOCK}</p>", _NO_STOCK)


def command_of(size: str) -> str:
    """The command that makes a review of this size."""
    flaws, distractors = SIZES[size]
    return f"lab review-exercise new --flaws {flaws} --distractors {distractors}"


class ReviewDesk:
    """The buttons, and the reviews so far; as text, the commands and the same list. `widget` holds all of it."""

    def __init__(self) -> None:
        self._runner = Runner(on_end=self._redraw)
        self._problem = Section("", None)
        self._list = widgets().Output()  # an HTML widget's links would not open as tabs in JupyterLab
        row = widgets().HBox([self._button(size) for size in SIZES])
        row.add_class("lab-buttons")
        self.widget = self._runner.widget
        self.widget.children = (row, *self.widget.children, self._problem.widget, self._list)
        self._redraw()
        follow(self._redraw)

    def _button(self, size: str) -> Any:
        flaws, distractors = SIZES[size]
        things = f"{counted(flaws, 'flaw')} and {counted(distractors, 'place')} that only look wrong"
        label = f"{size.capitalize()}: {counted(flaws, 'flaw')}"
        return self._runner.button(label, things, lambda: self._make(size), self._problem, renews=True)

    def _make(self, size: str) -> None:
        made = new_review(size)
        self._redraw()
        self._runner.say(f"Made {made.slug}. It is the first in the list: click its title.")

    def _redraw(self) -> None:
        self._list.outputs = outputs(_so_far())

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": str(self)}

    def __str__(self) -> str:
        return "\n".join([*(f"{size:6} {command_of(size)}" for size in SIZES), "", _so_far().text])


def _so_far() -> View:
    reviews = my_reviews()
    return reviews_view(reviews) if reviews else view(f"<p>{_NONE_YET}</p>", _NONE_YET)


__all__ = ["ReviewDesk", "review_desk"]
