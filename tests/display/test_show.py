"""The view of a class and the names that notebooks import are found where they are defined, not listed."""

from __future__ import annotations

from pathlib import Path

import pytest

import lab_support
from lab_support.checking.check import Check
from lab_support.course.coach import Hint, Reset, Solution
from lab_support.course.notes import Comparison
from lab_support.course.overview import Overview
from lab_support.display.show import show, view_of
from lab_support.drills.incident import Incident
from lab_support.drills.intruder import Intruder
from lab_support.drills.outage import Outage
from lab_support.drills.release import Releases
from lab_support.drills.rollout import Rollout
from lab_support.drills.theft import Theft
from lab_support.drills.way_out import CutOff
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.topology import Topology
from lab_support.review.findings import Review
from lab_support.toolchain.doctor import Fact

VIEWS = {
    Check: "verdict.verdicts_view",
    Comparison: "notes.comparisons_view",
    CutOff: "way_out.cut_off_view",
    Fact: "doctor.facts_view",
    Hint: "coach.hints_view",
    Incident: "incident.incidents_view",
    Intruder: "intruder.intruder_view",
    Outage: "outage.outage_view",
    Overview: "overview.overview_view",
    Plan: "plan.plans_view",
    Reset: "coach.resets_view",
    Releases: "release.releases_view",
    Resource: "resource.resources_view",
    Review: "review.reviews_view",
    Rollout: "rollout.rollouts_view",
    Solution: "coach.solutions_view",
    Theft: "theft.thefts_view",
    Topology: "topology.topologies_view",
}


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)
def test_a_view_is_found_in_the_module_of_the_same_name(kind: type) -> None:
    found = view_of(kind)
    assert found is not None
    assert f"{found.__module__}.{found.__name__}" == f"lab_support.display.{VIEWS[kind]}"


@pytest.mark.parametrize("thing", [1, "text", None, [], [1, "text"], Path()])
def test_anything_else_has_none(thing: object) -> None:
    with pytest.raises(TypeError, match="show"):
        show(thing)


def test_a_drill_declares_the_names_that_notebooks_import() -> None:
    assert lab_support.outages.__module__ == "lab_support.drills.outage"
    assert {"outage", "outages", "check", "panel"} <= set(lab_support.__all__)
    with pytest.raises(AttributeError, match="harm"):
        _ = lab_support.harm
