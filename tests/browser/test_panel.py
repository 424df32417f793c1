"""The exercise panel in a browser: every button, a double click, the keyboard, a reload, a restart, an interrupt."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.learner import Learner
from tests.browser.server import wait_until
from tests.programs import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def at_the_panel(learner: Learner) -> Learner:
    """A learner who has run all cells and is at the panel."""
    learner.run_all()
    learner.panel_is_ready()
    return learner


def button(learner: Learner, label: str) -> Locator:
    return learner.panel().get_by_role("button", name=label, exact=True)


def checks(learner: Learner) -> int:
    number: int = learner.server.progress[SLUG]["checks"]
    return number


def test_every_button_shows_what_its_label_says(at_the_panel: Learner) -> None:
    learner, panel = at_the_panel, at_the_panel.panel()
    learner.screenshot("panel")
    for number in (1, 2, 3):
        learner.press("Hint")
        expect(panel).to_contain_text(f"Hint {number} of 3")
    expect(panel).to_contain_text("3 of 3 hints")
    learner.screenshot("panel_hint")

    learner.press("What changed")
    expect(panel).to_contain_text("Nothing changed in the plan.")

    learner.press("Run check")
    expect(panel.locator(".lab-card")).to_contain_text("SINGLE-ZONE")
    expect(panel).to_contain_text("This was the program as shipped.")
    learner.screenshot("panel_failed")

    learner.press("Show solution")
    expect(panel).to_contain_text("You have not passed yet.")
    button(learner, "No").click()
    expect(panel).not_to_contain_text("You have not passed yet.")
    learner.press("Show solution")
    button(learner, "Show it").click()
    expect(panel.locator("ins:visible")).to_have_text(re.compile(r"^\+\s+multi_az=True,$"))
    panel.locator("summary").first.click()
    expect(panel.locator("details pre").first).to_contain_text("def program")
    learner.screenshot("panel_solution")

    expect(button(learner, "Debrief")).to_be_disabled()


def test_a_repair_passes_in_the_panel_and_offers_the_next_exercise(at_the_panel: Learner) -> None:
    learner = at_the_panel
    learner.repair()
    learner.press("What changed")
    expect(learner.panel()).to_contain_text("multi_az")
    learner.screenshot("panel_changed")
    learner.press("Run check")
    expect(learner.panel().locator(".lab-card")).to_contain_text("Passed: 2 of 2 points")
    expect(learner.panel()).to_contain_text("✓ Passed")
    learner.screenshot("panel_passed")
    learner.press("Debrief")
    expect(learner.panel()).to_contain_text("CP-10")
    learner.press("Show solution")
    expect(learner.panel()).to_contain_text("The solution is your program, line by line.")

    # The cells of the debrief know the panel's verdict.
    learner.cell("reveal").locator(".cm-content").click()
    learner.page.keyboard.press("Shift+Enter")
    expect(learner.cell("reveal")).to_contain_text("One question to take away")

    learner.panel().get_by_role("link", name="Next: 03 →").click()
    expect(learner.tab()).to_contain_text("03_shared_files.ipynb")
    entry = learner.server.progress[SLUG]
    assert (entry["passed_checks"], entry["passed_hints"]) == (2, 0)


def test_a_double_click_runs_once(at_the_panel: Learner) -> None:
    before = checks(at_the_panel)
    button(at_the_panel, "Run check").dblclick()
    at_the_panel.panel_is_ready()
    at_the_panel.press("Hint")  # comes after whatever may still wait
    assert checks(at_the_panel) == before + 1


def test_reset_asks_first_keeps_a_copy_and_shows_after_a_reload(at_the_panel: Learner) -> None:
    learner = at_the_panel
    learner.repair()
    learner.save()
    learner.press("Reset")
    expect(learner.panel()).to_contain_text("Your last saved version is kept")
    learner.panel().locator(".lab-question").get_by_role("button", name="Reset").click()
    expect(learner.panel()).to_contain_text("is as shipped")
    (copy,) = (learner.server.notebook.parent / ".backup").iterdir()
    assert "multi_az=True" in copy.read_text(encoding="utf-8")
    assert "multi_az=False" in learner.server.notebook.read_text(encoding="utf-8")

    learner.panel().get_by_role("button", name="Reload the notebook").click()
    expect(learner.line(learner.cell("exercise"), "multi_az=")).to_have_text("        multi_az=False,")


def test_the_buttons_still_work_after_a_reload_of_the_page(at_the_panel: Learner) -> None:
    at_the_panel.press("Hint")
    at_the_panel.save()
    at_the_panel.reload()
    expect(at_the_panel.panel()).to_contain_text("Hint 1 of 3")
    at_the_panel.press("Hint")
    expect(at_the_panel.panel()).to_contain_text("Hint 2 of 3")


def test_after_a_restart_of_the_kernel_the_panel_says_what_to_do(at_the_panel: Learner) -> None:
    learner = at_the_panel
    learner.choose("Kernel", "Restart Kernel")
    learner.page.locator(".jp-Dialog .jp-mod-accept").click()
    panel = learner.panel()
    expect(panel).to_have_class(re.compile("jupyter-widgets-disconnected"))
    said = panel.evaluate("panel => getComputedStyle(panel, '::before').content")
    assert said == '"The kernel has been restarted: run the cells above, then this one."'
    learner.screenshot("panel_after_restart")
    learner.kernel_is_ready()
    learner.run_all()
    learner.press("Hint")
    expect(learner.panel()).to_contain_text("Hint 1 of 3")


def test_an_interrupt_stops_a_check_and_the_panel_still_works(learner: Learner) -> None:
    learner.edit("def program", "<Enter>", "import time; [time.sleep(0.1) for _ in range(600)]")
    for source in ("import pulumi", "def program", 'panel("'):
        learner.code_cell(source).locator(".cm-content").click()
        learner.page.keyboard.press("Shift+Enter")
    learner.panel_is_ready()
    # The second time another thread of the kernel handles the click.
    for time in ("first", "second"):
        button(learner, "Run check").click()
        wait_until(learner.server.engines, "the engine runs")
        expect(button(learner, "Run check …")).to_be_disabled()
        expect(learner.panel()).to_contain_text("0 of 7 environments")
        expect(learner.panel()).to_contain_text("To stop it, interrupt the kernel")
        learner.screenshot(f"panel_checking_{time}")
        learner.choose("Kernel", "Interrupt Kernel")
        expect(learner.panel()).to_contain_text("Stopped.")
        wait_until(lambda: not learner.server.engines(), "no engine is left")
        learner.panel_is_ready()
        learner.press("Hint")


def test_the_panel_works_with_the_keyboard_alone(at_the_panel: Learner) -> None:
    learner, keyboard = at_the_panel, at_the_panel.page.keyboard
    button(learner, "Run check").focus()
    keyboard.press("Tab")
    expect(button(learner, "Hint")).to_be_focused()
    keyboard.press("Enter")
    expect(learner.panel()).to_contain_text("Hint 1 of 3")
    learner.panel_is_ready()
    button(learner, "What changed").focus()
    keyboard.press("Tab")
    expect(button(learner, "Show solution")).to_be_focused()
    keyboard.press("Space")
    expect(button(learner, "No")).to_be_focused()
    keyboard.press("Tab")
    expect(button(learner, "Show it")).to_be_focused()
    keyboard.press("Enter")
    expect(learner.panel()).to_contain_text("From your program to the solution")
