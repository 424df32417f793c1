"""The exercise panel: buttons below the program, and what they bring.

    panel("02_database_zone")     # the last line of a cell

Each button does what a function and a command do as well (coach.py, `lab --help`), so nobody needs widgets. Only one
thing runs at a time: while a button works, all are disabled, and clicks that were made meanwhile are dropped.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from lab_support.checking.check import Check
from lab_support.checking.run_check import check_program
from lab_support.course import coach, exercises, notes
from lab_support.course.exercises import EXERCISE, Exercise
from lab_support.course.overview import PASSED, standing_of
from lab_support.display.coach import reset_link
from lab_support.display.debrief import text_of, what_changed
from lab_support.display.diff import diff_view
from lab_support.display.html import chip, escape, frame, page, sign, state_class, view
from lab_support.display.overview import notebook_link, standing_text
from lab_support.display.show import show
from lab_support.display.verdict import verdicts_view
from lab_support.display.waiting import HOW_TO_STOP
from lab_support.errors import BriefError, InternalError
from lab_support.program_code import source_of
from lab_support.reporting import reporting_to

# Until clicks made during the work have come in; they are dropped, as the button was disabled for them.
_DRAIN: Final = 0.2  # seconds


def _widgets() -> Any:
    """The package, imported only where a panel is drawn: `lab check` runs the import cells, too, and need not wait."""
    import ipywidgets

    return ipywidgets


def panel(slug: str) -> Panel:
    """The panel of an exercise, for the function `program` of the notebook that it stands in."""
    return Panel(exercises.find_exercise(slug))


class Panel:
    """Buttons, a line that says what is going on, and the last result."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.verdict: Check | None = None
        self._busy = False
        self._loop = _running_loop()  # that of the kernel's main thread, where the panel's cell runs
        self._asked: tuple[Any, ...] = ()  # what the question's row shows once a click on it counts
        self._checked: str | None = None  # the source of the last program that was checked
        widgets = _widgets()
        self._head = widgets.HTML()
        self._status = widgets.HTML()
        self._result = widgets.Output()
        self._question = widgets.HBox([])
        self._buttons = {
            "check": self._button(
                "Run check", "Preview in several environments and check", self._check, "primary"
            ),
            "hint": self._button("Hint", "Show the next hint", self._hint),
            "changes": self._button("What changed", "The plan before and after your changes", self._changes),
            "solution": self._button("Show solution", "The solution against your program", self._solution),
            "notes": self._button(
                "My notes", "What you wrote down against what there was to be found", self._notes
            ),
            "debrief": self._button("Debrief", "Why it matters and how to spot it", self._debrief),
            "reset": self._button("Reset", "The notebook as shipped; yours is kept as a copy", self._reset),
        }
        if not notes.has_answers(exercise):
            del self._buttons["notes"]
        self._next = widgets.Output()  # unlike in a widget of HTML, JupyterLab opens a link in it as a tab
        row = widgets.HBox([*self._buttons.values(), self._next])
        self.widget = widgets.VBox([self._head, row, self._question, self._status, self._result])
        for box, name in ((self.widget, "lab-panel"), (row, "lab-buttons"), (self._question, "lab-question")):
            box.add_class(name)
        self._refresh()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": str(self)}

    def __str__(self) -> str:
        slug = self.exercise.slug
        commands = ", ".join(
            f"lab {name} {slug}" for name in ("check", "hint", "changes", "solution", "reset")
        )
        return f"The panel of {slug}. The same on the command line: {commands}, lab list."

    def __repr__(self) -> str:
        return str(self)

    def click(self, name: str) -> None:
        """What a click on a button does: check, hint, changes, solution, notes, debrief or reset."""
        self._buttons[name].click()

    @property
    def shown(self) -> str:
        """The last result as plain text."""
        return "\n".join(str(output["data"]["text/plain"]) for output in self._result.outputs)

    # What the buttons do

    def _check(self) -> None:
        program = self._program()
        source = source_of(program)
        again = source is not None and source == self._checked
        self._checked = source
        with self._telling("Checking"):
            verdict = check_program(self.exercise, program)
        self.verdict = verdict
        vars(sys.modules["__main__"])["verdict"] = verdict  # for the cells of the debrief
        doubts = [] if verdict.passed else self._doubts(source, again)
        self._show(*doubts, verdicts_view([verdict]))

    def _hint(self) -> None:
        were_all_seen = coach.entry_of(self.exercise).hints == exercises.HINTS
        found = show(coach.hint(self.exercise.slug))
        self._show(found, *([_text("That was the last hint.")] if were_all_seen else []))

    def _changes(self) -> None:
        program = self._program()
        with self._telling("Previewing"):
            before, after = coach.plans(self.exercise.slug, program)
        self._show(diff_view(before, after))

    def _solution(self) -> None:
        def reveal() -> None:
            self._show(show(coach.solution(self.exercise.slug, self._program(), yes=True)))

        self._once_passed(reveal, "You have not passed yet. Show the solution all the same?")

    def _notes(self) -> None:
        names = vars(sys.modules["__main__"])
        if "found" not in names:
            raise BriefError("There are no notes yet: run the cell in which you write them down.")
        found = notes.read_notes(names["found"])

        def reveal() -> None:
            self._show(show(coach.compare_notes(self.exercise.slug, found, yes=True)))

        self._once_passed(
            reveal, "You have not passed yet, and this tells what there is to be found. Show it all the same?"
        )

    def _debrief(self) -> None:
        passed = self.verdict is not None and self.verdict.passed
        changed = [what_changed(self.verdict)] if self.verdict is not None and passed else []
        self._show(*changed, text_of(self.exercise))

    def _reset(self) -> None:
        def put_back() -> None:
            done = coach.reset(self.exercise.slug)
            for name in ("program", "verdict"):  # of the notebook that was
                vars(sys.modules["__main__"]).pop(name, None)
            self.verdict, self._checked = None, None
            self._show(show(done), reset_link(done))

        question = (
            "Begin anew with the original notebook? A copy of what you have saved is kept (Ctrl+S saves)."
        )
        self._ask(question, "Reset", put_back)

    # How they do it

    def _button(self, label: str, tooltip: str, action: Callable[[], None], style: str = "") -> Any:
        button = _widgets().Button(description=label, tooltip=tooltip, button_style=style)
        button.layout.min_width = f"calc({len(label)}ch + 26px)"  # room for what stands there while it works
        button.on_click(lambda _: self._on_main_thread(lambda: self._run(button, action)))
        return button

    def _on_main_thread(self, work: Callable[[], None]) -> None:
        """JupyterLab has the messages of widgets handled by threads of their own, which no interrupt reaches."""
        if self._loop is None or threading.current_thread() is threading.main_thread():
            work()
        else:
            self._loop.call_soon_threadsafe(work)

    def _run(self, button: Any, action: Callable[[], None]) -> None:
        """Runs what a button does; whatever goes wrong is shown in the panel."""
        if self._busy:
            return
        self._busy = True
        label, button.description = button.description, f"{button.description} …"
        self._enable()
        self._question.children = ()
        self._say(f"<b>{escape(label)}:</b> working")
        try:
            with _interruptible():
                action()
        except KeyboardInterrupt:
            self._show(_text("Stopped. Nothing of it is left running."))
        except BriefError as error:
            self._show(_error(error))
        except Exception as error:
            self._show(_error(InternalError(f"{type(error).__name__}: {error}")))
        finally:
            button.description = label
            self._release()

    def _release(self) -> None:
        def release() -> None:
            self._busy = False
            self._say("")
            self._refresh()
            self._question.children, self._asked = self._asked, ()
            for no in self._question.children[1:2]:
                no.focus()

        loop = _running_loop()
        if loop is None:  # no kernel, so no clicks either
            release()
        else:
            loop.call_later(_DRAIN, release)

    def _refresh(self) -> None:
        """The head, what may be clicked, and the way on, as things stand now."""
        standing = standing_of(self.exercise)
        exercise, passed = self.exercise, standing.state == PASSED
        facts = f"{chip(exercise.severity, exercise.severity)}{chip(exercise.category)}"
        failed_since = self.verdict is not None and not self.verdict.passed
        state = f"{sign(True)} Passed{' before' if failed_since else ''}" if passed else "Not passed yet"
        more = standing_text(standing)
        self._head.value = page(
            f'<div class="lab-head"><span class="lab-title">{escape(exercise.title)}</span>{facts}'
            f"<span>{chip(state, state_class(True) if passed else '')}"
            f' <span class="lab-dim lab-small">{escape(more)}</span></span></div>'
        )
        onward = coach.next_exercise(exercise.slug)
        if onward is None or onward is exercise:
            target, label = "00_start_here", "Start page →"
        else:
            target, label = onward.slug, f"Next: {onward.slug[:2]} →"
        link = notebook_link(target, label, "lab-button")
        self._next.outputs = _outputs(view(link, f"{label} {target}.ipynb"))
        self._buttons["debrief"].button_style = "primary" if passed and not failed_since else ""
        self._enable()

    def _enable(self) -> None:
        passed = coach.entry_of(self.exercise).passed
        for name, button in self._buttons.items():
            button.disabled = self._busy or (name == "debrief" and not passed)

    def _once_passed(self, reveal: Callable[[], None], question: str) -> None:
        """What gives the answer away: at once after a pass, before that when asked twice."""
        if coach.entry_of(self.exercise).passed:
            reveal()
        else:
            self._ask(question, "Show it", reveal)

    def _ask(self, question: str, yes: str, action: Callable[[], None]) -> None:
        """Goes on only after a second click."""
        agree = self._button(yes, question, action)
        no = _widgets().Button(description="No", tooltip="Nothing changes")
        no.on_click(lambda _: setattr(self._question, "children", ()))
        self._asked = (_widgets().HTML(frame(f'<p role="alert">{escape(question)}</p>')), no, agree)

    def _telling(self, what: str) -> AbstractContextManager[None]:
        """News of the work in this block goes into the panel's line."""
        return reporting_to(lambda news: self._say(f"<b>{what}:</b> {escape(news)}", HOW_TO_STOP))

    def _say(self, html: str, more: str = "") -> None:
        small = f' <span class="lab-dim lab-small">{escape(more)}</span>' if more else ""
        self._status.value = frame(f'<p role="status">{html}{small}</p>') if html else ""

    def _show(self, *views: Any) -> None:
        self._result.outputs = _outputs(*views)

    def _program(self) -> Any:
        """The function that the notebook's exercise cell has defined."""
        names = vars(sys.modules["__main__"])
        if "program" not in names:
            raise BriefError(
                "There is no program yet: run the cells above first (Run > Run All Above Selected Cell)."
            )
        return names["program"]

    def _doubts(self, source: str | None, again: bool) -> list[Any]:
        """What may explain that a check has failed once more: the cell was edited, but not run."""
        shipped = source is not None and exercises.same_program([source], self.exercise.sources(EXERCISE))
        if not (shipped or again):
            return []
        what = "the program as shipped" if shipped else "the same program as at the last check"
        return [_text(f"This was {what}. If you have changed it, run its cell, then check again.")]


@contextmanager
def _interruptible() -> Iterator[None]:
    """An interrupt of the kernel counts in this block, even where the kernel takes itself to be idle."""
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


def _outputs(*views: Any) -> tuple[dict[str, Any], ...]:
    """Views as the outputs of an Output widget; set all at once, none is lost."""
    return tuple(
        {"output_type": "display_data", "data": each._repr_mimebundle_(), "metadata": {}} for each in views
    )


def _text(text: str) -> Any:
    return view(f"<p>{escape(text)}</p>", text)


def _error(error: BriefError) -> Any:
    first, _, rest = str(error).partition("\n")
    detail = f'<pre class="lab-source" tabindex="0">{escape(rest)}</pre>' if rest else ""
    body = f'<div class="lab-card lab-is-bad" role="alert"><p><b>{escape(first)}</b></p>{detail}</div>'
    return view(body, str(error))


__all__ = ["Panel", "panel"]
