"""Every exercise in a browser: Run All meets the announced finding, and a typed repair passes; both are accessible."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from lab_support.course.exercises import Exercise, catalogue
from tests.browser.axe import violations
from tests.browser.learner import Learner
from tests.browser.server import Server

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


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_each_exercise_fails_as_announced_and_passes_once_repaired(
    exercise: Exercise, sits_before: Callable[[str], Learner]
) -> None:
    learner = sits_before(exercise.slug)
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
