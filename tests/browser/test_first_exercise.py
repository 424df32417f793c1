"""A learner opens an exercise in a browser, sees it fail, and repairs it."""

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
    def test_the_panel_has_the_verdict_and_the_checks_cell_one_line(self, has_run: Learner) -> None:
        card = has_run.section("Verdict").locator(".lab-card")
        expect(card).to_contain_text("SINGLE-ZONE")
        expect(card).to_contain_text("several hours")
        check = has_run.cell("check")
        expect(has_run.error(check)).to_have_text(f"{SLUG}: not yet. 1 finding.")
        text = check.inner_text()
        for foreign in ("Traceback", "lab_support", "AssertionError", "site-packages"):
            assert foreign not in text

    def test_nothing_but_the_notebook_asks_for_attention(self, has_run: Learner) -> None:
        # JupyterLab asks about its news as soon as it is ready, so after a run the question would be there.
        expect(has_run.page.locator(".jp-Notification-Status-Text")).to_have_text("0")
        expect(has_run.page.locator(".Toastify__toast")).to_have_count(0)
        expect(has_run.page.locator(".jp-Dialog")).to_have_count(0)


def test_run_all_ends_where_the_verdict_is(learner: Learner) -> None:
    learner.start_all()
    # It is folded, because the question and the drill come first.
    found = learner.page.locator(".lab-panel summary", has_text="What it found")
    found.wait_for(state="attached")
    learner.kernel_is_idle()
    learner.screenshot("after_run_all")
    expect(found).to_be_in_viewport()
    found.click()
    expect(learner.page.locator(".lab-panel .lab-card").get_by_text("SINGLE-ZONE")).to_be_visible()


def test_a_repaired_notebook_runs_to_its_end_and_is_kept_as_progress(learner: Learner) -> None:
    learner.run_all()
    learner.repair()
    expect(learner.line(learner.cell("exercise"), "multi_az=")).to_have_text("        multi_az=True,")
    learner.run_all()
    expect(learner.section("Verdict").locator(".lab-card")).to_contain_text("Passed: 2 of 2 points")
    check = learner.cell("check")
    expect(check).to_contain_text("The panel above shows the verdict.")
    assert learner.error(check).count() == 0
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
    error = learner.error(learner.cell("check"))
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
    learner.cell("panel").locator(".jp-InputPrompt").click()
    learner.page.keyboard.press("Escape")
    learner.page.keyboard.press("d")
    learner.page.keyboard.press("d")
    expect(learner.page.locator(".jp-Notebook-cell")).to_have_count(before - 1)
