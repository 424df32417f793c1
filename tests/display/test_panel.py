"""The panel without a browser: what each button shows and where, one action at a time, with errors in the panel."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lab_support.checking.run_check import check_program
from lab_support.course import coach, exercises, progress
from lab_support.course.cells import program_of
from lab_support.course.exercises import find_exercise
from lab_support.course.notebooks import build
from lab_support.course.predictions import record_prediction
from lab_support.course.repairs import repairs_of
from lab_support.display.panel import Panel, panel
from lab_support.display.panel_program import names
from lab_support.display.panel_section import STALE
from lab_support.display.presenting import presented
from lab_support.errors import InternalError, ProgramError
from tests.programs import ROOT, SLUG, shipped, solved


@pytest.fixture
def learner(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with everything built and progress on; returns the folder of the notebooks."""
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    build()
    monkeypatch.chdir(clone / "notebooks")
    return clone / "notebooks"


@pytest.fixture
def write(learner: Path) -> Iterator[Callable[[str], Panel]]:
    """Runs a program's cell, as in a notebook, and returns the panel below it."""
    kept = dict(names())
    names()["verdict"] = None

    def run(source: str) -> Panel:
        names()["program"] = program_of(find_exercise(SLUG), [source])
        return panel("02")

    yield run
    for name in ("program", "verdict"):
        names().pop(name, None)
    names().update(kept)


def run_cell(panel: Panel, source: str, cell: str = "02-exercise-1", succeeded: bool = True) -> None:
    """What IPython says after a cell has run."""
    info = SimpleNamespace(cell_id=cell, raw_cell=source)
    panel.program.after_cell(SimpleNamespace(info=info, success=succeeded))


def title(panel: Panel, name: str) -> str:
    """The heading of a section."""
    return str(panel.sections[name].heading.value)


def html(panel: Panel, name: str) -> str:
    """What a section shows, as HTML."""
    outputs = panel.sections[name].widget.children[1].outputs
    return "".join(output["data"].get("text/html", "") for output in outputs)


def said(panel: Panel) -> str:
    """The status line."""
    return str(panel.runner.status.value)


class TestCheck:
    def test_the_shipped_program_fails_with_a_reminder_to_run_its_cell(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("check")
        text = shown.sections["verdict"].text
        assert "SINGLE-ZONE" in text
        assert "This was the program as shipped." in text
        assert "Not yet. 1 finding." in said(shown)
        assert progress.read(learner)[SLUG].checks == 1
        shown.click("debrief")
        assert "The debrief opens once you have passed." in said(shown)
        assert shown.sections["more"].text == ""

    def test_a_repair_passes_and_opens_the_debrief(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(solved())
        shown.click("check")
        assert "passed, 2 of 2 points" in shown.sections["verdict"].text
        assert "Passed: 2 of 2 points." in said(shown)
        assert names()["verdict"].passed
        assert progress.read(learner)[SLUG].passed_version == find_exercise(SLUG).version
        assert "Passed" in shown.head.value
        shown.click("debrief")
        text = shown.sections["more"].text
        assert "multi_az: True" in text
        assert "### Why it matters" in text

    def test_checking_the_same_program_again_gives_a_reminder(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped().replace("allocated_storage=100", "allocated_storage=200"))
        shown.click("check")
        assert "This was" not in shown.sections["verdict"].text
        shown.click("check")
        assert "the same program as in the last check" in shown.sections["verdict"].text

    def test_an_error_replaces_the_verdict_of_an_earlier_check(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        shown.click("check")
        names()["program"] = program_of(
            find_exercise(SLUG), ["def program(environment_suffix):\n    return undefined_name\n"]
        )
        shown.click("check")
        text = shown.sections["verdict"].text
        assert "undefined_name" in text
        assert "SINGLE-ZONE" not in text
        assert "Traceback" not in text
        assert "verdict" not in names()

    def test_a_missing_program_is_reported(self, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(sys.modules["__main__"], "program", raising=False)
        shown = panel(SLUG)
        shown.click("check")
        assert "run the cells above first" in shown.sections["verdict"].text

    def test_the_panel_shows_the_verdict_of_the_checks_cell(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        verdict = check_program(shown.exercise, names()["program"])
        assert "The panel above shows the verdict." in presented(verdict).html  # type: ignore[union-attr]
        assert "SINGLE-ZONE" in shown.sections["verdict"].text


class TestRunProgram:
    @pytest.fixture(autouse=True)
    def predicted(self, learner: Path) -> None:
        """A prediction, so that the drill is played at once."""
        record_prediction(find_exercise(SLUG), "3")

    def test_it_shows_the_preview_and_the_drill(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        shown.click("run")
        text = shown.sections["drill"].text
        assert "emergency-alert-db-dev" in text
        assert "ap-southeast-1c" in text

    def test_a_preview_that_fails_leaves_no_old_plan_behind(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        shown.click("run")
        names()["program"] = program_of(
            find_exercise(SLUG), ["def program(environment_suffix):\n    return undefined_name\n"]
        )
        shown.click("run")
        text = shown.sections["drill"].text
        assert "undefined_name" in text
        assert "emergency-alert-db-dev" not in text


class TestPrediction:
    def test_the_first_run_asks_what_the_drill_will_show(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        shown.click("run")
        question, *answers = shown.runner.question.children
        assert "In how many of the three cases" in question.value
        assert [button.description for button in answers] == [
            "in all three",
            "in two of them",
            "in one of them",
            "in none of them",
            "Just run it",
        ]
        assert shown.sections["drill"].text == ""

    def test_an_answer_is_kept_and_held_beside_what_the_drill_shows(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("run")
        shown.runner.question.children[1].click()
        text = shown.sections["drill"].text
        assert "emergency-alert-db-dev" in text
        assert text.endswith("You expected: in all three. The drill shows: in two of them.")
        assert progress.read(learner)[SLUG].predicted == "3"
        names()["program"] = program_of(find_exercise(SLUG), [solved()])
        run_cell(shown, solved())
        shown.click("check")
        assert "Passed: 2 of 2 points. Run program shows the preview and the drill of your repair." in said(
            shown
        )
        shown.click("run")
        assert "Shown below: the preview and the drill of your program." in said(shown)
        assert shown.sections["drill"].text.endswith(
            "You expected of the program as shipped: in all three. Its drill shows: in two of them. "
            "The drill of your program shows: in all three."
        )

    def test_without_an_answer_the_drill_is_played_and_the_question_does_not_come_back(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("run")
        shown.click("run")
        assert "emergency-alert-db-dev" in shown.sections["drill"].text
        assert "You expected" not in shown.sections["drill"].text
        assert progress.read(learner)[SLUG].predicted == ""

    def test_a_check_that_was_not_asked_for_does_not_answer_the_question(
        self, write: Callable[[str], Panel]
    ) -> None:
        shown = write(shipped())
        presented(check_program(find_exercise(SLUG), names()["program"]))
        found = "<details><summary>What it found</summary>"
        assert found in html(shown, "verdict")
        assert "SINGLE-ZONE" in shown.sections["verdict"].text
        shown.click("run")
        shown.runner.question.children[1].click()
        assert found in html(shown, "verdict")  # the drill comes first, then the hints
        shown.click("check")
        assert found not in html(shown, "verdict")
        assert "SINGLE-ZONE" in shown.sections["verdict"].text


class TestRepairs:
    def test_after_a_pass_three_repairs_are_compared_and_judged(
        self, clone: Path, write: Callable[[str], Panel]
    ) -> None:
        exercise = find_exercise(SLUG)
        shutil.copytree(ROOT / "exercises" / SLUG, exercise.fixes, dirs_exist_ok=True)
        shown = write(solved())
        shown.click("repairs")
        assert "Compare repairs opens once you have passed." in said(shown)
        assert shown.sections["more"].text == ""
        progress.record(SLUG, passed=True, points=2, version=exercise.version)
        shown.click("repairs")
        assert (shown.buttons["repairs"].button_style, shown.buttons["debrief"].button_style) == (
            "primary",
            "",
        )
        assert "How each differs from the program as shipped" in shown.runner.question.children[0].value
        letters = {button.description: button for button in shown.runner.question.children[1:]}
        assert list(letters) == ["A", "B", "C"]
        right = next(r.letter for r in repairs_of(exercise).listed if r.fix.kind == "right")
        letters[right].click()
        assert f"{right} holds, as you said." in shown.sections["more"].text
        assert (shown.buttons["repairs"].button_style, shown.buttons["debrief"].button_style) == (
            "",
            "primary",
        )

    def test_without_fixes_there_is_no_such_button(self, write: Callable[[str], Panel]) -> None:
        assert "repairs" not in write(shipped()).buttons


class TestFacts:
    def test_severity_and_category_show_after_the_pass(self, write: Callable[[str], Panel]) -> None:
        assert "Availability" not in write(shipped()).head.value
        progress.record(SLUG, passed=True, points=2)
        assert "Availability" in write(shipped()).head.value


class TestEarlierProgram:
    @pytest.fixture
    def checked(self, write: Callable[[str], Panel]) -> Panel:
        """A panel with a verdict and a hint, after the program's cell was run."""
        shown = write(shipped())
        run_cell(shown, shipped())
        shown.click("check")
        shown.click("hint")
        return shown

    def test_results_are_marked_once_the_program_was_run_anew(self, checked: Panel) -> None:
        run_cell(checked, shipped())
        assert STALE not in title(checked, "verdict")  # the same program
        run_cell(checked, solved())
        assert STALE in title(checked, "verdict")
        assert STALE not in title(checked, "hints")
        checked.click("check")
        assert STALE not in title(checked, "verdict")

    def test_other_cells_do_not_matter(self, checked: Panel) -> None:
        run_cell(checked, "1 + 1", cell="another")
        assert STALE not in title(checked, "verdict")

    def test_where_cells_have_other_ids_the_function_is_compared(self, checked: Panel) -> None:
        names()["program"] = program_of(checked.exercise, [solved()])
        run_cell(checked, solved(), cell="vscode-1")
        assert STALE in title(checked, "verdict")

    def test_an_error_in_the_programs_cell_is_mentioned(self, checked: Panel) -> None:
        run_cell(checked, "oh", succeeded=False)
        assert "ended with an error" in said(checked)


class TestOneThingAtATime:
    def test_while_a_button_works_clicks_are_dropped(
        self, write: Callable[[str], Panel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = write(shipped())
        seen: list[Any] = []

        def check_program(exercise: Any, program: Any) -> Any:
            seen.append((shown.runner.is_busy, shown.buttons["check"].description))
            shown.click("check")
            shown.click("hint")
            raise ProgramError("enough")

        monkeypatch.setattr("lab_support.display.panel.check_program", check_program)
        shown.click("check")
        assert seen == [(True, "Check …")]
        assert "enough" in shown.sections["verdict"].text
        assert shown.sections["hints"].text == ""
        assert shown.buttons["check"].description == "Check"
        assert not shown.runner.is_busy

    def test_no_button_is_disabled_so_that_none_loses_the_focus(self, write: Callable[[str], Panel]) -> None:
        assert not any(button.disabled for button in write(shipped()).buttons.values())

    def test_the_panel_still_works_after_an_interrupt(
        self, write: Callable[[str], Panel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def check_program(exercise: Any, program: Any) -> Any:
            raise KeyboardInterrupt

        shown = write(shipped())
        monkeypatch.setattr("lab_support.display.panel.check_program", check_program)
        shown.click("check")
        assert shown.sections["verdict"].text.startswith("Stopped.")
        assert not shown.runner.is_busy

    def test_an_internal_error_is_shown_as_one(
        self, write: Callable[[str], Panel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def check_program(exercise: Any, program: Any) -> Any:
            raise ZeroDivisionError("oh")

        shown = write(shipped())
        monkeypatch.setattr("lab_support.display.panel.check_program", check_program)
        shown.click("check")
        assert shown.sections["verdict"].text == str(InternalError("ZeroDivisionError: oh"))


class TestOtherButtons:
    def test_hints_accumulate_and_a_verdict_stays(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        shown.click("check")
        for number in (1, 2, 3, 3):
            shown.click("hint")
            text = shown.sections["hints"].text
            assert [f"Hint {n} of 3" in text for n in (1, 2, 3)] == [n <= number for n in (1, 2, 3)]
        assert "That was the last hint." in said(shown)
        assert "3 of 3 hints" in shown.head.value
        assert "SINGLE-ZONE" in shown.sections["verdict"].text

    def test_hints_are_there_on_the_next_day_until_the_notebook_is_reset(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("hint")
        assert "Hint 1 of 3" in panel(SLUG).sections["hints"].text
        shown.click("reset")
        shown.runner.question.children[2].click()
        assert panel(SLUG).sections["hints"].text == ""

    def test_what_changed_compares_with_the_program_as_shipped(self, write: Callable[[str], Panel]) -> None:
        shown = write(solved())
        shown.click("changes")
        text = shown.sections["more"].text
        assert "The same in every environment that was compared (dev, demo, prod, pr-1234, pr-1235)" in text
        assert "-   multi_az: False" in text
        assert "+   multi_az: True" in text

    def test_what_changed_says_in_which_environment(self, write: Callable[[str], Panel]) -> None:
        condition = 'multi_az=(environment_suffix == "prod")'
        shown = write(shipped().replace("multi_az=False", condition))
        shown.click("changes")
        text = shown.sections["more"].text
        assert "In dev, demo, pr-1234 and pr-1235:\nNothing changed in the plan." in text
        assert "In prod:\n" in text
        assert "+   multi_az: True" in text

    def test_before_a_pass_the_solution_needs_a_second_click(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("solution")
        assert shown.sections["more"].text == ""
        _, no, yes = shown.runner.question.children
        no.click()
        assert shown.runner.question.children == ()
        assert not progress.read(learner)
        shown.click("solution")
        shown.runner.question.children[2].click()
        assert "+        multi_az=True," in shown.sections["more"].text
        assert progress.read(learner)[SLUG].solution_seen
        assert yes.description == "Show it"

    def test_after_a_pass_the_solution_needs_one_click(self, write: Callable[[str], Panel]) -> None:
        progress.record(SLUG, passed=True, points=2)
        shown = write(shipped())
        shown.click("solution")
        text = shown.sections["more"].text
        assert "Other right ways" not in text  # this clone has no fixes
        assert "+        multi_az=True," in text

    def test_reset_asks_first_keeps_a_copy_and_begins_again(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("hint")
        shown.click("hint")
        shown.click("reset")
        assert not (learner / ".backup").exists()
        shown.runner.question.children[2].click()
        assert len(list((learner / ".backup").iterdir())) == 1
        assert ".backup/" in shown.sections["more"].text
        assert shown.sections["hints"].text == ""
        shown.click("hint")
        assert "Hint 2 of 3" not in shown.sections["hints"].text
        shown.click("check")  # the program of the notebook that was is gone, too
        assert "There is no program yet" in shown.sections["verdict"].text

    def test_the_next_exercise_is_a_link(self, write: Callable[[str], Panel], learner: Path) -> None:
        def way_on() -> str:
            (output,) = panel(SLUG).way_on.outputs
            return str(output["data"]["text/html"])

        assert 'href="90_your_own_stack.ipynb"' in way_on()  # no exercise is left
        path = learner.parent / "exercises" / f"{SLUG}.py"
        path.with_name("03_next.py").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        exercises._read_all.cache_clear()
        assert 'href="03_next.ipynb"' in way_on()


def test_the_panel_as_text_names_the_commands(learner: Path) -> None:
    shown = panel(SLUG)
    bundle = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for command in ("check", "hint", "changes", "solution", "reset"):
        assert f"lab {command} {SLUG}" in bundle["text/plain"]


@pytest.mark.parametrize("severities", [{}, {"SINGLE-ZONE": "High"}], ids=["exercise", "review"])
def test_a_review_has_a_preview_and_no_drill(learner: Path, severities: dict[str, str]) -> None:
    shown = Panel(replace(find_exercise(SLUG), severities=severities))
    for text in (shown.sections["drill"].title, said(shown), shown.buttons["run"].tooltip):
        assert ("drill" in text) is not bool(severities)


def test_drawing_a_panel_leaves_no_trace(learner: Path) -> None:
    panel(SLUG)
    assert coach.entry_of(find_exercise(SLUG)) == progress.Entry()
