"""The learner's program as the kernel knows it: the function, and a number for each version that was run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from lab_support.course.exercises import EXERCISE, Exercise
from lab_support.errors import BriefError
from lab_support.program_code import source_of


class LearnersProgram:
    """The function `program` of the notebook's namespace. `version` grows when its cells are run with other code.

    `on_run(succeeded)` is called after each run of one of its cells.
    """

    def __init__(self, exercise: Exercise, on_run: Callable[[bool], None]) -> None:
        self.version = 0
        self._ids = tuple(
            f"{exercise.slug[:2]}-{EXERCISE}-{number}"
            for number, _ in enumerate(exercise.of_tag(EXERCISE), start=1)
        )
        self._sources: dict[str, str] = {}  # of each cell as it was last run
        self._on_run = on_run
        self._function = names().get("program")
        shell = _shell()
        self._events = shell.events if shell is not None else None
        if self._events is not None:
            self._events.register("post_run_cell", self.after_cell)

    def close(self) -> None:
        """Stops watching the notebook's cells."""
        if self._events is not None:
            self._events.unregister("post_run_cell", self.after_cell)
            self._events = None

    def function(self) -> Any:
        """The function. Raises BriefError if no cell has defined it."""
        if "program" not in names():
            raise BriefError(
                "There is no program yet: run the cells above first (Run > Run All Above Selected Cell)."
            )
        return names()["program"]

    def after_cell(self, result: Any) -> None:
        """Notices that a cell of the program was run: IPython calls this after each cell."""
        cell, source = getattr(result.info, "cell_id", None), result.info.raw_cell
        function = names().get("program")
        if cell not in self._ids:  # elsewhere cells have other ids
            if function is self._function:
                return
            cell, source = "program", source_of(function) or source
        self._function = function
        before = self._sources.get(cell, source if _has_run(source) else None)
        self._sources[cell] = source
        if source != before:
            self.version += 1
        self._on_run(bool(result.success))


def names() -> dict[str, Any]:
    """The namespace of the notebook."""
    return vars(sys.modules["__main__"])


def _has_run(source: str) -> bool:
    """Whether a cell with this source had been run before: the panel may be younger than the program."""
    shell = _shell()
    return shell is not None and source in shell.history_manager.input_hist_raw[:-1]


def _shell() -> Any:
    """IPython's shell; None outside a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
