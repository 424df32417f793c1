"""Interrupting, restarting or shutting down the kernel during a preview ends the engine, too."""

import pytest
from playwright.sync_api import expect

from tests.browser.learner import Learner
from tests.browser.server import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def previewing(learner: Learner) -> Learner:
    """A learner whose program takes a minute, with the engine in the middle of it."""
    learner.line(learner.cell("exercise"), "def program").click()
    learner.page.keyboard.press("End")
    learner.page.keyboard.press("Enter")
    learner.page.keyboard.type("import time; [time.sleep(0.1) for _ in range(600)]")
    learner.start_all()
    wait_until(learner.server.engines, "the engine runs")
    return learner


def nothing_is_left(learner: Learner) -> bool:
    return not learner.server.engines() and not list(learner.server.temporary.glob("pulumi-review-lab-*"))


def undo(learner: Learner) -> None:
    """Removes the line that makes the program slow."""
    learner.line(learner.cell("exercise"), "time.sleep").click()
    for key in ("End", "Shift+Home", "Delete"):
        learner.page.keyboard.press(key)


def test_interrupt_ends_the_engine_and_the_same_kernel_previews_again(previewing: Learner) -> None:
    previewing.choose("Kernel", "Interrupt Kernel")
    previewing.settle()
    wait_until(lambda: nothing_is_left(previewing), "no engine and no folder is left")
    error = previewing.error(previewing.cell("check"))
    expect(error).to_be_visible()
    assert error.inner_text().strip()
    undo(previewing)
    previewing.run_all()
    expect(previewing.error(previewing.cell("check"))).to_contain_text("not yet. 1 finding.")


def test_interrupt_says_so_in_a_few_lines(previewing: Learner) -> None:
    waiting = previewing.cell("check").get_by_text("To stop it, interrupt the kernel")
    expect(waiting).to_be_visible()
    previewing.screenshot("waiting")
    previewing.choose("Kernel", "Interrupt Kernel")
    previewing.settle()
    expect(waiting).to_have_count(0)
    said = previewing.error(previewing.cell("check")).inner_text()
    assert "nterrupted" in said
    assert len(said.splitlines()) < 12


def test_restart_ends_the_engine_and_the_next_preview_removes_its_folder(previewing: Learner) -> None:
    previewing.choose("Kernel", "Restart Kernel")
    previewing.page.locator(".jp-Dialog .jp-mod-accept").click()
    wait_until(lambda: not previewing.server.engines(), "no engine is left")
    previewing.kernel_is_ready()
    undo(previewing)
    previewing.run_all()
    wait_until(lambda: nothing_is_left(previewing), "no engine and no folder is left")
