"""How things look: `show(x)` draws plans, drills and verdicts, as HTML for a notebook and as text for everyone else."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class View:
    """Something to look at: `html` for a notebook, or a `mermaid` diagram, and `text` that says the same to a
    terminal or a screen reader."""

    html: str
    text: str
    mermaid: str = ""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        rich = {"text/vnd.mermaid": self.mermaid} if self.mermaid else {"text/html": self.html}
        return {**rich, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Page:
    """A page of Markdown that reads well as plain text, too."""

    markdown: str

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}

    @property
    def text(self) -> str:
        return self.markdown

    def __str__(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


# What can be shown: the class, by its home and name, and the function that draws a list of such things.
_VIEWS = {
    "lab_support.coach.Hint": "lab_support.display.coaching.hints_view",
    "lab_support.coach.Reset": "lab_support.display.coaching.resets_view",
    "lab_support.coach.Solution": "lab_support.display.coaching.solutions_view",
    "lab_support.notes.Comparison": "lab_support.display.notes.comparisons_view",
    "lab_support.doctor.Fact": "lab_support.display.doctor.facts_view",
    "lab_support.overview.Overview": "lab_support.display.overview.overview_view",
    "lab_support.plan.Plan": "lab_support.display.plan.plans_view",
    "lab_support.plan.Resource": "lab_support.display.resource.resources_view",
    "lab_support.review.findings.Review": "lab_support.display.review.reviews_view",
    "lab_support.topology.Topology": "lab_support.display.topology.topologies_view",
    "lab_support.drills.rollout.Rollout": "lab_support.display.rollout.rollouts_view",
    "lab_support.drills.theft.Theft": "lab_support.display.theft.thefts_view",
    "lab_support.drills.incident.Incident": "lab_support.display.incident.incidents_view",
    "lab_support.drills.intruder.Intruder": "lab_support.display.intruder.intruder_view",
    "lab_support.drills.outage.Outage": "lab_support.display.outage.outage_view",
}


def show(thing: Any) -> View | Page:
    """The view of a plan, a resource, a topology, a review, what a drill or coach.py returns, or of several alike.

    Raises TypeError for what has no view.
    """
    things = tuple(thing) if isinstance(thing, (tuple, list)) else (thing,)
    kinds = {f"{type(each).__module__}.{type(each).__qualname__}" for each in things}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind not in _VIEWS:
        raise TypeError(
            "show() draws plans, resources, topologies, reviews and what drills and the coach return, "
            f"not {type(thing).__name__}"
        )
    module, _, function = _VIEWS[kind].rpartition(".")
    view = getattr(import_module(module), function)(things)
    assert isinstance(view, (View, Page))
    return view
