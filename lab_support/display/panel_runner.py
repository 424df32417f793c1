"""What runs the panel's actions: one at a time, on the main thread, with progress and a way to stop them."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from lab_support.display.html import escape, frame, view
from lab_support.display.panel_section import Section, widgets
from lab_support.display.waiting import HOW_TO_STOP
from lab_support.errors import BriefError, InternalError
from lab_support.reporting import reporting_to

# Seconds after an action in which clicks made during it still arrive; they are dropped.
_DRAIN: Final = 0.2
_STOPPED: Final = "Stopped. Nothing is left running."

Action = Callable[[], None]


class NotYet(BriefError):
    """The action is not open yet: the status line says so, and what is shown stays."""


class Runner:
    """Buttons and what they have in common: a status line, and a question before some actions.

    Buttons are never disabled, because a disabled button loses the keyboard's focus: while an action runs, clicks are
    dropped, and the widget has the class `lab-is-busy`. `on_end` is called after each action.
    """

    def __init__(self, on_end: Action) -> None:
        self.is_busy = False
        self._on_end = on_end
        self._loop = _running_loop()  # the kernel's main thread's, where the panel's cell runs
        self._pending: tuple[Any, ...] = ()  # the question to show once clicks count again
        self._takes_focus = True  # whether the question moves the focus to its first answer
        self._newest: Section | None = None
        self.status = widgets().HTML()
        self.question = widgets().HBox([])
        self.widget = widgets().VBox([self.question, self.status])
        for part, name in ((self.widget, "panel"), (self.question, "question"), (self.status, "status")):
            part.add_class(f"lab-{name}")

    def button(
        self,
        label: str,
        tooltip: str,
        action: Action,
        section: Section,
        styles: Iterable[str] = (),
        *,
        renews: bool = False,
        is_primary: bool = False,
    ) -> Any:
        """A button whose errors appear in a section; with `renews`, this is emptied before the action."""
        button = widgets().Button(
            description=label, tooltip=tooltip, button_style="primary" if is_primary else ""
        )
        button.layout.min_width = f"calc({len(label)}ch + 26px)"  # room for the ellipsis while it works
        for style in styles:
            button.add_class(style)

        def run() -> None:
            self._run(button, action, section, renews)

        button.on_click(lambda _: self._on_main_thread(run))
        return button

    def ask(self, question: str, yes: str, action: Action, section: Section) -> None:
        """Asks a question once the running action has ended, and does the action only if the answer is yes."""
        self._takes_focus = True
        agree = self.button(yes, question, action, section)
        no = widgets().Button(description="No", tooltip="Nothing changes")
        no.on_click(lambda _: self._decline())
        self._pending = (widgets().HTML(frame(f'<p role="alert">{escape(question)}</p>')), no, agree)
        self.say("")

    def choose(
        self,
        question: str,
        answers: Iterable[tuple[str, Action]],
        section: Section,
        *,
        takes_focus: bool = True,
    ) -> None:
        """Asks a question, given as HTML, once the running action has ended; each answer is a button with its action.

        A question that is too long for the screen takes no focus, which would scroll to its end.
        """
        self._takes_focus = takes_focus
        buttons = [self.button(label, label, action, section, renews=True) for label, action in answers]
        self._pending = (widgets().HTML(question), *buttons)
        self.say("")

    def progress(self, what: str) -> AbstractContextManager[None]:
        """Shows the progress of the work in this block in the status line."""
        return reporting_to(lambda message: self.say(f"{what}: {message}", HOW_TO_STOP))

    def say(self, text: str, more: str = "") -> None:
        """Shows a sentence in the status line, which panel.js has read aloud."""
        small = f' <span class="lab-dim lab-small">{escape(more)}</span>' if more else ""
        self.status.value = frame(f"<p>{escape(text)}{small}</p>")

    def _decline(self) -> None:
        self.question.children = ()
        self.say("Nothing was changed.")

    def _on_main_thread(self, work: Action) -> None:
        """Does the work on the main thread: ipykernel handles widget messages on threads that no interrupt reaches."""
        if self._loop is None or threading.current_thread() is threading.main_thread():
            work()
        else:
            self._loop.call_soon_threadsafe(work)

    def _run(self, button: Any, action: Action, section: Section, renews: bool) -> None:
        if self.is_busy:
            return
        self.is_busy = True
        newest: Section | None = section
        self.widget.add_class("lab-is-busy")
        label, button.description = button.description, f"{button.description} …"
        self.question.children = ()
        if renews:
            section.clear()
        self.say(f"{label}: working")
        try:
            with _interruptible():
                action()
        except KeyboardInterrupt:
            self._fail(section, label, view(f"<p>{_STOPPED}</p>", _STOPPED))
        except NotYet as error:
            self.say(str(error))
            newest = None
        except BriefError as error:
            self._fail(section, label, _error(error))
        except Exception as error:
            self._fail(section, label, _error(InternalError(f"{type(error).__name__}: {error}")))
        finally:
            button.description = label
            self._mark_newest(newest)
            self._release()

    def _mark_newest(self, section: Section | None) -> None:
        """Names the section that panel.js scrolls into view: none where a question or the status line comes first."""
        if self._newest is not None:
            self._newest.widget.remove_class("lab-is-newest")
        self._newest = None if self._pending else section
        if self._newest is not None:
            self._newest.widget.add_class("lab-is-newest")

    def _fail(self, section: Section, label: str, shown: Any) -> None:
        """Shows an error below what the action had shown before it."""
        if section.text and section.has_own_title:
            section.add(shown)
        else:
            section.show(shown, title=label)
        self.say(shown.text.partition("\n")[0])

    def _release(self) -> None:
        def release() -> None:
            self.question.children, self._pending = self._pending, ()
            self.is_busy = False
            self.widget.remove_class("lab-is-busy")
            self._on_end()
            for first in self.question.children[1:2] if self._takes_focus else ():
                first.focus()

        loop = _running_loop()
        if loop is None:  # no kernel, so no clicks either
            release()
        else:
            loop.call_later(_DRAIN, release)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Makes an interrupt of the kernel count in this block, even if the kernel believes that it is idle."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _error(error: BriefError) -> Any:
    first, _, rest = str(error).partition("\n")
    detail = f'<pre class="lab-source" tabindex="0">{escape(rest)}</pre>' if rest else ""
    return view(f'<div class="lab-card lab-is-bad"><p><b>{escape(first)}</b></p>{detail}</div>', str(error))
