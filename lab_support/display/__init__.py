"""How things look: `show(x)` draws plans, drills and verdicts, as HTML for a notebook and as text for everyone else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class View:
    """Something to look at: `html` for a notebook, `text` that says the same to a terminal or a screen reader."""

    html: str
    text: str

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def show(thing: Any) -> View:
    """The view of a plan, of an outage or of several. Raises TypeError for what has no view."""
    from lab_support.display.outage import outage_view
    from lab_support.display.plan import plan_view
    from lab_support.drills.outage import Outage
    from lab_support.plan import Plan

    if isinstance(thing, Plan):
        return plan_view(thing)
    if isinstance(thing, Outage):
        return outage_view((thing,))
    if isinstance(thing, (tuple, list)) and thing and all(isinstance(each, Outage) for each in thing):
        return outage_view(tuple(thing))
    raise TypeError(f"show() draws plans and drills, not {type(thing).__name__}")
