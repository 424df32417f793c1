"""Takes the README's screenshots from the running lab: `make pictures`.

Starts JupyterLab as `lab start` does, runs all cells of exercise 02 in Chromium and presses Run program in the panel,
in the light and the dark theme. The picture shows the question before the drill: no picture gives a flaw away.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.learner import Learner
from tests.browser.server import Server, serving

PICTURES = Path(__file__).parent / "pictures"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def take(learner: Learner, name: str) -> None:
    """Takes one picture: the panel, which asks what the drill will show and holds its verdict back."""
    learner.open()
    learner.run_all()
    learner.press("Run program")
    expect(learner.button("Just run it")).to_be_visible()
    learner.cell("panel")  # scrolled to
    learner.page.mouse.move(0, 0)
    learner.page.screenshot(path=PICTURES / name)
    print(PICTURES / name)


def take_all(server: Server) -> None:
    """Takes one picture for each theme, each from a clean start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        expect.set_options(timeout=60_000)
        for theme, title in THEMES.items():
            server.reset()
            server.set_theme(title)
            page = browser.new_page(viewport={"width": 1200, "height": 720})
            page.set_default_timeout(60_000)
            take(Learner(page, server), f"exercise-{theme}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as lab:
        take_all(lab)
