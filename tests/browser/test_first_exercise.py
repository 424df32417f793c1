"""A learner opens the first exercise, sees it fail, repairs it and reads the debrief, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.learner import Learner
from tests.browser.server import Server
from tests.programs import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="class")
def has_run(context: BrowserContext, jupyterlab: Server) -> Iterator[Learner]:
    """A learner who has run all cells of the notebook as shipped, and from now on only looks."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    learner = Learner(page, jupyterlab)
    learner.open()
    learner.run_all()
    yield learner
    page.close()
    jupyterlab.reset()


class TestAsShipped:
    def test_run_all_stops_at_the_check_with_what_is_wrong_in_less_than_a_screenful(
        self, has_run: Learner
    ) -> None:
        check = has_run.cell("check")
        card = check.locator(".lab-card")
        expect(card).to_contain_text("SINGLE-ZONE")
        expect(card).to_contain_text("several hours")
        error = has_run.error(check)
        expect(error).to_have_text(f"{SLUG}: not yet. 1 finding.")
        text = check.inner_text()
        for foreign in ("Traceback", "lab_support", "AssertionError", "site-packages"):
            assert foreign not in text
        box, size = check.bounding_box(), has_run.page.viewport_size
        assert box is not None
        assert size is not None
        assert box["height"] < size["height"]
        assert box["width"] <= size["width"]
        error.scroll_into_view_if_needed()
        has_run.screenshot("as_shipped_check")
        expect(has_run.cell("reveal").locator(".jp-InputPrompt")).to_have_text("[ ]:")

    def test_nothing_but_the_notebook_asks_for_attention(self, has_run: Learner) -> None:
        # JupyterLab asks about its news as soon as it is ready, so after a run the question would be there.
        expect(has_run.page.locator(".jp-Notification-Status-Text")).to_have_text("0")
        expect(has_run.page.locator(".Toastify__toast")).to_have_count(0)
        expect(has_run.page.locator(".jp-Dialog")).to_have_count(0)

    def test_preview_and_drill_are_drawn(self, has_run: Learner) -> None:
        plan = has_run.code_cell("show(plan)").locator(".lab-view")
        expect(plan.first).to_contain_text("emergency-alert-db-dev")
        has_run.screenshot("as_shipped_preview")
        drill = has_run.code_cell("show(outages(plan))").locator(".lab-outage")
        expect(drill.locator("h4")).to_contain_text("emergency-alert-db-dev")
        expect(drill.locator(".lab-scene")).to_have_count(3)
        expect(drill).to_contain_text("✗ stops")
        has_run.screenshot("as_shipped_drill")

    def test_hints_are_folded_and_open_one_at_a_time(self, has_run: Learner) -> None:
        hints = [has_run.cell("hint", number).locator("details") for number in (1, 2, 3)]
        told = [hint.locator("p").first for hint in hints]
        for hint, text in zip(hints, told, strict=True):
            hint.scroll_into_view_if_needed()
            expect(hint.locator("summary")).to_be_visible()
            expect(text).to_be_hidden()
        hints[0].locator("summary").click()
        expect(told[0]).to_be_visible()
        expect(told[1]).to_be_hidden()
        expect(told[2]).to_be_hidden()


def test_the_repair_passes_opens_the_debrief_and_is_kept_as_progress(learner: Learner) -> None:
    learner.run_all()
    learner.repair()
    expect(learner.line(learner.cell("exercise"), "multi_az=")).to_have_text("        multi_az=True,")
    learner.run_all()

    check = learner.cell("check")
    expect(check.locator(".lab-card")).to_contain_text("Passed: 2 of 2 points")
    assert learner.error(check).count() == 0
    check.locator(".jp-OutputArea").scroll_into_view_if_needed()
    learner.screenshot("repaired_check")

    debrief = learner.cell("reveal").locator(".jp-OutputArea").first
    expect(debrief).to_contain_text("multi_az")
    expect(debrief).to_contain_text("- False")
    expect(debrief).to_contain_text("+ True")
    expect(debrief).to_contain_text("CP-10")

    entry = learner.server.progress[SLUG]
    assert entry["passed_at"]
    assert entry["checks"] == 2


def test_what_was_repaired_and_saved_passes_on_the_command_line(learner: Learner) -> None:
    assert learner.server.lab("check", SLUG).returncode == 1
    learner.repair()
    learner.save()
    checked = learner.server.lab("check", SLUG)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_error_in_the_program_shows_the_line_and_nothing_of_the_lab(learner: Learner) -> None:
    learner.line(learner.cell("exercise"), "multi_az=False").click()
    learner.page.keyboard.press("End")
    learner.page.keyboard.type(" nonsense=1,")
    learner.run_all()
    error = learner.error(learner.code_cell("show(plan)"))
    expect(error).to_contain_text("nonsense")
    text = error.inner_text()
    assert "lab_support" not in text
    assert "grpc" not in text.lower()
    assert len(text.splitlines()) < 12


def test_the_check_can_be_neither_edited_nor_deleted(learner: Learner) -> None:
    check, before = learner.cell("check"), learner.count()
    check.locator(".jp-Placeholder-content").click()  # its assertions are folded
    source = check.locator(".cm-content")
    shown = source.inner_text()

    check.locator(".cm-line").first.click()
    learner.page.keyboard.type("print('weaker')")
    assert source.inner_text() == shown

    check.locator(".jp-InputPrompt").click()
    learner.page.keyboard.press("Escape")
    learner.page.keyboard.press("d")
    learner.page.keyboard.press("d")
    assert learner.count() == before

    # The same two keys do delete a cell that is not protected, so they would have told.
    learner.code_cell("show(plan)").locator(".jp-InputPrompt").click()
    learner.page.keyboard.press("Escape")
    learner.page.keyboard.press("d")
    learner.page.keyboard.press("d")
    expect(learner.page.locator(".jp-Notebook-cell")).to_have_count(before - 1)
