"""A section of the panel: a title, and the results of one kind of action below it."""

from __future__ import annotations

from typing import Any, Final

from lab_support.display.html import chip, escape, frame
from lab_support.display.panel_program import LearnersProgram

STALE: Final = "of an earlier version of your program"


def widgets() -> Any:
    """ipywidgets."""
    import ipywidgets  # start-up time: `lab check` runs the notebook's import cells and draws no panel

    return ipywidgets


class Section:
    """Results with a title, hidden while there are none; without a `title` of its own, it takes that of its results.

    With `program`, results are marked once the program is another one than they are about.
    """

    def __init__(self, title: str, program: LearnersProgram | None) -> None:
        self.title, self.has_own_title = title, bool(title)
        self._program = program
        self._version: int | None = None  # of the program that the results are about
        self.heading = widgets().HTML()
        self._output = widgets().Output()
        self.widget = widgets().VBox([self.heading, self._output])
        self.widget.add_class("lab-section")
        self.clear()

    def show(self, *views: Any, title: str = "", is_about_program: bool = True) -> None:
        """Replaces what is shown, all at once: an Output loses none then."""
        self.title = self.title if self.has_own_title else title
        self._version = self._program.version if self._program and is_about_program else None
        self._output.outputs = outputs(*views)
        self.widget.layout.display = None
        self.mark()

    def add(self, *views: Any) -> None:
        """Shows more, below what is shown."""
        self._output.outputs += outputs(*views)

    def clear(self) -> None:
        """Removes what is shown, and hides the section."""
        self._version, self._output.outputs = None, ()
        self.widget.layout.display = "none"

    def mark(self) -> None:
        """Says beside the title whether the results are about an earlier version of the program."""
        mark = chip(STALE, "lab-stale") if self.is_stale else ""
        self.heading.value = frame(f'<h3 class="lab-section-title">{escape(self.title)} {mark}</h3>')

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join(str(output["data"]["text/plain"]) for output in self._output.outputs)

    @property
    def is_stale(self) -> bool:
        """Whether the results are about an earlier version of the program."""
        return self._program is not None and self._version not in (None, self._program.version)


def outputs(*views: Any) -> tuple[dict[str, Any], ...]:
    """Views as the outputs of an Output widget."""
    return tuple(
        {"output_type": "display_data", "data": view._repr_mimebundle_(), "metadata": {}} for view in views
    )
