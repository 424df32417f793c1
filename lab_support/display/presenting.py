"""Where a result that reporting.present() shows appears: a verdict in the exercise's panel, if there is one."""

from __future__ import annotations

import sys
from typing import Any, Final

from lab_support.display.html import view
from lab_support.display.show import show
from lab_support.display.view import Page, View

_ELSEWHERE: Final = "The panel above shows the verdict."


def presented(result: Any) -> View | Page:
    """The view of a result; of a verdict that a panel shows, one line that says so."""
    # Only a notebook with a panel has loaded this module, and `lab check` need not.
    module = sys.modules.get(f"{__package__}.panel")
    panel = module.panel_of(result) if module is not None else None
    if panel is None:
        return show(result)
    panel.receive(result)
    return view(f"<p>{_ELSEWHERE}</p>", str(result))
