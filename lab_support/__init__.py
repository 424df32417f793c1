"""Learn to review infrastructure code: real Pulumi previews against a mock AWS account, drills and checks.

The names that a notebook imports. They are loaded when they are used, so that `import lab_support` costs nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lab_support.coach import compare_notes, hint, next_exercise, reset, solution
    from lab_support.display import show
    from lab_support.display.debrief import debrief, what_changed, what_was_found
    from lab_support.display.overview import progress_map
    from lab_support.display.panel import panel
    from lab_support.doctor import examine
    from lab_support.drills.databases import databases
    from lab_support.drills.incident import Load, incident, rise
    from lab_support.drills.intruder import intruder
    from lab_support.drills.keys import customer_key
    from lab_support.drills.outage import outage, outages
    from lab_support.drills.rollout import rollout
    from lab_support.drills.theft import Protection, theft
    from lab_support.engine import VERBATIM, deploy, destroy, preview, preview_all
    from lab_support.faults import PreviewFailed
    from lab_support.mock_aws.account import Account
    from lab_support.plan import UNKNOWN, Plan, Resource
    from lab_support.review.program import review_program
    from lab_support.review.rules import review_plan
    from lab_support.topology import topology
    from lab_support.variants import solution_with
    from lab_support.verdict import check

# gRPC reads this once, when it is loaded. Otherwise it tells the learner about connections whose end is in order.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")

_HOMES = {
    "Account": "mock_aws.account",
    "Load": "drills.incident",
    "Plan": "plan",
    "PreviewFailed": "faults",
    "Protection": "drills.theft",
    "Resource": "plan",
    "UNKNOWN": "plan",
    "VERBATIM": "engine",
    "check": "verdict",
    "compare_notes": "coach",
    "customer_key": "drills.keys",
    "databases": "drills.databases",
    "debrief": "display.debrief",
    "deploy": "engine",
    "destroy": "engine",
    "examine": "doctor",
    "hint": "coach",
    "incident": "drills.incident",
    "intruder": "drills.intruder",
    "next_exercise": "coach",
    "outage": "drills.outage",
    "outages": "drills.outage",
    "panel": "display.panel",
    "preview": "engine",
    "preview_all": "engine",
    "progress_map": "display.overview",
    "reset": "coach",
    "review_plan": "review.rules",
    "review_program": "review.program",
    "rise": "drills.incident",
    "rollout": "drills.rollout",
    "show": "display",
    "solution": "coach",
    "solution_with": "variants",
    "theft": "drills.theft",
    "topology": "topology",
    "what_changed": "display.debrief",
    "what_was_found": "display.debrief",
}

__all__ = [
    "UNKNOWN",
    "VERBATIM",
    "Account",
    "Load",
    "Plan",
    "PreviewFailed",
    "Protection",
    "Resource",
    "check",
    "compare_notes",
    "customer_key",
    "databases",
    "debrief",
    "deploy",
    "destroy",
    "examine",
    "hint",
    "incident",
    "intruder",
    "next_exercise",
    "outage",
    "outages",
    "panel",
    "preview",
    "preview_all",
    "progress_map",
    "reset",
    "review_plan",
    "review_program",
    "rise",
    "rollout",
    "show",
    "solution",
    "solution_with",
    "theft",
    "topology",
    "what_changed",
    "what_was_found",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
