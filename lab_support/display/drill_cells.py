"""An exercise's drill, played on a learner's program: what its cells show, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lab_support.course.cells import evaluate, setup_names
from lab_support.course.exercises import DRILL, Exercise
from lab_support.display.html import escape, view
from lab_support.display.view import Page, View


def drill_views(
    exercise: Exercise, program: Any, names: dict[str, Any] | None = None
) -> Iterator[View | Page]:
    """What the cells tagged `drill` show for a program, as soon as each has run, in a namespace of their own.

    That is `names`, if given, which then holds what the cells have defined, such as `plan`. Raises what preview()
    raises about the program.
    """
    names = {} if names is None else names
    names.update(setup_names(exercise), program=program)
    for number, cell in enumerate(exercise.of_tag(DRILL), start=1):
        if cell.kind == "markdown":
            yield Page(_bold_headings(cell.source))
            continue
        value, printed = evaluate(cell.source, f"<{exercise.slug} drill, cell {number}>", names)
        if printed:
            yield view(f'<pre class="lab-source" tabindex="0">{escape(printed)}</pre>', printed)
        if value is not None:
            yield value


def _bold_headings(markdown: str) -> str:
    """Headings as bold text: the section has a heading, and these would be larger."""
    return re.sub(r"^## (.*)$", r"**\1**", markdown, flags=re.MULTILINE)
