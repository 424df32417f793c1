"""Exercises in a browser: Run All meets the announced finding, and a typed repair passes; both are accessible.

The other exercises are like one of these; tests/exercises/test_nbval.py runs all of them in a kernel, and test_views.py
shows all drills.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from lab_support.course.exercises import find_exercise
from tests.browser.axe import violations
from tests.browser.learner import Learner
from tests.browser.server import Server

# A repair of one word; several cells and flaws; an attack to play; a configuration of the stack's own.
SLUGS = ("02_database_zone", "06_code_review", "10_locked_out", "13_open_state")

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def sits_before(
    page: Page, server: Server, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Learner]]:
    """Opens an exercise; what is left on the screen is kept as a picture."""
    opened: list[Learner] = []

    def open_exercise(slug: str) -> Learner:
        opened.append(Learner(page, server, slug))
        opened[0].open()
        return opened[0]

    yield open_exercise
    opened[0].screenshot(request.node.name)


@pytest.mark.parametrize("slug", SLUGS)
def test_an_exercise_fails_as_announced_and_passes_once_repaired(
    slug: str, sits_before: Callable[[str], Learner]
) -> None:
    exercise = find_exercise(slug)
    learner = sits_before(slug)
    learner.run_all()
    card = learner.section("Verdict").locator(".lab-card")
    for finding in exercise.findings:
        expect(card).to_contain_text(finding)
    learner.screenshot(f"{exercise.slug}_failed")
    assert violations(learner.page, ".jp-NotebookPanel .lab-view, .jp-NotebookPanel .lab-panel") == []

    learner.run_program()
    learner.screenshot(f"{exercise.slug}_drill")
    learner.repair()
    learner.press("Check")
    expect(learner.section("Verdict").locator(".lab-card")).to_contain_text(
        f"Passed: {exercise.points} of {exercise.points}"
    )
    learner.screenshot(f"{exercise.slug}_passed")
    assert violations(learner.page, ".jp-NotebookPanel .lab-panel") == []
    assert learner.server.progress[exercise.slug]["points"] == exercise.points
