"""How plans, drills and verdicts look: HTML for a notebook, and plain text that says the same."""

from lab_support.display.presenting import presented
from lab_support.display.show import show
from lab_support.display.waiting import Waiting
from lab_support.reporting import register_views

register_views(view_of=presented, progress_view=Waiting)

__all__ = ["show"]
