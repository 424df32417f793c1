"""The exercise panel: buttons below the program, and their results.

    panel("02_database_zone")     # the last line of a cell

Every button also exists as a function (coach.py) and as a command (`lab --help`), so widgets are optional. One action
runs at a time: meanwhile all buttons are disabled, and clicks are dropped.
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
from lab_support.display.drill_cells import drill_views
from lab_support.display.html import chip, escape, frame, page, sign, state_class, view
from lab_support.display.overview import notebook_link, standing_text
from lab_support.display.show import show
from lab_support.display.verdict import verdicts_view
from lab_support.display.waiting import HOW_TO_STOP
from lab_support.errors import BriefError, InternalError
from lab_support.program_code import source_of
from lab_support.reporting import reporting_to

# Seconds after an action in which clicks made during it still arrive; they are dropped.
_DRAIN: Final = 0.2


def _widgets() -> Any:
    import ipywidgets  # start-up time: `lab check` runs the notebook's import cells and draws no panel

    return ipywidgets


def panel(slug: str) -> Panel:
    """The panel of an exercise, for the function `program` of the notebook that it is in."""
    return Panel(exercises.find_exercise(slug))


class Panel:
    """Buttons, a status line, and the last result.

    `head`, `buttons` (by name) and `question` are the widgets of its parts; `widget` holds all of them.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.verdict: Check | None = None
        self._busy = False
        self._loop = _running_loop()  # the kernel's main thread's, where the panel's cell runs
        self._pending: tuple[Any, ...] = ()  # the question to show once clicks count again
        self._checked: str | None = None  # source of the last program that was checked
        widgets = _widgets()
        self.head = widgets.HTML()
        self._status = widgets.HTML()
        self._result = widgets.Output()
        self.question = widgets.HBox([])
        self.buttons = {
            "run": self._button(
                "Run program", "Preview your program and play the drill", self._run_program, "primary"
            ),
            "check": self._button(
                "Run check", "Check your program in several environments", self._check, "primary"
            ),
            "hint": self._button("Hint", "Show the next hint", self._hint),
            "changes": self._button("What changed", "How your changes change the plan", self._changes),
            "solution": self._button(
                "Show solution", "How the solution differs from your program", self._solution
            ),
            "notes": self._button("My notes", "Compare my notes (reveals the answers)", self._notes),
            "debrief": self._button("Debrief", "Why it matters, and how to spot it", self._debrief),
            "reset": self._button(
                "Reset", "Start over with the original notebook; a copy of yours is kept", self._reset
            ),
        }
        if not notes.has_answers(exercise):
            del self.buttons["notes"]
        self._next = widgets.Output()  # an HTML widget's link would not open as a tab in JupyterLab
        row = widgets.HBox([*self.buttons.values(), self._next])
        self.widget = widgets.VBox([self.head, row, self.question, self._status, self._result])
        for box, name in ((self.widget, "lab-panel"), (row, "lab-buttons"), (self.question, "lab-question")):
            box.add_class(name)
        self._refresh()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": str(self)}

    def __str__(self) -> str:
        slug = self.exercise.slug
        commands = ", ".join(
            f"lab {name} {slug}" for name in ("check", "hint", "changes", "solution", "reset")
        )
        return f"The panel of {slug}. As commands: {commands}, lab list."

    def __repr__(self) -> str:
        return str(self)

    def click(self, name: str) -> None:
        """Clicks a button: check, hint, changes, solution, notes, debrief or reset."""
        self.buttons[name].click()

    @property
    def shown(self) -> str:
        """The last result as plain text."""
        return "\n".join(str(output["data"]["text/plain"]) for output in self._result.outputs)

    # The buttons' actions

    def _check(self) -> None:
        program = self._program()
        source = source_of(program)
        is_same = source is not None and source == self._checked
        self._checked = source
        with self._progress("Checking"):
            verdict = check_program(self.exercise, program)
        self.verdict = verdict
        vars(sys.modules["__main__"])["verdict"] = verdict  # for the debrief's cells
        doubts = [] if verdict.passed else self._doubts(source, is_same)
        self._show(*doubts, verdicts_view([verdict]))

    def _run_program(self) -> None:
        program = self._program()
        self._show()
        with self._progress("Previewing"):
            for shown in drill_views(self.exercise, program):
                self._result.outputs += _outputs(shown)

    def _hint(self) -> None:
        were_all_seen = coach.entry_of(self.exercise).hints == exercises.HINTS
        found = show(coach.hint(self.exercise.slug))
        self._show(found, *([_text("That was the last hint.")] if were_all_seen else []))

    def _changes(self) -> None:
        program = self._program()
        with self._progress("Previewing"):
            before, after = coach.plans(self.exercise.slug, program)
        self._show(diff_view(before, after))

    def _solution(self) -> None:
        def reveal() -> None:
            self._show(show(coach.solution(self.exercise.slug, self._program(), yes=True)))

        self._once_passed(reveal, "You have not passed yet. Show the solution anyway?")

    def _notes(self) -> None:
        names = vars(sys.modules["__main__"])
        if "found" not in names:
            raise BriefError("There are no notes yet: run the cell with your notes first.")
        found = notes.read_notes(names["found"])

        def reveal() -> None:
            self._show(show(coach.compare_notes(self.exercise.slug, found, yes=True)))

        self._once_passed(reveal, "You have not passed yet, and this reveals the answers. Show it anyway?")

    def _debrief(self) -> None:
        passed = self.verdict is not None and self.verdict.passed
        changed = [what_changed(self.verdict)] if self.verdict is not None and passed else []
        self._show(*changed, text_of(self.exercise))

    def _reset(self) -> None:
        def put_back() -> None:
            done = coach.reset(self.exercise.slug)
            for name in ("program", "verdict"):  # they belong to the old notebook
                vars(sys.modules["__main__"]).pop(name, None)
            self.verdict, self._checked = None, None
            self._show(show(done), reset_link(done))

        self._ask("Start over with the original? Your last saved version is kept.", "Reset", put_back)

    # How they run

    def _button(self, label: str, tooltip: str, action: Callable[[], None], style: str = "") -> Any:
        button = _widgets().Button(description=label, tooltip=tooltip, button_style=style)
        button.layout.min_width = f"calc({len(label)}ch + 26px)"  # room for the ellipsis while it works
        button.on_click(lambda _: self._on_main_thread(lambda: self._run(button, action)))
        return button

    def _on_main_thread(self, work: Callable[[], None]) -> None:
        """Does the work on the main thread: ipykernel handles widget messages on threads that no interrupt reaches."""
        if self._loop is None or threading.current_thread() is threading.main_thread():
            work()
        else:
            self._loop.call_soon_threadsafe(work)

    def _run(self, button: Any, action: Callable[[], None]) -> None:
        """Runs a button's action; any error is shown in the panel."""
        if self._busy:
            return
        self._busy = True
        label, button.description = button.description, f"{button.description} …"
        self._enable()
        self.question.children = ()
        self._set_status(f"<b>{escape(label)}:</b> working")
        try:
            with _interruptible():
                action()
        except KeyboardInterrupt:
            self._show(_text("Stopped. Nothing is left running."))
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
            self._set_status("")
            self._refresh()
            self.question.children, self._pending = self._pending, ()
            for no in self.question.children[1:2]:
                no.focus()

        loop = _running_loop()
        if loop is None:  # no kernel, so no clicks either
            release()
        else:
            loop.call_later(_DRAIN, release)

    def _refresh(self) -> None:
        """Updates the heading, the buttons and the link to the next notebook."""
        standing = standing_of(self.exercise)
        exercise, passed = self.exercise, standing.state == PASSED
        facts = f"{chip(exercise.severity, exercise.severity)}{chip(exercise.category)}"
        failed_since = self.verdict is not None and not self.verdict.passed
        state = f"{sign(True)} Passed{' before' if failed_since else ''}" if passed else "Not passed yet"
        more = standing_text(standing)
        self.head.value = page(
            f'<div class="lab-head"><span class="lab-title">{escape(exercise.title)}</span>{facts}'
            f"<span>{chip(state, state_class(True) if passed else '')}"
            f' <span class="lab-dim lab-small">{escape(more)}</span></span></div>'
        )
        following = coach.next_exercise(exercise.slug)
        if following is None or following is exercise:
            target, label = "00_start_here", "Start page →"
        else:
            target, label = following.slug, f"Next: {following.slug[:2]} →"
        link = notebook_link(target, label, "lab-button")
        self._next.outputs = _outputs(view(link, f"{label} {target}.ipynb"))
        self.buttons["debrief"].button_style = "primary" if passed and not failed_since else ""
        self._enable()

    def _enable(self) -> None:
        passed = coach.entry_of(self.exercise).passed
        for name, button in self.buttons.items():
            button.disabled = self._busy or (name == "debrief" and not passed)

    def _once_passed(self, reveal: Callable[[], None], question: str) -> None:
        """Reveals an answer: at once after a pass, otherwise after a confirmation."""
        if coach.entry_of(self.exercise).passed:
            reveal()
        else:
            self._ask(question, "Show it", reveal)

    def _ask(self, question: str, yes: str, action: Callable[[], None]) -> None:
        """Asks a question, and does the action only if the answer is yes."""
        agree = self._button(yes, question, action)
        no = _widgets().Button(description="No", tooltip="Nothing changes")
        no.on_click(lambda _: setattr(self.question, "children", ()))
        self._pending = (_widgets().HTML(frame(f'<p role="alert">{escape(question)}</p>')), no, agree)

    def _progress(self, what: str) -> AbstractContextManager[None]:
        """Shows the progress of the work in this block in the status line."""
        return reporting_to(
            lambda message: self._set_status(f"<b>{what}:</b> {escape(message)}", HOW_TO_STOP)
        )

    def _set_status(self, html: str, more: str = "") -> None:
        small = f' <span class="lab-dim lab-small">{escape(more)}</span>' if more else ""
        self._status.value = frame(f'<p role="status">{html}{small}</p>') if html else ""

    def _show(self, *views: Any) -> None:
        self._result.outputs = _outputs(*views)

    def _program(self) -> Any:
        """The function that the notebook's exercise cell defined."""
        names = vars(sys.modules["__main__"])
        if "program" not in names:
            raise BriefError(
                "There is no program yet: run the cells above first (Run > Run All Above Selected Cell)."
            )
        return names["program"]

    def _doubts(self, source: str | None, is_same: bool) -> list[Any]:
        """A reminder, if the program has not changed: perhaps its cell was edited but not run."""
        shipped = source is not None and exercises.same_program([source], self.exercise.sources(EXERCISE))
        if not (shipped or is_same):
            return []
        what = "the program as shipped" if shipped else "the same program as in the last check"
        return [_text(f"This was {what}. If you have edited it, run its cell, then check again.")]


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


def _outputs(*views: Any) -> tuple[dict[str, Any], ...]:
    """Views as the outputs of an Output widget; setting all at once loses none."""
    return tuple(
        {"output_type": "display_data", "data": item._repr_mimebundle_(), "metadata": {}} for item in views
    )


def _text(text: str) -> Any:
    return view(f"<p>{escape(text)}</p>", text)


def _error(error: BriefError) -> Any:
    first, _, rest = str(error).partition("\n")
    detail = f'<pre class="lab-source" tabindex="0">{escape(rest)}</pre>' if rest else ""
    body = f'<div class="lab-card lab-is-bad" role="alert"><p><b>{escape(first)}</b></p>{detail}</div>'
    return view(body, str(error))


__all__ = ["Panel", "panel"]
