"""Learn to review infrastructure code: real Pulumi previews against a mock AWS account, drills and checks.

The names that a notebook imports. Each is loaded when it is first used, so that `import lab_support` costs nothing.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any, Final

_EXPORTS: Final = {
    "checking.check": ("check",),
    "course.coach": ("compare_notes", "hint", "next_exercise", "reset", "solution"),
    "course.readiness": ("examine",),
    "display": ("show",),
    "display.debrief": ("debrief", "what_changed", "what_was_found"),
    "display.overview": ("progress_map",),
    "display.panel": ("panel",),
    "drills.databases": ("databases",),
    "drills.incident": ("Load", "incident", "rise"),
    "drills.intruder": ("intruder",),
    "drills.keys": ("customer_key",),
    "drills.outage": ("outage", "outages"),
    "drills.rollout": ("rollout",),
    "drills.theft": ("Protection", "theft"),
    "engine.operations": ("VERBATIM", "deploy", "destroy", "preview", "preview_all"),
    "errors": ("PreviewFailed",),
    "mock_aws.account": ("Account",),
    "plan.plan": ("Plan",),
    "plan.resource": ("Resource",),
    "plan.topology": ("topology",),
    "plan.values": ("UNKNOWN",),
    "review.program": ("review_program",),
    "review.rules": ("review_plan",),
}
_MODULE_OF: Final = {name: module for module, names in _EXPORTS.items() for name in names}

__all__ = sorted(_MODULE_OF)

# gRPC reads this once, when it is loaded. By default it tells the learner about connections that ended normally.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if "IPython" in sys.modules:
        import_module(f"{__name__}.display")  # registers the views that a notebook shows
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
