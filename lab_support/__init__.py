"""Learn to review infrastructure code: real Pulumi previews against a mock AWS account, drills and checks.

It exports the names that notebooks import. Each is loaded on first use, so that `import lab_support` costs nothing.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

_EXPORTS: Final = {
    "checking.check": ("check",),
    "checking.requirements": ("requirements",),
    "checking.written": ("is_written_in",),
    "course.coach": ("compare_notes", "hint", "next_exercise", "reset", "solution"),
    "course.exercises": ("VERBATIM",),
    "course.readiness": ("examine",),
    "course.reviews.mine": ("my_reviews", "new_review"),
    "display": ("show",),
    "display.debrief": ("debrief", "what_changed", "what_was_found"),
    "display.overview": ("progress_map",),
    "display.panel": ("panel",),
    "display.predictions": ("predict",),
    "display.repairs": ("repairs",),
    "display.review_desk": ("review_desk",),
    "engine.operations": ("deploy", "destroy", "preview", "preview_all"),
    "errors": ("PreviewFailed",),
    "mock_aws.account": ("Account",),
    "plan.plan": ("Plan",),
    "plan.resource": ("Resource",),
    "plan.topology": ("topology",),
    "plan.values": ("UNKNOWN",),
    "review.program": ("review_program",),
    "review.rules": ("review_plan",),
}
_DRILLS: Final = Path(__file__).parent / "drills"

# gRPC reads this once, on import. By default it logs connections that ended normally, which learners would see.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")


@cache
def _modules() -> dict[str, str]:
    """The names that notebooks import, with the module of each: those above, and those in a drill's `__all__`."""
    found = {name: module for module, names in _EXPORTS.items() for name in names}
    for path in sorted(_DRILLS.glob("*.py")):
        declared = re.search(
            r"^__all__ = \[(.*?)\]", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for name in re.findall(r'"(\w+)"', declared.group(1)) if declared else ():
            found[name] = f"drills.{path.stem}"
    return found


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return sorted(_modules())
    if name.startswith("_") or name not in _modules():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if "IPython" in sys.modules:
        import_module(f"{__name__}.display")  # registers the views for notebooks
    value = getattr(import_module(f"{__name__}.{_modules()[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_modules())
