"""The panel's buttons without a browser: what each shows, one at a time, with errors in the panel."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lab_support.course import coach, exercises, progress
from lab_support.course.cells import program_of
from lab_support.course.exercises import find_exercise
from lab_support.course.notebooks import build
from lab_support.display.panel import Panel, panel
from lab_support.errors import InternalError, ProgramError
from tests.programs import SLUG, shipped, solved


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
    names = vars(sys.modules["__main__"])
    kept = dict(names)
    names["verdict"] = None

    def run(source: str) -> Panel:
        names["program"] = program_of(find_exercise(SLUG), [source])
        return panel("02")

    yield run
    for name in ("program", "verdict"):
        names.pop(name, None)
    names.update(kept)


def enabled(shown: Panel) -> set[str]:
    return {name for name, button in shown.buttons.items() if not button.disabled}


class TestCheck:
    def test_the_shipped_program_fails_with_a_reminder_to_run_its_cell(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("check")
        assert "SINGLE-ZONE" in shown.shown
        assert "This was the program as shipped." in shown.shown
        assert "debrief" not in enabled(shown)
        assert progress.read(learner)[SLUG].checks == 1

    def test_a_repair_passes_and_enables_the_debrief_and_the_next_link(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(solved())
        shown.click("check")
        assert "passed, 2 of 2 points" in shown.shown
        assert vars(sys.modules["__main__"])["verdict"].passed
        assert progress.read(learner)[SLUG].passed_version == find_exercise(SLUG).version
        assert enabled(shown) == set(shown.buttons)
        assert "Passed" in shown.head.value
        shown.click("debrief")
        assert shown.shown.startswith("What changed in the plan")
        assert "### Why it matters" in shown.shown

    def test_checking_the_same_program_again_gives_a_reminder(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped().replace("allocated_storage=100", "allocated_storage=200"))
        shown.click("check")
        assert "This was" not in shown.shown
        shown.click("check")
        assert "the same program as in the last check" in shown.shown

    def test_an_error_in_the_program_appears_in_the_panel(self, write: Callable[[str], Panel]) -> None:
        shown = write("def program(environment_suffix):\n    return undefined_name\n")
        shown.click("check")
        assert "undefined_name" in shown.shown
        assert "Traceback" not in shown.shown
        assert "check" in enabled(shown)

    def test_a_missing_program_is_reported(self, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(sys.modules["__main__"], "program", raising=False)
        shown = panel(SLUG)
        shown.click("check")
        assert "run the cells above first" in shown.shown


class TestOneThingAtATime:
    def test_while_a_button_works_all_are_disabled_and_clicks_are_dropped(
        self, write: Callable[[str], Panel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = write(shipped())
        seen: list[Any] = []

        def check_program(exercise: Any, program: Any) -> Any:
            seen.append((enabled(shown), shown.buttons["check"].description))
            shown.click("check")
            shown.click("hint")
            raise ProgramError("enough")

        monkeypatch.setattr("lab_support.display.panel.check_program", check_program)
        shown.click("check")
        assert seen == [(set(), "Run check …")]
        assert "enough" in shown.shown
        assert shown.buttons["check"].description == "Run check"
        assert enabled(shown) == set(shown.buttons) - {"debrief"}

    def test_the_panel_still_works_after_an_interrupt(
        self, write: Callable[[str], Panel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def check_program(exercise: Any, program: Any) -> Any:
            raise KeyboardInterrupt

        shown = write(shipped())
        monkeypatch.setattr("lab_support.display.panel.check_program", check_program)
        shown.click("check")
        assert shown.shown.startswith("Stopped.")
        assert "check" in enabled(shown)

    def test_an_internal_error_is_shown_as_one(
        self, write: Callable[[str], Panel], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def check_program(exercise: Any, program: Any) -> Any:
            raise ZeroDivisionError("oh")

        shown = write(shipped())
        monkeypatch.setattr("lab_support.display.panel.check_program", check_program)
        shown.click("check")
        assert shown.shown == str(InternalError("ZeroDivisionError: oh"))


class TestOtherButtons:
    def test_hints_come_one_at_a_time(self, write: Callable[[str], Panel]) -> None:
        shown = write(shipped())
        for number in (1, 2, 3, 3):
            shown.click("hint")
            assert f"Hint {number} of 3" in shown.shown
        assert "That was the last hint." in shown.shown
        assert "3 of 3 hints" in shown.head.value

    def test_what_changed_compares_with_the_program_as_shipped(self, write: Callable[[str], Panel]) -> None:
        shown = write(solved())
        shown.click("changes")
        assert "-   multi_az: False" in shown.shown
        assert "+   multi_az: True" in shown.shown

    def test_before_a_pass_the_solution_needs_a_second_click(
        self, write: Callable[[str], Panel], learner: Path
    ) -> None:
        shown = write(shipped())
        shown.click("solution")
        assert shown.shown == ""
        _, no, yes = shown.question.children
        no.click()
        assert shown.question.children == ()
        assert not progress.read(learner)
        shown.click("solution")
        shown.question.children[2].click()
        assert "+        multi_az=True," in shown.shown
        assert progress.read(learner)[SLUG].solution_seen
        assert yes.description == "Show it"

    def test_after_a_pass_the_solution_needs_one_click(self, write: Callable[[str], Panel]) -> None:
        progress.record(SLUG, passed=True, points=2)
        shown = write(shipped())
        shown.click("solution")
        assert "Other right ways" not in shown.shown  # this clone has no fixes
        assert "+        multi_az=True," in shown.shown

    def test_reset_asks_first_and_keeps_a_copy(self, write: Callable[[str], Panel], learner: Path) -> None:
        shown = write(shipped())
        shown.click("reset")
        assert not (learner / ".backup").exists()
        shown.question.children[2].click()
        assert len(list((learner / ".backup").iterdir())) == 1
        assert ".backup/" in shown.shown
        shown.click("check")  # the program of the notebook that was is gone, too
        assert "There is no program yet" in shown.shown

    def test_the_next_exercise_is_a_link(self, write: Callable[[str], Panel], learner: Path) -> None:
        def way_on() -> str:
            (output,) = panel(SLUG)._next.outputs
            return str(output["data"]["text/html"])

        assert 'href="00_start_here.ipynb"' in way_on()  # nothing else is left to do
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


def test_drawing_a_panel_leaves_no_trace(learner: Path) -> None:
    panel(SLUG)
    assert coach.entry_of(find_exercise(SLUG)) == progress.Entry()
