"""The exercise panel, directly below the program: its buttons, and one place for each kind of result.

    panel("02_database_zone")     # the last line of a cell

Every button also exists as a function (coach.py) and as a command (`lab --help`), so widgets are optional. One action
runs at a time; clicks meanwhile are dropped. In a JupyterLab of `lab start`, panel.js runs the cell of the program or
of the notes before an action that uses it; elsewhere the panel uses them as they were last run. Results remain until
newer ones of their kind replace them, and those of an earlier version of the program are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from lab_support.checking.check import Check
from lab_support.checking.environments import ENVIRONMENTS
from lab_support.checking.run_check import check_program
from lab_support.course import coach, exercises, notes, overview, places, progress
from lab_support.course.exercises import EXERCISE, Exercise
from lab_support.course.overview import PASSED, standing_of
from lab_support.course.predictions import comparison_of
from lab_support.course.repairs import has_repairs
from lab_support.display.changes import change_views
from lab_support.display.coach import reset_link
from lab_support.display.debrief import text_of, what_changed
from lab_support.display.drill_cells import drill_views
from lab_support.display.html import chip, escape, page, sign, state_class, view
from lab_support.display.overview import flaw_facts, notebook_link, standing_text
from lab_support.display.panel_program import LearnersProgram, names
from lab_support.display.panel_questions import Questions
from lab_support.display.panel_runner import NotYet, Runner
from lab_support.display.panel_section import Section, outputs, widgets
from lab_support.display.predictions import results_view
from lab_support.display.show import show
from lab_support.display.verdict import verdicts_view
from lab_support.display.view import View
from lab_support.errors import BriefError
from lab_support.program_code import source_of
from lab_support.reporting import counted

_WELCOME: Final = (
    "Read the program above. The button Run program shows {shows}. Then change the program in its "
    "cell so that it meets the requirement, and check it. There is more than one right answer."
)
_panels: Final[
    dict[str, Panel]
] = {}  # the newest of each exercise, which shows the verdicts of the check's cell


def panel(slug: str) -> Panel:
    """The panel of an exercise, for the function `program` of the notebook that it is in; it replaces an older one."""
    exercise = exercises.find_exercise(slug)
    if exercise.slug in _panels:
        _panels[exercise.slug].program.close()
    _panels[exercise.slug] = Panel(exercise)
    return _panels[exercise.slug]


def panel_of(result: Any) -> Panel | None:
    """The panel in this kernel that shows a result: for a verdict, that of its exercise."""
    return _panels.get(result.exercise.slug) if isinstance(result, Check) else None


class Panel:
    """Buttons, a status line, and a section for each kind of result: `verdict`, `hints`, `drill`, and `more`.

    `head`, `buttons` (by name) and `way_on` are the widgets of its parts; `widget` holds all of them.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.verdict: Check | None = None
        self.program = LearnersProgram(exercise, self._on_program_run)
        self.sections = {
            "verdict": Section("Verdict", self.program),
            "hints": Section("Hints", None),
            "drill": Section("Preview" if exercise.worth else "Preview and drill", self.program),
            "more": Section("", self.program),
        }
        self.runner = Runner(on_end=self._refresh)
        self.questions = Questions(exercise, self.runner)
        self._played = "the preview" if exercise.worth else "the preview and the drill"
        self._checked: str | None = None  # source of the last program that was checked
        self._hints = coach.entry_of(exercise).hints
        self.head = widgets().HTML()
        self.buttons = {action[0]: self._button(*action) for action in self._actions()}
        self.way_on = widgets().Output()  # an HTML widget's link would not open as a tab in JupyterLab
        row = widgets().HBox([*self.buttons.values(), self.way_on])
        row.add_class("lab-buttons")
        script = widgets().Output(outputs=(_script(),))
        script.add_class("lab-script")
        sections = (section.widget for section in self.sections.values())
        self.widget = self.runner.widget
        self.widget.children = (row, self.head, *self.widget.children, *sections, script)
        shows = "what it would create"
        self.runner.say(_WELCOME.format(shows=shows if exercise.worth else f"{shows}, and plays the drill"))
        if self._hints:
            self._show_hints()
        self._refresh()

    def _actions(self) -> Iterator[tuple[str, str, str, Callable[[], None], str]]:
        """Each button's name, label and tooltip, its action, and the section of its results."""
        yield "run", "Run program", f"Shows {self._played} of your program", self._run_program, "drill"
        yield "check", "Check", "Check your program in several environments", self._check, "verdict"
        yield "hint", "Hint", "Show the next hint", self._hint, "hints"
        yield "changes", "What changed", "How your changes change the plan", self._changes, "more"
        if not places.is_learner_course():
            yield (
                "solution",
                "Show solution",
                "How the solution differs from your program",
                self._solution,
                "more",
            )
        if self.exercise.of_tag(exercises.NOTES):
            yield "notes", "My notes", "Compare my notes (reveals the answers)", self._notes, "more"
        if has_repairs(self.exercise):
            yield (
                "repairs",
                "Compare repairs",
                "Which of three holds? Opens once you have passed",
                self._repairs,
                "more",
            )
        yield (
            "debrief",
            "Debrief",
            "Why it matters, and how to spot it. Opens once you have passed",
            self._debrief,
            "more",
        )
        yield (
            "reset",
            "Reset",
            "Start over with the original notebook; a copy of yours is kept",
            self._reset,
            "more",
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": str(self)}

    def __str__(self) -> str:
        slug = self.exercise.slug
        commands = ", ".join(
            f"lab {name} {slug}"
            for name in ("predict", "check", "hint", "changes", "solution", "repairs", "reset")
            if not (name in ("solution", "repairs") and places.is_learner_course())
        )
        return f"The panel of {slug}. As commands: {commands}, lab list."

    def __repr__(self) -> str:
        return str(self)

    def click(self, name: str) -> None:
        """Clicks a button: run, check, hint, changes, solution, notes, repairs, debrief or reset."""
        self.buttons[name].click()

    def receive(self, verdict: Check, *, is_asked_for: bool = False) -> None:
        """Shows a verdict, of the Check button (`is_asked_for`) or of the check's cell."""
        self.verdict = verdict
        names()["verdict"] = verdict
        shown = verdicts_view([verdict])
        if not (is_asked_for or verdict.passed):
            shown = self.questions.held_back(shown)
        self.sections["verdict"].show(shown)
        points = f"{self.exercise.points} of {counted(self.exercise.points, 'point')}"
        if not verdict.passed:
            self.runner.say(f"{verdict.summary.capitalize()}.")
        elif self.sections["drill"].is_stale:
            self.runner.say(f"Passed: {points}. Run program shows {self._played} of your repair.")
        else:
            self.runner.say(f"Passed: {points}.")
        self._refresh()

    # The buttons' actions

    def _run_program(self) -> None:
        self.program.function()  # raises if there is none
        progress.record_visit(self.exercise.slug, coach.folder())
        if not self.questions.predict_first(self._play_drill, self.sections["drill"]):
            self._play_drill()

    def _play_drill(self) -> None:
        program, section = self.program.function(), self.sections["drill"]
        played: dict[str, Any] = {}
        with self.runner.progress("Previewing"):
            for shown in drill_views(self.exercise, program, played):
                (section.add if section.text else section.show)(shown)
            if (prediction := self.questions.prediction()) is not None:
                section.add(results_view((comparison_of(prediction, program, played.get("plan")),)))
        self.runner.say(f"Shown below: {self._played} of your program.")

    def _check(self) -> None:
        self.verdict = None
        names().pop("verdict", None)  # an older one must not pass for this check's
        program = self.program.function()
        source = source_of(program)
        is_same = source is not None and source == self._checked
        self._checked = source
        with self.runner.progress("Checking"):
            verdict = check_program(self.exercise, program)
        self.receive(verdict, is_asked_for=True)
        if not verdict.passed:
            self.sections["verdict"].add(*self._doubts(source, is_same))

    def _hint(self) -> None:
        were_all_seen = self._hints == exercises.HINTS
        self._hints = min(self._hints + 1, exercises.HINTS)
        coach.hint(self.exercise.slug, self._hints)  # counts as seen
        self._show_hints()
        last = f"Hint {self._hints} of {exercises.HINTS} is shown below."
        self.runner.say("That was the last hint." if were_all_seen else last)

    def _changes(self) -> None:
        program = self.program.function()
        with self.runner.progress("Previewing"):
            pairs = coach.plans(self.exercise.slug, program, ENVIRONMENTS)
        self._show_more("What changed", *change_views(pairs))

    def _solution(self) -> None:
        def reveal() -> None:
            found = coach.solution(self.exercise.slug, self.program.function(), yes=True)
            self._show_more("Solution", show(found))

        self._once_passed(reveal, "You have not passed yet. Show the solution anyway?")

    def _notes(self) -> None:
        found = self._own_notes()

        def reveal() -> None:
            self._show_more(
                "My notes",
                show(coach.compare_notes(self.exercise.slug, found, yes=True)),
                is_about_program=False,
            )

        self._once_passed(reveal, "You have not passed yet, and this reveals the answers. Show it anyway?")

    def _repairs(self) -> None:
        if not coach.entry_of(self.exercise).passed:
            raise NotYet("Compare repairs opens once you have passed.")

        def show_repairs(shown: View) -> None:
            self._show_more("Repairs compared", shown, is_about_program=False)

        self.questions.compare_repairs(show_repairs, self.sections["more"])

    def _debrief(self) -> None:
        if not coach.entry_of(self.exercise).passed:
            raise NotYet("The debrief opens once you have passed.")
        shown: list[Any] = []
        if notes.has_answers(self.exercise) and names().get("found"):
            shown.append(show(coach.compare_notes(self.exercise.slug, self._own_notes())))
        if self.verdict is not None and self.verdict.passed:
            shown += what_changed(self.verdict).views
        self._show_more("Debrief", *shown, text_of(self.exercise), is_about_program=False)

    def _reset(self) -> None:
        def put_back() -> None:
            done = coach.reset(self.exercise.slug)
            for name in ("program", "verdict"):  # they belong to the old notebook
                names().pop(name, None)
            self.verdict, self._checked, self._hints = None, None, 0
            self.questions.forget()
            for section in self.sections.values():
                section.clear()
            self._show_more("Reset", show(done), reset_link(done), is_about_program=False)

        question = (
            "Start over with the original? Your last saved version is kept as a copy; unsaved edits are lost."
        )
        self.runner.ask(question, "Reset", put_back, self.sections["more"])

    # What they have in common

    def _show_hints(self) -> None:
        """Shows the hints that the learner has asked for so far, on another day, too."""
        found = [coach.hint_of(self.exercise, step + 1) for step in range(self._hints)]
        self.sections["hints"].show(show(found))

    def _button(self, name: str, label: str, tooltip: str, action: Callable[[], None], section: str) -> Any:
        is_first = name in ("run", "check")
        return self.runner.button(
            label,
            tooltip,
            action,
            self.sections[section],
            [f"lab-does-{name}"],
            renews=is_first,
            is_primary=is_first,
        )

    def _show_more(self, title: str, *views: Any, is_about_program: bool = True) -> None:
        self.sections["more"].show(*views, title=title, is_about_program=is_about_program)
        self.runner.say(f"{title}: shown below.")

    def _refresh(self) -> None:
        """Updates the state of the exercise and the link to the next notebook."""
        standing = standing_of(self.exercise)
        exercise, passed = self.exercise, standing.state == PASSED
        failed_since = self.verdict is not None and not self.verdict.passed
        facts = "".join(chip(*fact) for fact in flaw_facts(standing))
        state = f"{sign(True)} Passed{' before' if failed_since else ''}" if passed else "Not passed yet"
        self.head.value = page(
            f'<div class="lab-head"><span class="lab-title">{escape(exercise.title)}</span>{facts}'
            f"<span>{chip(state, state_class(True) if passed else '')}"
            f' <span class="lab-dim lab-small">{escape(standing_text(standing))}</span></span></div>'
        )
        following = coach.next_exercise(exercise.slug)
        if following is None or following is exercise:
            target, label = overview.AFTERWARDS, "Your own stack →"
        else:
            target, label = following.slug, f"Next: {following.slug[:2]} →"
        link = notebook_link(target, label, "lab-button")
        self.way_on.outputs = outputs(view(link, f"{label} {target}.ipynb"))
        for name in ("repairs", "debrief"):  # the debrief says which repair holds
            is_next = passed and not failed_since and name == self._next_button()
            if name in self.buttons:
                self.buttons[name].button_style = "primary" if is_next else ""

    def _next_button(self) -> str:
        """The button to press after a pass."""
        return "repairs" if "repairs" in self.buttons and not self.questions.has_compared else "debrief"

    def _on_program_run(self, succeeded: bool) -> None:
        for section in self.sections.values():
            section.mark()
        if not succeeded:
            self.runner.say("The program's cell ended with an error, which it shows.")

    def _once_passed(self, reveal: Callable[[], None], question: str) -> None:
        """Reveals an answer: at once after a pass, otherwise after a confirmation."""
        if coach.entry_of(self.exercise).passed:
            reveal()
        else:
            self.runner.ask(question, "Show it", reveal, self.sections["more"])

    def _own_notes(self) -> Any:
        if "found" not in names():
            raise BriefError("There are no notes yet: run the cell with your notes first.")
        return notes.read_notes(names()["found"])

    def _doubts(self, source: str | None, is_same: bool) -> list[Any]:
        """A reminder, if the program has not changed: perhaps its cell was edited but not run."""
        shipped = source is not None and exercises.same_program([source], self.exercise.sources(EXERCISE))
        if not (shipped or is_same):
            return []
        what = "the program as shipped" if shipped else "the same program as in the last check"
        text = f"This was {what}. If you have edited it, run its cell, then check again."
        return [view(f'<p class="lab-last-run">{text}</p>', text)]


@cache
def _script() -> dict[str, Any]:
    """panel.js as an output; it runs in a function of its own."""
    code = Path(__file__).with_name("panel.js").read_text(encoding="utf-8")
    data = {"application/javascript": f"(() => {{\n{code}\n}})();", "text/plain": ""}
    return {"output_type": "display_data", "data": data, "metadata": {}}


__all__ = ["Panel", "panel", "panel_of"]
