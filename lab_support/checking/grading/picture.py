"""The picture of an exercise's drill for a program that failed, drawn from the plans that its check already has."""

from __future__ import annotations

import ast
from typing import Any, Final

from lab_support.checking.check import Check
from lab_support.course.cells import evaluate, setup_names
from lab_support.course.exercises import DRILL, Exercise

_LARGEST: Final = 400_000  # characters of HTML


def picture_of(exercise: Exercise, verdict: Check) -> str:
    """The drill as HTML without its style sheet; empty where it cannot be drawn without another run."""
    try:
        plans = {plan.stack: plan for plan in verdict.plans}
        names = setup_names(exercise)
    except Exception:  # the check has said what is wrong
        return ""

    def preview(program: Any, environment_suffix: str = "dev", **_: Any) -> Any:
        return plans[environment_suffix]

    names.update(plan=plans.get("dev"), preview=preview, program=None, deploy=None)
    for cell in exercise.of_tag(DRILL):
        if cell.kind == "markdown" or not _draws_a_drill(cell.source):
            continue
        try:
            value, _ = evaluate(cell.source, f"<{exercise.slug} drill>", names)
            drawn = str(value.html).partition("</style>")[2]
        except Exception:  # a plan that lacks what the drill is about
            return ""
        return drawn if len(drawn) <= _LARGEST else ""
    return ""


def _draws_a_drill(source: str) -> bool:
    """Whether a cell ends in `show(…)` of something else than the plan."""
    last = ast.parse(source).body[-1]
    return (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and ast.unparse(last.value.func) == "show"
        and ast.unparse(last.value.args[0]) != "plan"
    )
