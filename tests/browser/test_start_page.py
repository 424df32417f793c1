"""The start page in a browser: every cell runs, and the map links to the exercises and follows the progress."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lab_support.course.exercises import catalogue
from tests.browser.learner import Learner
from tests.browser.server import Server
from tests.programs import SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]

START = "00_start_here"
POINTS = sum(exercise.points for exercise in catalogue())


@pytest.fixture
def newcomer(page: Page, server: Server, request: pytest.FixtureRequest) -> Iterator[Learner]:
    """A newcomer who has opened the start page and run it."""
    newcomer = Learner(page, server, START)
    newcomer.open()
    newcomer.screenshot("start_before")
    newcomer.code_cell("progress_map()").get_by_role("link", name="Zone c goes dark").wait_for()
    newcomer.run_all()
    yield newcomer
    newcomer.screenshot(request.node.name)


def test_every_cell_of_the_start_page_runs(newcomer: Learner) -> None:
    expect(newcomer.code_cell("progress_map()")).to_contain_text(
        f"0 of {len(catalogue())} exercises passed, 0 of {POINTS} points"
    )
    newcomer.screenshot("start_map")
    expect(newcomer.code_cell("show(plan)").locator(".lab-view")).to_contain_text("sns.Topic")
    expect(newcomer.code_cell("show(topology(plan))").locator("img, svg").last).to_be_visible()
    newcomer.screenshot("start_preview")
    facts = newcomer.code_cell("show(examine())")
    expect(facts.locator(".lab-card")).to_contain_text("This machine is ready.")
    facts.locator("summary").click()
    expect(facts).to_contain_text("Pulumi CLI")
    expect(newcomer.page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)


def test_a_title_opens_its_exercise_in_a_tab(newcomer: Learner) -> None:
    newcomer.code_cell("progress_map()").get_by_role("link", name="Zone c goes dark").click()
    expect(newcomer.tab()).to_contain_text(f"{SLUG}.ipynb")


def test_the_map_follows_the_progress_without_being_run_again(newcomer: Learner) -> None:
    shown = newcomer.code_cell("progress_map()")
    expect(shown.get_by_role("link", name=re.compile("^Start 01: "))).to_be_visible()
    assert newcomer.server.lab("hint", SLUG).returncode == 0
    expect(shown).to_contain_text("1 of 3 hints")
    path = newcomer.server.root / "exercises" / f"{SLUG}.py"
    assert path.is_file()
    passes = newcomer.server.lab("check", "02", "--with", str(solution_of(newcomer)))
    assert passes.returncode == 0, passes.stdout
    # A check of another file is nobody's progress; the map stays as it is.
    expect(shown).to_contain_text(f"0 of {len(catalogue())} exercises passed")


def test_a_button_makes_a_review_and_its_title_opens_it(newcomer: Learner) -> None:
    desk = newcomer.code_cell("review_desk()")
    desk.get_by_role("button", name="Short: 3 flaws").click()
    title = desk.get_by_role("link", name=re.compile("^Before the "))
    expect(title).to_be_visible()
    expect(desk).to_contain_text("It is the first in the list")
    desk.scroll_into_view_if_needed()
    newcomer.screenshot("start_reviews")
    title.click()
    expect(newcomer.tab()).to_contain_text("review_")


def solution_of(learner: Learner) -> str:
    return str(learner.server.root / "solutions" / f"{SLUG}.ipynb")
