"""What a learner sees during long work: what is running, how far it is, for how long, and how to stop it."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from lab_support.display.html import escape, view
from lab_support.display.view import View

DELAY: Final = 1.0  # seconds before anything is shown; most work is done by then
INTERVAL: Final = 0.5  # seconds between updates
HOW_TO_STOP: Final = "To stop it, interrupt the kernel: the ■ button above."


def waiting_view(what: str, message: str, seconds: float) -> View:
    """One state of the work. `role="status"` lets a screen reader finish its sentence first."""
    facts = " · ".join(part for part in (message, f"{seconds:.0f} s") if part)
    body = (
        f'<p role="status"><b>{escape(what)}</b> <span class="lab-dim">{escape(facts)}</span><br>'
        f'<span class="lab-dim lab-small">{HOW_TO_STOP}</span></p>'
    )
    return view(body, f"{what}: {facts}. {HOW_TO_STOP}")


class Waiting:
    """Progress below the running cell: `report` updates it, `end` removes it. Short work shows nothing."""

    def __init__(self, title: str) -> None:
        self.title, self.message = title, ""
        self.started = time.monotonic()
        self._handle: Any = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_drawing, daemon=True)
        self._thread.start()

    def report(self, message: str) -> None:
        self.message = message

    def end(self) -> None:
        """Removes the progress."""
        self._ended.set()
        self._thread.join()
        if self._handle is not None:
            self._handle.update({"text/plain": "", "text/html": ""}, raw=True)

    def _keep_drawing(self) -> None:
        pause = DELAY
        while not self._ended.wait(pause):
            self._draw()
            pause = INTERVAL

    def _draw(self) -> None:
        from IPython.display import DisplayHandle  # start-up time: the command needs no IPython

        shown = waiting_view(self.title, self.message, time.monotonic() - self.started)
        bundle = shown._repr_mimebundle_()
        if self._handle is None:
            self._handle = DisplayHandle()
            self._handle.display(bundle, raw=True)
        else:
            self._handle.update(bundle, raw=True)
