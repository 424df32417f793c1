"""The exercise panel in a browser: every button, a double click, the keyboard, reloads, restarts, an interrupt."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.learner import Learner
from tests.browser.server import Server, wait_until
from tests.programs import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def at_the_panel(learner: Learner) -> Learner:
    """A learner who has run all cells and is at the panel."""
    learner.run_all()
    learner.panel_is_ready()
    return learner


def checks(learner: Learner) -> int:
    number: int = learner.server.progress[SLUG]["checks"]
    return number


def place(button: Locator) -> dict[str, float]:
    """Where a button is in its panel."""
    found: dict[str, float] = button.evaluate(
        """button => {
            const [a, b] = [button, button.closest(".lab-panel")].map(e => e.getBoundingClientRect());
            return {left: a.left - b.left, top: a.top - b.top};
        }"""
    )
    return found


def test_every_button_shows_its_result_in_its_place_and_none_moves(at_the_panel: Learner) -> None:
    learner, panel = at_the_panel, at_the_panel.panel()
    expect(learner.section("Verdict")).to_contain_text("SINGLE-ZONE")  # of the check's cell
    before = place(learner.button("Debrief"))
    learner.screenshot("panel")
    for number in (1, 2, 3):
        learner.press("Hint")
        expect(learner.section("Hints")).to_contain_text(f"Hint {number} of 3")
    expect(learner.section("Hints")).to_contain_text("Hint 1 of 3")
    expect(learner.section("Verdict")).to_contain_text("SINGLE-ZONE")
    learner.screenshot("panel_hints")
    learner.run_program()
    expect(learner.section("Preview and drill")).to_contain_text("emergency-alert-db-dev")
    expect(learner.section("Preview and drill").locator(".lab-scene")).to_have_count(3)
    learner.screenshot("panel_drill")
    learner.press("What changed")
    expect(learner.section("What changed")).to_contain_text("Nothing changed in the plan.")
    learner.press("Debrief")
    expect(panel).to_contain_text("The debrief opens once you have passed.")
    assert place(learner.button("Debrief")) == before


def test_a_repair_is_used_without_running_its_cell(at_the_panel: Learner) -> None:
    learner, panel = at_the_panel, at_the_panel.panel()
    learner.run_program()
    learner.type_repair()
    learner.press("Check")
    expect(learner.section("Verdict")).to_contain_text("Passed: 2 of 2 points")
    expect(learner.section("Preview and drill")).to_contain_text("of an earlier version of your program")
    expect(learner.error(learner.cell("check"))).to_have_count(0)  # what it said is older
    learner.screenshot("panel_passed")
    learner.run_program()
    expect(learner.section("Preview and drill")).not_to_contain_text("earlier version")
    learner.press("What changed")
    expect(learner.section("What changed")).to_contain_text("The same in every environment")
    expect(learner.section("What changed")).to_contain_text("multi_az")
    learner.screenshot("panel_changed")
    learner.press("Debrief")
    expect(learner.section("Debrief")).to_contain_text("CP-10")
    learner.press("Show solution")
    expect(learner.section("Solution")).to_contain_text("Your program is identical to the solution.")

    panel.get_by_role("link", name="Next: 03 →").click()
    expect(learner.tab()).to_contain_text("03_shared_files.ipynb")
    entry = learner.server.progress[SLUG]
    assert (entry["passed_checks"], entry["passed_hints"]) == (2, 0)


def test_where_the_panel_cannot_run_cells_it_says_which_program_it_used(page: Page, server: Server) -> None:
    # As in a JupyterLab that `lab start` does not serve.
    page.add_init_script("Object.defineProperty(window, 'jupyterapp', {get: () => undefined, set: () => {}})")
    learner = Learner(page, server)
    learner.open()
    learner.run_all()
    learner.type_repair()
    learner.press("Check")
    verdict = learner.section("Verdict")
    expect(verdict).to_contain_text("SINGLE-ZONE")
    expect(verdict.get_by_text("If you have edited it, run its cell, then check again.")).to_be_visible()
    learner.screenshot("panel_elsewhere")


def test_an_error_in_the_programs_cell_stays_there_and_nothing_is_judged(at_the_panel: Learner) -> None:
    learner, before = at_the_panel, checks(at_the_panel)
    learner.edit("def program", "<Home>", "nonsense", "<Enter>")
    learner.button("Check").click()
    expect(learner.panel().get_by_role("status")).to_contain_text("The program's cell ended with an error")
    expect(learner.error(learner.cell("exercise"))).to_contain_text("nonsense")
    assert checks(learner) == before


def test_a_double_click_runs_once(at_the_panel: Learner) -> None:
    before = checks(at_the_panel)
    at_the_panel.button("Check").dblclick()
    wait_until(lambda: checks(at_the_panel) > before, "the check has run")
    at_the_panel.panel_is_ready()
    at_the_panel.press("Hint")  # comes after whatever may still wait
    assert checks(at_the_panel) == before + 1


def test_reset_asks_first_keeps_a_copy_and_shows_after_a_reload(at_the_panel: Learner) -> None:
    learner = at_the_panel
    learner.press("Hint")
    learner.repair()
    learner.save()
    learner.press("Reset")
    expect(learner.panel()).to_contain_text("unsaved edits are lost")
    learner.panel().locator(".lab-question").get_by_role("button", name="Reset").click()
    expect(learner.panel()).to_contain_text("is as shipped")
    expect(learner.section("Hints")).to_be_hidden()
    (copy,) = (learner.server.notebook.parent / ".backup").iterdir()
    assert "multi_az=True" in copy.read_text(encoding="utf-8")
    assert "multi_az=False" in learner.server.notebook.read_text(encoding="utf-8")

    learner.panel().get_by_role("button", name="Reload the notebook").click()
    expect(learner.line(learner.cell("exercise"), "multi_az=")).to_have_text("        multi_az=False,")
    expect(learner.panel().get_by_role("status")).to_contain_text("Read the program above.")


def test_the_buttons_still_work_after_a_reload_of_the_page(at_the_panel: Learner) -> None:
    at_the_panel.press("Hint")
    at_the_panel.save()
    at_the_panel.reload()
    expect(at_the_panel.section("Hints")).to_contain_text("Hint 1 of 3")
    at_the_panel.press("Hint")
    expect(at_the_panel.section("Hints")).to_contain_text("Hint 2 of 3")


def continues_with_one_click(learner: Learner) -> None:
    """Asserts that the panel is as it was left, and that a button works at once and keeps the focus."""
    panel = learner.panel()
    expect(panel).to_have_class(re.compile("jupyter-widgets-disconnected"))
    expect(learner.section("Hints")).to_contain_text("Hint 1 of 3")
    expect(learner.section("Verdict")).to_contain_text("SINGLE-ZONE")
    expect(learner.page.get_by_text("Error displaying widget")).to_have_count(0)
    said = panel.evaluate("panel => getComputedStyle(panel, '::before').content")
    assert said.startswith('"This is how you left it.')
    learner.screenshot("panel_left")
    learner.button("Check").click()
    expect(panel).not_to_have_class(re.compile("jupyter-widgets-disconnected"))
    expect(learner.section("Verdict")).to_contain_text("SINGLE-ZONE")
    expect(learner.section("Hints")).to_contain_text("Hint 1 of 3")
    before = learner.page.locator("details.lab-before")
    expect(before).to_contain_text("SINGLE-ZONE")
    assert before.get_attribute("open") is None
    expect(learner.button("Check")).to_be_focused()
    learner.panel_is_ready()
    learner.press("Hint")
    expect(learner.section("Hints")).to_contain_text("Hint 2 of 3")


def test_after_a_restart_of_the_kernel_one_click_continues(at_the_panel: Learner) -> None:
    learner = at_the_panel
    learner.press("Hint")
    learner.choose("Kernel", "Restart Kernel")
    learner.page.locator(".jp-Dialog .jp-mod-accept").click()
    learner.kernel_is_ready()
    continues_with_one_click(learner)


def test_on_the_next_day_the_panel_is_as_it_was_left_and_one_click_continues(at_the_panel: Learner) -> None:
    learner = at_the_panel
    learner.press("Hint")
    learner.save()
    learner.page.goto("about:blank")
    learner.server.end_kernels()
    learner.open()
    continues_with_one_click(learner)


def test_an_interrupt_stops_a_check_and_the_panel_still_works(learner: Learner) -> None:
    learner.edit("def program", "<Enter>", "import time; [time.sleep(0.1) for _ in range(600)]")
    for source in ("import pulumi", "def program", 'panel("'):
        learner.code_cell(source).locator(".cm-content").click()
        learner.page.keyboard.press("Shift+Enter")
    learner.panel_is_ready()
    # The second time another thread of the kernel handles the click.
    for time in ("first", "second"):
        learner.button("Check").click()
        wait_until(learner.server.engines, "the engine runs")
        expect(learner.button("Check …")).to_have_attribute("aria-disabled", "true")
        expect(learner.panel()).to_contain_text("0 of 7 environments")
        expect(learner.panel()).to_contain_text("To stop it, interrupt the kernel")
        learner.screenshot(f"panel_checking_{time}")
        learner.choose("Kernel", "Interrupt Kernel")
        expect(learner.section("Verdict")).to_contain_text("Stopped.")
        wait_until(lambda: not learner.server.engines(), "no engine is left")
        learner.panel_is_ready()
        learner.press("Hint")


def test_the_panel_works_with_the_keyboard_alone(at_the_panel: Learner) -> None:
    learner, keyboard = at_the_panel, at_the_panel.page.keyboard
    learner.button("Check").focus()
    keyboard.press("Tab")
    expect(learner.button("Hint")).to_be_focused()
    keyboard.press("Enter")
    expect(learner.section("Hints")).to_contain_text("Hint 1 of 3")
    learner.panel_is_ready()
    expect(learner.button("Hint")).to_be_focused()
    learner.button("What changed").focus()
    keyboard.press("Tab")
    expect(learner.button("Show solution")).to_be_focused()
    keyboard.press("Space")
    expect(learner.button("No")).to_be_focused()
    keyboard.press("Tab")
    expect(learner.button("Show it")).to_be_focused()
    keyboard.press("Enter")
    expect(learner.panel()).to_contain_text("From your program to the solution")
    expect(learner.panel().get_by_role("status")).to_contain_text("Solution: shown below.")
