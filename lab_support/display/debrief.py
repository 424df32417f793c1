"""The debrief of an exercise: what changed in the plan, why it matters, the control, how to spot it in a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab_support.display.diff import diff_text
from lab_support.exercises import DEBRIEF, EXERCISE, SETUP, Exercise
from lab_support.plan import Plan

if TYPE_CHECKING:
    from lab_support.verdict import Verdict

_NOT_YET = "The debrief opens once the check has passed."


@dataclass(frozen=True)
class Page:
    """A page of Markdown that reads well as plain text, too."""

    markdown: str

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}

    def __str__(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def debrief(verdict: Verdict) -> Page:
    """What changed and the debrief's text after a passed check; before that, one sentence that it comes later."""
    if not verdict.passed:
        return Page(_NOT_YET)
    texts = [cell.source for cell in verdict.exercise.of_tag(DEBRIEF) if cell.kind == "markdown"]
    return Page("\n\n".join([what_changed(verdict).markdown, *texts]))


def what_changed(verdict: Verdict) -> Page:
    """The difference between the plan as shipped and the plan that was checked, property by property."""
    after = verdict.plan
    if after is None:
        return Page("No plan came out of the check.")
    changed = diff_text(shipped_plan(verdict.exercise, after.stack), after)
    return Page(f"### What changed in the plan\n\n```diff\n{changed or 'nothing'}\n```")


def shipped_plan(exercise: Exercise, environment: str) -> Plan:
    """The plan of the program as it is shipped."""
    from lab_support.engine import preview

    names: dict[str, Any] = {}
    for source in (*exercise.sources(SETUP), *exercise.sources(EXERCISE)):
        exec(compile(source, f"<{exercise.slug} as shipped>", "exec"), names)
    return preview(names["program"], environment)
