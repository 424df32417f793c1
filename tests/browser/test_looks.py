"""The notebook is readable in a dark theme and in a narrow window, before and after the repair."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.learner import Learner
from tests.browser.looks import WINDOWS, is_readable, overflow
from tests.browser.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(params=WINDOWS, ids=lambda window: f"{window[0]}-{window[1]}")
def window(request: pytest.FixtureRequest, page: Page, server: Server) -> tuple[str, int]:
    """A theme and a width, set before the notebook is opened."""
    theme, width = request.param
    server.set_theme(theme)
    page.set_viewport_size({"width": width, "height": 900})
    return theme, width


def look_at(learner: Learner, window: tuple[str, int], what: str) -> None:
    """Takes a picture, and asserts that neither the page nor the notebook scrolls sideways."""
    theme, width = window
    learner.screenshot(f"looks_{what}_{theme.split()[-1].lower()}_{width}")
    assert overflow(learner.page.locator("html")) <= 0, f"{what}: the page scrolls sideways"
    assert overflow(learner.page.locator(".jp-WindowedPanel-outer").first) <= 0, f"{what}: the notebook does"


def fits(cell: Locator) -> None:
    """Asserts that a cell's output is neither cut off nor needs sideways scrolling."""
    for output in cell.locator(".jp-OutputArea-output").all():
        assert overflow(output) <= 0, "a result of the lab is too wide"


def test_text_is_readable_and_nothing_scrolls_sideways(window: tuple[str, int], learner: Learner) -> None:
    # `window` stands first: the notebook is opened in it.
    is_light = str(window[0] == "JupyterLab Light").lower()
    assert learner.page.locator("body").get_attribute("data-jp-theme-light") == is_light
    learner.run_all()
    look_at(learner, window, "finding")
    fits(learner.cell("check"))
    is_readable(learner.cell("check"), "pre")
    learner.section("Verdict").locator("summary", has_text="What it found").click()
    is_readable(learner.cell("panel"), ".lab-card b", ".lab-what", ".lab-section-title", ".lab-status p")

    learner.run_program()
    look_at(learner, window, "preview")
    drill = learner.section("Preview and drill")
    fits(drill)
    is_readable(drill, "summary b", "summary code", "h4", "h5", ".lab-fate", ".lab-small", ".lab-part")
    drill.locator("summary", has_text="emergency-alert-db-dev").click()
    expect(drill.get_by_text("backup_retention_period")).to_be_visible()
    look_at(learner, window, "resource")
    fits(drill)

    learner.type_repair()
    learner.press("Check")
    look_at(learner, window, "passed")
    is_readable(learner.cell("panel"), ".lab-stale")
    learner.press("Debrief")
    debrief = learner.section("Debrief")
    expect(debrief.locator("ins")).to_contain_text("+ True")
    look_at(learner, window, "debrief")
    fits(debrief)
    is_readable(debrief, "p", "h5", "del code", "ins code", "a[href^=https]", "code")
