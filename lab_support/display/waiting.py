"""What a learner sees while something takes long: what is going on, how far, since when, and how to stop it."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from lab_support.display.html import escape, view
from lab_support.display.view import View

_PATIENCE: Final = 1.0  # seconds before anything is shown; most work is done by then
_PAUSE: Final = 0.5  # seconds between two pictures
HOW_TO_STOP: Final = "To stop it, interrupt the kernel: the ■ button above."


def waiting_view(what: str, news: str, seconds: float) -> View:
    """One state of the work. A screen reader is told without being interrupted."""
    facts = " · ".join(part for part in (news, f"{seconds:.0f} s") if part)
    body = (
        f'<p role="status"><b>{escape(what)}</b> <span class="lab-dim">{escape(facts)}</span><br>'
        f'<span class="lab-dim lab-small">{HOW_TO_STOP}</span></p>'
    )
    return view(body, f"{what}: {facts}. {HOW_TO_STOP}")


class Waiting:
    """Progress below the running cell: `report` updates it, `end` removes it. Work that ends at once shows nothing."""

    def __init__(self, title: str) -> None:
        self.title, self.message = title, ""
        self.began = time.monotonic()
        self._handle: Any = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw_on, daemon=True)
        self._thread.start()

    def report(self, message: str) -> None:
        self.message = message

    def end(self) -> None:
        """Takes the picture away."""
        self._over.set()
        self._thread.join()
        if self._handle is not None:
            self._handle.update({"text/plain": "", "text/html": ""}, raw=True)

    def _draw_on(self) -> None:
        pause = _PATIENCE
        while not self._over.wait(pause):
            self._draw()
            pause = _PAUSE

    def _draw(self) -> None:
        from IPython.display import DisplayHandle  # start-up time: the command needs no IPython

        picture = waiting_view(self.title, self.message, time.monotonic() - self.began)
        bundle = picture._repr_mimebundle_()
        if self._handle is None:
            self._handle = DisplayHandle()
            self._handle.display(bundle, raw=True)
        else:
            self._handle.update(bundle, raw=True)
