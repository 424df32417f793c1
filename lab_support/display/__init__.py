"""How plans, drills and verdicts look: HTML for a notebook, and text that says the same for everyone else."""

from lab_support.display.show import show
from lab_support.display.waiting import Waiting
from lab_support.reporting import register_views

register_views(view_of=show, progress_view=Waiting)
