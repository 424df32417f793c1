"""`show(x)`: the view of a plan, of a drill's result, of a verdict and so on."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lab_support.display.view import Page, View

# What can be shown: the class, by module and name, and the function that draws a tuple of its objects.
_VIEWS = {
    "lab_support.course.coach.Hint": "lab_support.display.coaching.hints_view",
    "lab_support.course.coach.Reset": "lab_support.display.coaching.resets_view",
    "lab_support.course.coach.Solution": "lab_support.display.coaching.solutions_view",
    "lab_support.course.notes.Comparison": "lab_support.display.notes.comparisons_view",
    "lab_support.checking.check.Check": "lab_support.display.verdict.verdicts_view",
    "lab_support.toolchain.doctor.Fact": "lab_support.display.doctor.facts_view",
    "lab_support.course.overview.Overview": "lab_support.display.overview.overview_view",
    "lab_support.plan.plan.Plan": "lab_support.display.plan.plans_view",
    "lab_support.plan.resource.Resource": "lab_support.display.resource.resources_view",
    "lab_support.review.findings.Review": "lab_support.display.review.reviews_view",
    "lab_support.plan.topology.Topology": "lab_support.display.topology.topologies_view",
    "lab_support.drills.rollout.Rollout": "lab_support.display.rollout.rollouts_view",
    "lab_support.drills.theft.Theft": "lab_support.display.theft.thefts_view",
    "lab_support.drills.incident.Incident": "lab_support.display.incident.incidents_view",
    "lab_support.drills.intruder.Intruder": "lab_support.display.intruder.intruder_view",
    "lab_support.drills.outage.Outage": "lab_support.display.outage.outage_view",
}


def show(result: Any) -> View | Page:
    """The view of a plan, a resource, a topology, a review, what a drill or the coach returns, or several of one kind.

    Raises TypeError for anything else.
    """
    results = tuple(result) if isinstance(result, (tuple, list)) else (result,)
    kinds = {f"{type(item).__module__}.{type(item).__qualname__}" for item in results}
    kind = kinds.pop() if len(kinds) == 1 else ""
    if kind not in _VIEWS:
        raise TypeError(
            "show() draws plans, resources, topologies, reviews and what drills and the coach return, "
            f"not {type(result).__name__}"
        )
    module, _, function = _VIEWS[kind].rpartition(".")
    view = getattr(import_module(module), function)(results)
    assert isinstance(view, (View, Page))
    return view
